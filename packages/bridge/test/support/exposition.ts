/** One line of values. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A metric family as the exposition declares it. */
export interface Family {
  readonly type: string;
  readonly help: string | undefined;
  readonly samples: Sample[];
}

const NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const LABEL = /^[a-zA-Z_][a-zA-Z0-9_]*$/;
const VALUE = /^(?:[+-]?Inf|NaN|-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)$/;

/**
 * Reads Prometheus text 0.0.4 and throws at the first line that Prometheus, or a careful reader, would object to: every
 * sample directly under the TYPE of its family, no family, series or label twice, histograms whole and cumulative.
 */
export function parseExposition(text: string): Map<string, Family> {
  if (text === '') return new Map();
  if (!text.endsWith('\n')) throw new Error('the last line does not end');
  const families = new Map<string, Family>();
  const seen = new Set<string>();
  let help: { name: string; text: string } | undefined;
  let current: { name: string; family: Family } | undefined;
  for (const [index, line] of text.slice(0, -1).split('\n').entries()) {
    const fail = (what: string): never => {
      throw new Error(`line ${index + 1}: ${what}: ${line}`);
    };
    const comment = /^# (HELP|TYPE) (\S+)(?: ([^\n]*))?$/.exec(line);
    if (comment?.[1] === 'HELP') {
      if (help !== undefined) fail('HELP without TYPE before');
      help = { name: comment[2]!, text: comment[3] ?? '' };
    } else if (comment) {
      const name = comment[2]!;
      if (!NAME.test(name)) fail('no metric name');
      if (families.has(name)) fail('a family twice');
      if (help !== undefined && help.name !== name) fail('TYPE of another family than HELP');
      const family = { type: comment[3]!, help: help?.text, samples: [] };
      if (!['counter', 'gauge', 'histogram'].includes(family.type)) fail('unknown type');
      families.set(name, family);
      current = { name, family };
      help = undefined;
    } else {
      const sample = parseSample(line) ?? fail('no sample');
      const suffixes = current?.family.type === 'histogram' ? ['_bucket', '_sum', '_count'] : [''];
      if (!suffixes.some((suffix) => sample.name === `${current?.name}${suffix}`)) fail('outside its family');
      const key = JSON.stringify([sample.name, sortedEntries(sample.labels)]);
      if (seen.has(key)) fail('a series twice');
      seen.add(key);
      current!.family.samples.push(sample);
    }
  }
  for (const [name, { type, samples }] of families) if (type === 'histogram') checkHistogram(name, samples);
  return families;
}

function sortedEntries(labels: Readonly<Record<string, string>>): [string, string][] {
  return Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));
}

function parseSample(line: string): Sample | undefined {
  const match = /^([^\s{]+)(?:\{([^\n]*)\})? (\S+)$/.exec(line);
  if (!match || !NAME.test(match[1]!) || !VALUE.test(match[3]!)) return undefined;
  const labels: Record<string, string> = {};
  let rest = match[2] ?? '';
  while (rest !== '') {
    const pair = /^([^=]+)="((?:[^"\\\n]|\\["\\n])*)"(?:,(?!$)|$)/.exec(rest);
    if (!pair || !LABEL.test(pair[1]!) || Object.hasOwn(labels, pair[1]!)) return undefined;
    labels[pair[1]!] = pair[2]!.replaceAll(/\\(["\\n])/g, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped));
    rest = rest.slice(pair[0].length);
  }
  return { name: match[1]!, labels, value: number(match[3]!) };
}

function number(text: string): number {
  return text.endsWith('Inf') ? (text.startsWith('-') ? -Infinity : Infinity) : Number(text);
}

function checkHistogram(name: string, samples: readonly Sample[]): void {
  const series = new Map<string, { bounds: number[]; counts: number[]; count?: number }>();
  for (const sample of samples) {
    const { le, ...labels } = sample.labels;
    const key = JSON.stringify(sortedEntries(labels));
    const entry = series.get(key) ?? { bounds: [], counts: [] };
    series.set(key, entry);
    if (sample.name === `${name}_count`) entry.count = sample.value;
    if (sample.name !== `${name}_bucket`) continue;
    if (le === undefined) throw new Error(`${name}: a bucket without le`);
    entry.bounds.push(number(le));
    entry.counts.push(sample.value);
  }
  for (const { bounds, counts, count } of series.values()) {
    if (bounds.at(-1) !== Infinity || counts.at(-1) !== count) throw new Error(`${name}: +Inf is not the count`);
    for (let index = 1; index < bounds.length; index++) {
      if (!(bounds[index]! > bounds[index - 1]!)) throw new Error(`${name}: bounds do not ascend`);
      if (!(counts[index]! >= counts[index - 1]!)) throw new Error(`${name}: buckets are not cumulative`);
    }
  }
}

/** The value of the one sample with this name whose labels include the given ones; `undefined` when there is none. */
export function sampleOf(
  text: string,
  name: string,
  labels: Readonly<Record<string, string>> = {},
): number | undefined {
  const found = [...parseExposition(text).values()]
    .flatMap(({ samples }) => samples)
    .filter((sample) => sample.name === name)
    .filter((sample) => Object.entries(labels).every(([key, value]) => sample.labels[key] === value));
  if (found.length > 1) throw new Error(`${found.length} samples are ${name} with ${JSON.stringify(labels)}`);
  return found[0]?.value;
}
