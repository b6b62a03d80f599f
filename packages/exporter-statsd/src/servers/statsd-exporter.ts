import { keyValue, plainNumber, type Read, type Reading, repeatedKey, sampleRate } from './reading.ts';

const TYPES: Readonly<Record<string, Reading['kind']>> = {
  c: 'counter',
  g: 'gauge',
  ms: 'observation',
  h: 'observation',
  d: 'observation',
};
// The longest line its TCP listener reads; a longer one ends the connection.
const LINE_LIMIT_BYTES = 4096;

/**
 * Reads a line as Prometheus' statsd_exporter 0.30 does: DogStatsD's and Influx' tags become labels, names and keys get
 * underscores, a counter takes no negative value, and an observation is repeated as often as the sample rate says, cut
 * to a whole number. Graphite's tags would become part of the name.
 */
export function readStatsdExporter(line: string): Read {
  const colon = line.indexOf(':');
  if (colon <= 0) return 'malformed line';
  if (Buffer.byteLength(line) >= LINE_LIMIT_BYTES) return `a line of ${LINE_LIMIT_BYTES} bytes ends a TCP connection`;
  const head = line.slice(0, colon);
  if (/[[\]#;]/.test(head)) return `name "${head}" has characters of another tag format`;
  const [name = '', ...pairs] = head.split(',');
  const [packed = '', type = '', ...fields] = line.slice(colon + 1).split('|');
  const kind = TYPES[type];
  if (kind === undefined) return `bad stat type "${type}"`;
  const dogTags = fields.filter((field) => field.startsWith('#'));
  if (pairs.length > 0 && dogTags.length > 0) return 'mixed tagging styles';
  const tags = [
    ...pairs.map((pair) => keyValue(pair, '=')),
    ...dogTags.flatMap((field) => field.slice(1).split(',')).map((pair) => keyValue(pair, ':')),
  ];
  if (tags.includes(undefined)) return 'a tag is not key and value';
  const labels = (tags as (readonly [string, string])[]).map(([key, value]) => [escaped(key), value] as const);
  let rate = 1;
  for (const field of fields) {
    if (field.startsWith('#')) continue;
    const read = field.startsWith('@') ? sampleRate(field) : undefined;
    if (field.startsWith('c:') && field.length > 2) labels.push(['container_id', field.slice(2)]);
    else if (read === undefined) return `field "${field}" is refused`;
    else rate = read;
  }
  const repeated = repeatedKey(labels);
  if (repeated !== undefined) return `label ${repeated} comes twice, the second replaces the first`;
  const reserved = labels.find(([key]) => key.startsWith('__') || (kind === 'observation' && key === 'quantile'));
  if (reserved !== undefined) return `label ${reserved[0]} is reserved`;
  const texts = packed.split(':');
  if (texts.length > 1 && kind !== 'observation') return 'only observations may be packed';
  const readings: Reading[] = [];
  for (const text of texts) {
    const value = plainNumber(text);
    if (value === undefined) return `malformed value "${text}"`;
    if (kind === 'counter' && value < 0) return 'a counter takes no negative value';
    readings.push({
      kind,
      name: escaped(name),
      tags: labels,
      value: kind === 'counter' ? value / rate : type === 'ms' ? value / 1000 : value,
      count: kind === 'observation' ? Math.trunc(1 / rate) : 1,
      relative: kind === 'gauge' && /^[+-]/.test(text),
    });
  }
  return readings;
}

function escaped(name: string): string {
  return name.replace(/^(?=\d)/, '_').replace(/[^A-Za-z0-9_]/g, '_');
}
