import type { Field } from '../rules/rule.ts';

/** A series in the text form `name#field{key="value", …}`. */
export interface SeriesText {
  readonly name: string;
  readonly field: Field;
  readonly attributes: Readonly<Record<string, string>>;
  /** Characters it takes of the text. */
  readonly length: number;
}

const FIELDS: readonly string[] = ['value', 'count', 'sum', 'p50', 'p90', 'p99', 'p999'];

/** Reads a series at the beginning of a text; a string says what is wrong. */
export function parseSeries(text: string): SeriesText | string {
  const head = /^([a-zA-Z_][\w.]*)(?:#(\w+))?/.exec(text);
  if (head === null) return 'expected the name of a metric or a rule';
  const field = head[2] ?? 'value';
  if (!FIELDS.includes(field)) return `"${field}" is no field; one of ${FIELDS.join(', ')}`;
  const attributes: Record<string, string> = {};
  let at = head[0].length;
  if (text[at] === '{') {
    at++;
    for (;;) {
      const pair = /^\s*([a-zA-Z_][\w.]*)\s*=\s*"((?:[^"\\]|\\.)*)"\s*(,?)/.exec(text.slice(at));
      if (pair === null) break;
      attributes[pair[1]!] = pair[2]!.replaceAll(/\\(.)/g, '$1');
      at += pair[0].length;
      if (pair[3] === '') break;
    }
    const end = /^\s*\}/.exec(text.slice(at));
    if (end === null) return 'expected key="value" pairs, separated by commas, up to a }';
    at += end[0].length;
  }
  return { name: head[1]!, field: field as Field, attributes, length: at };
}

/**
 * The samples of promtool's notation: `1`, `1x3` (1 four times), `0+2x3` (0 2 4 6), `5-1x2` (5 4 3), `_` and `_x3` (none).
 * `undefined` stands for no sample; a string says what is wrong.
 */
export function parseSamples(text: string): (number | undefined)[] | string {
  const samples: (number | undefined)[] = [];
  for (const token of text.split(/\s+/).filter((each) => each !== '')) {
    const gap = /^_(?:x(\d+))?$/.exec(token);
    if (gap !== null) {
      for (let count = Number(gap[1] ?? 1); count > 0; count--) samples.push(undefined);
      if (samples.length > SAMPLES_MAX) return TOO_MANY;
      continue;
    }
    const match = new RegExp(`^(${NUMBER})(?:([+-]${UNSIGNED}))?(?:x(\\d+))?$`).exec(token);
    if (match === null || (match[2] !== undefined && match[3] === undefined)) {
      return `"${token}" is no sample; write 1, 1x3, 0+2x3, _ or _x3`;
    }
    const [first, step, repeats] = [numberOf(match[1]!), Number(match[2] ?? 0), Number(match[3] ?? 0)];
    if (samples.length + repeats > SAMPLES_MAX) return TOO_MANY;
    for (let index = 0; index <= repeats; index++) samples.push(first + (index === 0 ? 0 : index * step));
  }
  return samples;
}

const SAMPLES_MAX = 1_000_000;
const TOO_MANY = `more than ${SAMPLES_MAX} samples`;
const UNSIGNED = String.raw`(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?`;
const NUMBER = String.raw`[+-]?${UNSIGNED}|[+-]?Inf|NaN`;

function numberOf(text: string): number {
  return Number(text.replace('Inf', 'Infinity'));
}
