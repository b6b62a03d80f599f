export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
  readonly exemplar: string | undefined;
}

export interface TextFamily {
  readonly type: string;
  readonly help: string | undefined;
  readonly unit: string | undefined;
  readonly samples: Sample[];
}

const SUFFIXES: Readonly<Record<string, readonly string[]>> = {
  histogram: ['_bucket', '_sum', '_count', '_created'],
  info: ['_info'],
};

/**
 * A naive reader of the text formats that throws at whatever a careful one would refuse: a sample outside its family, a
 * family, series or label twice, an unquoted foreign name, a histogram that is not cumulative, a missing `# EOF`.
 */
export function parseText(text: string, openMetrics = false): Map<string, TextFamily> {
  const lines = text.split('\n');
  if (lines.pop() !== '') throw new Error('the last line does not end');
  if (openMetrics && lines.pop() !== '# EOF') throw new Error('no # EOF');
  const families = new Map<string, { type?: string; help?: string; unit?: string; samples: Sample[] }>();
  const seen = new Set<string>();
  let current = '';
  for (const line of lines) {
    const comment = /^# (HELP|TYPE|UNIT) ("(?:[^"\\]|\\.)*"|[a-zA-Z_:][a-zA-Z0-9_:]*) ?(.*)$/.exec(line);
    if (comment) {
      const name = unquote(comment[2]!);
      if (name !== current && families.has(name)) throw new Error(`family ${name} twice`);
      current = name;
      const family = families.get(name) ?? { samples: [] };
      families.set(name, family);
      const key = comment[1]!.toLowerCase() as 'help' | 'type' | 'unit';
      if (family[key] !== undefined) throw new Error(`${key} of ${name} twice`);
      family[key] = comment[3]!;
      continue;
    }
    const sample = parseSample(line);
    const { type = 'none', samples } = families.get(current) ?? { samples: [] };
    const suffixes = SUFFIXES[type] ?? (openMetrics && type === 'counter' ? ['_total', '_created'] : ['']);
    if (!suffixes.some((suffix) => sample.name === current + suffix)) throw new Error(`outside ${current}: ${line}`);
    const key = JSON.stringify([sample.name, Object.entries(sample.labels).sort(([a], [b]) => (a < b ? -1 : 1))]);
    if (seen.has(key)) throw new Error(`series twice: ${line}`);
    seen.add(key);
    samples.push(sample);
  }
  for (const [name, { type, samples }] of families) if (type === 'histogram') checkHistogram(name, samples);
  return families as Map<string, TextFamily>;
}

function parseSample(line: string): Sample {
  let rest = line;
  const take = (pattern: RegExp): string | undefined => {
    const match = pattern.exec(rest);
    if (match) rest = rest.slice(match[0].length);
    return match?.[0];
  };
  let name = take(/^[a-zA-Z_:][a-zA-Z0-9_:]*/);
  const labels: Record<string, string> = {};
  if (take(/^\{/)) {
    for (let first = true; !take(/^\}/); first = false) {
      if (!first && !take(/^,/)) throw new Error(`no comma: ${line}`);
      const key = take(/^(?:"(?:[^"\\\n]|\\["\\n])*"|[a-zA-Z_][a-zA-Z0-9_]*)/);
      if (key === undefined) throw new Error(`no label: ${line}`);
      if (first && name === undefined) {
        name = unquote(key);
        continue;
      }
      const value = take(/^="(?:[^"\\\n]|\\["\\n])*"/);
      if (value === undefined || Object.hasOwn(labels, unquote(key))) throw new Error(`bad label ${key}: ${line}`);
      labels[unquote(key)] = unquote(value.slice(1));
    }
  }
  const value = take(/^ (?:[+-]?Inf|NaN|-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)(?= #|$)/);
  if (name === undefined || value === undefined) throw new Error(`no sample: ${line}`);
  return { name, labels, value: numberOf(value.slice(1)), exemplar: rest === '' ? undefined : rest };
}

function unquote(text: string): string {
  if (!text.startsWith('"')) return text;
  return text.slice(1, -1).replaceAll(/\\(["\\n])/g, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped));
}

function numberOf(text: string): number {
  return text.endsWith('Inf') ? (text.startsWith('-') ? -Infinity : Infinity) : Number(text);
}

function checkHistogram(name: string, samples: readonly Sample[]): void {
  const series = new Map<string, { bounds: number[]; counts: number[]; count?: number }>();
  for (const sample of samples) {
    const { le, ...labels } = sample.labels;
    const key = JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));
    const entry = series.get(key) ?? { bounds: [], counts: [] };
    series.set(key, entry);
    if (sample.name === `${name}_count`) entry.count = sample.value;
    if (sample.name !== `${name}_bucket`) continue;
    entry.bounds.push(numberOf(le ?? ''));
    entry.counts.push(sample.value);
  }
  for (const { bounds, counts, count } of series.values()) {
    if (bounds.at(-1) !== Infinity || counts.at(-1) !== count) throw new Error(`${name}: +Inf is not the count`);
    if (bounds.some((bound, i) => i > 0 && !(bound > bounds[i - 1]!))) throw new Error(`${name}: bounds do not ascend`);
    if (counts.some((each, i) => i > 0 && !(each >= counts[i - 1]!))) throw new Error(`${name}: not cumulative`);
  }
}
