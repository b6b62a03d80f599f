/** What stands where there is no data; it is never a zero. */
export const NO_DATA = '–';

const MINUS = '\u2212';
/** From here on `toFixed` writes an exponent. */
const LARGEST_FIXED = 1e21;

/** Of the exact binary value, half away from zero; two to three times as fast as Intl.NumberFormat (`bench/format.bench.js`). */
function fixed(magnitude: number, decimals: number): string {
  if (magnitude >= LARGEST_FIXED) return BigInt(magnitude).toLocaleString('en-US');
  const digits = magnitude.toFixed(decimals);
  let at = decimals === 0 ? digits.length : digits.length - decimals - 1;
  if (at <= 3) return digits;
  let grouped = digits.slice(at);
  for (; at > 3; at -= 3) grouped = `,${digits.slice(at - 3, at)}${grouped}`;
  return digits.slice(0, at) + grouped;
}

/** Grouped digits with fixed decimals and a true minus sign; -0 and what rounds to it has no sign. */
export function formatNumber(value: number, decimals: number = 0): string {
  if (!Number.isFinite(value)) return NO_DATA;
  const digits = fixed(Math.abs(value), decimals);
  return value < 0 && /[1-9]/.test(digits) ? MINUS + digits : digits;
}

/** As {@link formatNumber}, with a plus sign in front of gains. */
export function formatSigned(value: number, decimals: number = 0): string {
  const text = formatNumber(value, decimals);
  return value > 0 && /[1-9]/.test(text) ? `+${text}` : text;
}

// Money and stablecoins count in hundredths; a coin's unit is worth too much for that, bitcoin has its satoshi.
const DECIMALS: Readonly<Record<string, number>> = { JPY: 0, KRW: 0, BTC: 8, XBT: 8, ETH: 6, BNB: 5, SOL: 4 };

/** Decimals an amount of a currency is shown with. */
export function currencyDecimals(currency: string): number {
  return DECIMALS[currency.toUpperCase()] ?? 2;
}

/** Sign of an amount as {@link formatAmount} shows it: what rounds to zero there is 0, and so is no data. */
export function shownSign(value: number, currency: string): -1 | 0 | 1 {
  if (!Number.isFinite(value)) return 0;
  const shown = Number(value.toFixed(currencyDecimals(currency)));
  return shown > 0 ? 1 : shown < 0 ? -1 : 0;
}

/** An amount without its currency, signed when `signed`; amounts of a million and more shorten to M. */
export function formatAmount(value: number, currency: string, signed: boolean = false): string {
  if (!Number.isFinite(value)) return NO_DATA;
  const write = signed ? formatSigned : formatNumber;
  const magnitude = Math.abs(value);
  if (magnitude >= 1e9) return `${write(value / 1e9, 3)} bn`;
  if (magnitude >= 1e7) return `${write(value / 1e6, 3)} M`;
  return write(value, currencyDecimals(currency));
}

/** A turnover without its currency: three digits of a million and more, whole units where a unit is small. */
export function formatVolume(value: number, currency: string): string {
  if (!Number.isFinite(value)) return NO_DATA;
  const magnitude = Math.abs(value);
  if (magnitude >= 1e9) return `${formatNumber(value / 1e9, 2)} bn`;
  if (magnitude >= 1e6) return `${formatNumber(value / 1e6, 2)} M`;
  return formatNumber(value, currencyDecimals(currency) > 2 ? 4 : 0);
}

/** Shortest reading of an axis value: 1.5k, 2M. */
export function formatTick(value: number): string {
  const magnitude = Math.abs(value);
  if (magnitude >= 1e9) return `${trim(value / 1e9)}bn`;
  if (magnitude >= 1e6) return `${trim(value / 1e6)}M`;
  if (magnitude >= 1e3) return `${trim(value / 1e3)}k`;
  return trim(value);
}

function trim(value: number): string {
  // Digits instead of an exponent: an axis in bitcoin has ticks of 5e-8.
  const text = Math.abs(value) < 1e-4 && value !== 0 ? value.toFixed(9).replace(/0+$/, '') : String(rounded(value));
  return text.startsWith('-') ? MINUS + text.slice(1) : text;
}

function rounded(value: number): number {
  return Number(value.toPrecision(6));
}

/** A ratio with two decimals; from a million on its magnitude: what a minute makes of a year has no digits worth reading. */
export function formatRatio(value: number): string {
  if (!(Math.abs(value) >= 1e6)) return formatNumber(value, 2);
  if (!Number.isFinite(value)) return NO_DATA;
  const [digits, exponent] = Math.abs(value).toExponential(1).split('e+');
  return `${value < 0 ? MINUS : ''}${digits}e${exponent}`;
}

/** A count of things: grouped, no decimals, M from ten million. */
export function formatCount(value: number): string {
  if (!Number.isFinite(value)) return NO_DATA;
  if (Math.abs(value) >= 1e10) return `${formatNumber(value / 1e9, 2)} bn`;
  if (Math.abs(value) >= 1e7) return `${formatNumber(value / 1e6, 2)} M`;
  return formatNumber(value, 0);
}

/** Events per second without the unit: one decimal below ten. */
export function formatRate(value: number): string {
  if (!Number.isFinite(value)) return NO_DATA;
  if (Math.abs(value) >= 1e7) return `${formatNumber(value / 1e6, 2)} M`;
  return formatNumber(value, Math.abs(value) < 10 && value !== 0 ? 1 : 0);
}

/** A duration given in seconds, three significant digits, in the unit that reads best: ns, µs, ms, s; from two minutes on as {@link formatAge}. */
export function formatDuration(seconds: number): string {
  if (!Number.isFinite(seconds)) return NO_DATA;
  const magnitude = Math.abs(seconds);
  if (magnitude === 0) return '0 s';
  if (magnitude < 0.9995e-6) return `${significant(seconds * 1e9)} ns`;
  if (magnitude < 0.9995e-3) return `${significant(seconds * 1e6)} µs`;
  if (magnitude < 0.9995) return `${significant(seconds * 1e3)} ms`;
  if (magnitude < 119.5) return `${significant(seconds)} s`;
  // An age that counts keeps its width; a duration that is whole says no more than it has to.
  return formatAge(seconds).replace(/ 00 [ms]$/, '');
}

/** A duration on an axis: `5 ms` where {@link formatDuration} says `5.00 ms`. */
export function formatDurationTick(seconds: number): string {
  return formatDuration(seconds).replace(/\.0+ /, ' ');
}

function significant(value: number): string {
  const magnitude = Math.abs(value);
  return formatNumber(value, magnitude >= 99.95 ? 0 : magnitude >= 9.995 ? 1 : 2);
}

/** A coarse age given in seconds: `0.4 s`, `12 s`, `3 m 05 s`, `2 h 10 m`, `4 d`. Negative ages read as zero. */
export function formatAge(seconds: number): string {
  if (!Number.isFinite(seconds)) return NO_DATA;
  const age = Math.max(0, seconds);
  if (age < 9.95) return `${formatNumber(age, 1)} s`;
  if (age < 119.5) return `${formatNumber(age, 0)} s`;
  const whole = Math.floor(age);
  if (age < 3600) return `${Math.floor(whole / 60)} m ${String(whole % 60).padStart(2, '0')} s`;
  if (age < 172_800)
    return `${Math.floor(whole / 3600)} h ${String(Math.floor((whole % 3600) / 60)).padStart(2, '0')} m`;
  return `${Math.floor(whole / 86_400)} d`;
}

/** A share (1 = 100 %) in percent. */
export function formatPercent(ratio: number, decimals: number = 1): string {
  return Number.isFinite(ratio) ? `${formatNumber(ratio * 100, decimals)} %` : NO_DATA;
}

const QUANTITY_DECIMALS = 8;

/** Decimals a quantity needs, 8 at most; what binary sums leave behind the eighth does not count. */
export function quantityDecimals(quantity: number): number {
  if (!Number.isFinite(quantity)) return 0;
  const digits = Math.abs(quantity).toFixed(QUANTITY_DECIMALS).replace(/0+$/, '');
  return digits.length - digits.indexOf('.') - 1;
}

/** UTC time of day, `14:03:07`. */
export function formatClock(timeMs: number): string {
  return Number.isFinite(timeMs) ? new Date(timeMs).toISOString().slice(11, 19) : NO_DATA;
}
