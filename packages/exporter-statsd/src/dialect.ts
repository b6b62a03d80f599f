import { StatsdError } from './errors.ts';

/** The line formats: how a name is escaped and where attributes go. */
export type StatsdDialect = 'etsy' | 'dogstatsd' | 'influx' | 'graphite';

/** All dialects, in the order in which messages list them. */
export const STATSD_DIALECTS: readonly StatsdDialect[] = ['etsy', 'dogstatsd', 'influx', 'graphite'];

/** An attribute value as OpenTelemetry delivers it; anything else than these is written as JSON. */
export type TagValue = unknown;

/** What surrounds `:<value>|<type>` in every line of one series. */
export interface LineFrame {
  /** Name, and the tags where the dialect puts them before the value. */
  readonly head: string;
  /** The tags where the dialect puts them behind the type (`|#k:v`), else empty. */
  readonly tail: string;
  /** Bytes of both in UTF-8. */
  readonly byteCount: number;
}

/** Makes a frame of its two parts. */
export function frameOf(head: string, tail: string): LineFrame {
  return { head, tail, byteCount: Buffer.byteLength(head) + Buffer.byteLength(tail) };
}

/** Throws `INVALID_OPTION` unless `dialect` is one of {@link STATSD_DIALECTS}. */
export function checkedDialect(dialect: string): StatsdDialect {
  const found = STATSD_DIALECTS.find((known) => known === dialect);
  if (found !== undefined) return found;
  throw new StatsdError('INVALID_OPTION', `dialect is "${dialect}"; one of ${STATSD_DIALECTS.join(', ')} is needed`);
}

/**
 * Frames the lines of one series. Tags are written sorted by key, so that one attribute set always gives one frame; two
 * sets can give the same frame when escaping makes them equal, which the caller has to notice. `null` and `undefined`
 * values are left out. `suffix` (`.count`, `.p99`) goes behind the metric name.
 */
export function lineFrame(
  dialect: StatsdDialect,
  name: string,
  tags: Iterable<readonly [string, TagValue]>,
  suffix = '',
): LineFrame {
  const sorted: [string, string][] = [];
  for (const [key, value] of tags) if (value !== undefined && value !== null) sorted.push([key, tagText(value)]);
  sorted.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  if (dialect !== 'etsy') distinguishKeys(sorted);
  const head = plain(name) + plain(suffix, '');
  if (sorted.length === 0) return frameOf(head, '');
  if (dialect === 'etsy') {
    // One path element per key and value: a dot inside either would add levels to the tree.
    return frameOf(
      sorted.reduce((path, [key, value]) => `${path}.${element(key)}.${element(value)}`, head),
      '',
    );
  }
  if (dialect === 'dogstatsd') {
    return frameOf(head, `|#${sorted.map(([key, value]) => `${key}:${dogTagValue(value)}`).join(',')}`);
  }
  const separator = dialect === 'influx' ? ',' : ';';
  return frameOf(
    sorted.reduce((text, [key, value]) => `${text}${separator}${key}=${plain(value)}`, head),
    '',
  );
}

/** The path of a series in the etsy dialect, whose attributes are folded into the name: `name.key.value.key.value`. */
export function etsyName(name: string, tags: Readonly<Record<string, TagValue>> = {}, suffix = ''): string {
  return lineFrame('etsy', name, Object.entries(tags), suffix).head;
}

function tagText(value: TagValue): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint') return String(value);
  try {
    return JSON.stringify(value) ?? '';
  } catch {
    // A cyclic value, or one with a throwing toJSON: the series keeps its other tags.
    return '';
  }
}

// statsd (npm) turns `/` into `-`, blanks into `_` and deletes the rest, which would merge names; done here, no name changes there.
function plain(text: string, empty = '_'): string {
  return text === '' ? empty : text.replaceAll('/', '-').replace(/[^A-Za-z0-9_.-]/g, '_');
}

/**
 * Escapes the keys, and numbers those that escaping makes equal: a server keeps only one tag of a key. Compared as
 * Prometheus' labels, which know neither dot nor dash and keep a leading `__` to themselves.
 */
function distinguishKeys(tags: [string, string][]): void {
  const labels = new Set<string>();
  const label = (key: string): string => key.replace(/[.-]/g, '_').replace(/^(?=\d)/, '_');
  for (const tag of tags) {
    const key = plain(tag[0]).replace(/^[_.-]{2,}/, '_');
    const stem = /[_.-]$/.test(key) ? key : `${key}_`;
    let distinct = key;
    for (let index = 2; labels.has(label(distinct)); index++) distinct = `${stem}${index}`;
    labels.add(label(distinct));
    tag[0] = distinct;
  }
}

function element(text: string): string {
  return plain(text).replaceAll('.', '_');
}

// Control characters (line ends among them) and the separators `|` and `,`; DogStatsD takes any other UTF-8.
// oxlint-disable-next-line no-control-regex
const DOG_TAG_BREAKERS = /[\u0000-\u001f\u007f-\u009f\u2028\u2029|,]/g;

function dogTagValue(text: string): string {
  return text === '' ? '_' : text.replace(DOG_TAG_BREAKERS, '_');
}
