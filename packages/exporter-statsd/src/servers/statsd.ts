import { keyValue, plainNumber, type Read, sampleRate } from './reading.ts';

// What its sanitizer replaces or deletes, after which names fall together.
const CHANGED = /[^A-Za-z0-9_.;=-]/;
const TYPES: Readonly<Record<string, 'counter' | 'gauge' | 'observation'>> = {
  c: 'counter',
  g: 'gauge',
  ms: 'observation',
};

/**
 * Reads a line as npm's statsd 0.9 does, which turns DogStatsD's tags into Graphite's, counts every type it does not know
 * as a counter, takes a value behind another for a line of its own, and deletes characters from names.
 */
export function readStatsd(line: string): Read {
  const parts = line.split('|#');
  if (parts.length > 2) return 'only the first list of tags is read';
  const values = parts[0]!.split(':');
  const key = values.shift()!;
  if (values.length !== 1)
    return values.length === 0 ? 'a line without a value counts 1' : 'packed values are bad lines';
  const dogTags = parts[1] === undefined ? [] : parts[1].split(',').map((tag) => tag.replace(':', '='));
  const fullKey = [key, ...dogTags].join(';');
  if (key === '' || CHANGED.test(fullKey)) return `"${fullKey}" has characters the server changes`;
  const [text = '', type = '', rateField, ...more] = values[0]!.split('|');
  if (more.length > 0) return 'fields behind the sample rate are ignored';
  const kind = TYPES[type];
  if (kind === undefined) return `type "${type}" is counted as a counter`;
  const rate = rateField === undefined ? 1 : sampleRate(rateField);
  if (rate === undefined) return `sample rate "${rateField}" makes a bad line`;
  const value = plainNumber(text);
  if (value === undefined || (kind === 'observation' && value < 0)) return `value "${text}" makes a bad line`;
  const [name = '', ...pairs] = fullKey.split(';');
  const tags = pairs.map((pair) => keyValue(pair, '='));
  if (tags.includes(undefined)) return 'a tag is not key and value';
  return [
    {
      kind,
      name,
      tags: tags as (readonly [string, string])[],
      value: kind === 'counter' ? value * (1 / rate) : value,
      count: kind === 'observation' ? 1 / rate : 1,
      relative: kind === 'gauge' && /^[+-]/.test(text),
    },
  ];
}
