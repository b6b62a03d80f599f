/** The servers whose reading is modelled. */
export type StatsdServer = 'statsd' | 'statsd_exporter' | 'statsdreceiver' | 'dogstatsd';

/** What one value of a line does to a server. */
export interface Reading {
  readonly kind: 'counter' | 'gauge' | 'observation';
  /** The name as the server keeps it. */
  readonly name: string;
  /** As the server keeps them, in the order of the line. */
  readonly tags: readonly (readonly [string, string])[];
  /** Increment of a counter, gauge value, or observed value; sample rates are worked in. */
  readonly value: number;
  /** How many observations it stands for; 1 for counters and gauges. */
  readonly count: number;
  /** A gauge is changed by the value, not set to it. */
  readonly relative: boolean;
}

/** The readings of a line, or a sentence that says what the server would misread or refuse. */
export type Read = readonly Reading[] | string;

const PLAIN_NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)$/;

/** A number all servers read alike: plain digits, and within a double. */
export function plainNumber(text: string): number | undefined {
  const value = Number(text);
  return PLAIN_NUMBER.test(text) && Number.isFinite(value) ? value : undefined;
}

/** A sample rate: `@` and a plain number within (0, 1]. */
export function sampleRate(field: string): number | undefined {
  const rate = field.startsWith('@') ? plainNumber(field.slice(1)) : undefined;
  return rate !== undefined && rate > 0 && rate <= 1 ? rate : undefined;
}

/** Key and value around the first separator; `undefined` when either is empty. */
export function keyValue(text: string, separator: string): readonly [string, string] | undefined {
  const at = text.indexOf(separator);
  return at <= 0 || at === text.length - 1 ? undefined : [text.slice(0, at), text.slice(at + 1)];
}

/** The first key that appears twice. */
export function repeatedKey(tags: readonly (readonly [string, string])[]): string | undefined {
  const seen = new Set<string>();
  for (const [key] of tags) {
    if (seen.has(key)) return key;
    seen.add(key);
  }
  return undefined;
}
