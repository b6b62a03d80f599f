import { keyValue, plainNumber, type Read, type Reading, repeatedKey, sampleRate } from './reading.ts';

const TYPES: Readonly<Record<string, Reading['kind']>> = {
  c: 'counter',
  g: 'gauge',
  ms: 'observation',
  h: 'observation',
  d: 'observation',
};

/**
 * Reads a line of the DogStatsD protocol up to 1.3, fields in the order of its manual. Its gauges are always set, a sign
 * does not change them by a value.
 */
export function readDogstatsd(line: string): Read {
  const [nameValue = '', type = '', ...fields] = line.split('|');
  const [name = '', ...texts] = nameValue.split(':');
  if (name === '' || texts.length === 0) return 'no name before a value';
  if (/[^A-Za-z0-9_.-]/.test(name)) return `name "${name}" has characters the server replaces`;
  const kind = TYPES[type];
  if (kind === undefined) return `type "${type}" is not known`;
  let rate = 1;
  const tags: (readonly [string, string])[] = [];
  let position = -1;
  for (const field of fields) {
    const next = ['@', '#', 'c', 'T'].indexOf(field[0] ?? '');
    if (next <= position) return `field "${field}" is not known, or not in order`;
    position = next;
    const read = next === 0 ? sampleRate(field) : undefined;
    if (next === 0 && (read === undefined || kind === 'gauge')) return `sample rate "${field}" is refused`;
    rate = read ?? rate;
    if (next === 1) {
      for (const pair of field.slice(1).split(',')) {
        const tag = keyValue(pair, ':');
        if (tag === undefined) return `tag "${pair}" is not key and value`;
        tags.push(tag);
      }
    }
    if (next === 2 && !/^c:[^,]+$/.test(field)) return `container "${field}" is refused`;
    if (next === 3 && (!/^T[1-9]\d*$/.test(field) || kind === 'observation')) return `time stamp "${field}" is refused`;
  }
  const repeated = repeatedKey(tags);
  if (repeated !== undefined) return `tag ${repeated} comes twice`;
  if (texts.length > 1 && kind !== 'observation') return 'only observations may be packed';
  const values = texts.map((text) => plainNumber(text));
  if (values.includes(undefined)) return `value "${texts.join(':')}" is not a number`;
  return (values as number[]).map((value) => ({
    kind,
    name,
    tags,
    value: kind === 'counter' ? value / rate : value,
    count: kind === 'observation' ? 1 / rate : 1,
    relative: false,
  }));
}
