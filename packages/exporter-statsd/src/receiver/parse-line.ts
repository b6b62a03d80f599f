import type { StatsdDialect } from '../dialect.ts';

/** The types a strict reader knows; `h` and `d` (DogStatsD) are read as timers without a unit. */
export type StatsdLineType = 'c' | 'g' | 'ms' | 'h' | 'd';

/** One line, read. */
export interface ParsedLine {
  readonly name: string;
  /** Tags in the order of the line; empty in the etsy dialect. */
  readonly tags: readonly (readonly [string, string])[];
  readonly type: StatsdLineType;
  readonly value: number;
  /** The value was written with a sign: a gauge is changed by it, not set to it. */
  readonly signed: boolean;
  /** Above 0 up to 1; a counter stands for `value / sampleRate`. */
  readonly sampleRate: number;
}

const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)$/;
const NAME = /^[A-Za-z0-9_.-]+$/;
const TYPES: ReadonlySet<string> = new Set<StatsdLineType>(['c', 'g', 'ms', 'h', 'd']);
const ETSY_TYPES: ReadonlySet<string> = new Set<StatsdLineType>(['c', 'g', 'ms']);

/**
 * Reads one line the way the strictest server of the dialect would. Returns a sentence that says what is wrong with it
 * instead of guessing: exponents, packed values (`1:2`), unknown types and extension fields are refused.
 */
export function parseLine(line: string, dialect: StatsdDialect): ParsedLine | string {
  const [main = '', ...fields] = line.split('|');
  const colon = main.indexOf(':');
  if (colon <= 0) return 'no name before a colon';
  const value = main.slice(colon + 1);
  const identity = readIdentity(main.slice(0, colon), dialect);
  if (typeof identity === 'string') return identity;
  if (!NUMBER.test(value)) return `value "${value}" is not a plain decimal number`;
  const type = fields.shift() ?? '';
  if (!(dialect === 'dogstatsd' ? TYPES : ETSY_TYPES).has(type)) return `type "${type}" is not one of the dialect's`;
  const extras = readExtras(fields, dialect);
  if (typeof extras === 'string') return extras;
  const number = Number(value);
  if (!Number.isFinite(number)) return `value "${value}" exceeds a double`;
  return {
    name: identity.name,
    tags: dialect === 'dogstatsd' ? extras.tags : identity.tags,
    type: type as StatsdLineType,
    value: number,
    signed: value.startsWith('-') || value.startsWith('+'),
    sampleRate: extras.sampleRate,
  };
}

type Tags = [string, string][];

function readIdentity(text: string, dialect: StatsdDialect): { name: string; tags: Tags } | string {
  const separator = dialect === 'influx' ? ',' : dialect === 'graphite' ? ';' : undefined;
  const [name = '', ...pairs] = separator === undefined ? [text] : text.split(separator);
  if (!NAME.test(name)) return `name "${name}" has characters outside A-Z a-z 0-9 _ . -`;
  const tags = readTags(pairs, '=');
  return typeof tags === 'string' ? tags : { name, tags };
}

function readExtras(fields: string[], dialect: StatsdDialect): { sampleRate: number; tags: Tags } | string {
  let sampleRate = 1;
  let tags: Tags = [];
  for (const [index, field] of fields.entries()) {
    if (field.startsWith('@') && index === 0) {
      sampleRate = Number(field.slice(1));
      if (!NUMBER.test(field.slice(1)) || !(sampleRate > 0 && sampleRate <= 1))
        return `sample rate "${field}" is not within (0, 1]`;
    } else if (field.startsWith('#') && dialect === 'dogstatsd' && index === fields.length - 1) {
      const read = readTags(field.slice(1).split(','), ':');
      if (typeof read === 'string') return read;
      tags = read;
    } else {
      return `field "${field}" is not known`;
    }
  }
  return { sampleRate, tags };
}

function readTags(pairs: string[], equals: string): Tags | string {
  const tags: Tags = [];
  for (const pair of pairs) {
    const at = pair.indexOf(equals);
    if (at <= 0 || at === pair.length - 1) return `tag "${pair}" is not key${equals}value`;
    tags.push([pair.slice(0, at), pair.slice(at + 1)]);
  }
  return tags;
}
