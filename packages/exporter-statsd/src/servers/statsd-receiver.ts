import { keyValue, plainNumber, type Read, type Reading, repeatedKey, sampleRate } from './reading.ts';

const TYPES: Readonly<Record<string, Reading['kind']>> = {
  c: 'counter',
  g: 'gauge',
  ms: 'observation',
  h: 'observation',
  d: 'observation',
};

/**
 * Reads a line as the OpenTelemetry Collector's statsd receiver 0.160 does, with `counter_type: float`: DogStatsD's tags
 * only (of the other formats they would become part of the name), no packed values, whole counts of observations.
 */
export function readStatsdReceiver(line: string): Read {
  const [nameValue = '', type = '', ...fields] = line.split('|');
  const colon = nameValue.indexOf(':');
  if (colon <= 0) return 'no name before a value';
  const name = nameValue.slice(0, colon);
  const text = nameValue.slice(colon + 1);
  if (/[,;#[\]]/.test(name)) return `name "${name}" has tags that would become part of it`;
  const kind = TYPES[type];
  if (kind === undefined) return `unsupported metric type "${type}"`;
  let rate = 1;
  const tags: (readonly [string, string])[] = [];
  for (const field of fields) {
    if (field.startsWith('@')) {
      const read = sampleRate(field);
      if (read === undefined) return `sample rate "${field}" is not within (0, 1]`;
      rate = read;
    } else if (field.startsWith('#')) {
      for (const pair of field.slice(1).split(',')) {
        const tag = keyValue(pair, ':');
        if (tag === undefined) return `invalid tag format "${pair}"`;
        tags.push(tag);
      }
    } else if (field.startsWith('c:') && field.length > 2) {
      tags.push(['container.id', field.slice(2)]);
    } else if (!/^T\d+$/.test(field) || kind === 'observation') {
      return `unrecognized message part "${field}"`;
    }
  }
  const repeated = repeatedKey(tags);
  if (repeated !== undefined) return `attribute ${repeated} comes twice, the second replaces the first`;
  const value = plainNumber(text);
  if (value === undefined) return `value "${text}" is not one number`;
  return [
    {
      kind,
      name,
      tags,
      value: kind === 'counter' ? value / rate : value,
      count: kind === 'observation' ? Math.trunc(1 / rate) : 1,
      relative: kind === 'gauge' && /^[+-]/.test(text),
    },
  ];
}
