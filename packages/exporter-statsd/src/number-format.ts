/**
 * Prints a finite number in plain decimal digits, never with an exponent: hand-written server parsers (brubeck, collectd)
 * stop at the `e`. The digits are those of the shortest form, so parsing gives the same double; -0 prints as `0`.
 * The longest result, of `-Number.MIN_VALUE`-like values, has some 345 characters. NaN and ±Infinity are the caller's to drop.
 */
export function formatNumber(value: number): string {
  const text = String(value);
  // String() writes an exponent only outside this range.
  const size = Math.abs(value);
  if (size === 0 || (size >= 1e-6 && size < 1e21)) return text;
  const mark = text.indexOf('e');
  return mark < 0 ? text : withoutExponent(text, mark);
}

function withoutExponent(text: string, mark: number): string {
  const sign = text.startsWith('-') ? '-' : '';
  const [whole = '', fraction = ''] = text.slice(sign.length, mark).split('.');
  const digits = whole + fraction;
  const point = whole.length + Number(text.slice(mark + 1));
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  // String() uses an exponent only from 1e21 on, where the shortest form never has digits behind the point.
  return `${sign}${digits}${'0'.repeat(point - digits.length)}`;
}
