import { type Escaping, ESCAPINGS } from '../names/escaping.ts';
import { FALLBACK, type Format, hasEscaping, type Protocol } from './format.ts';

/** One element of an `Accept` or `Accept-Encoding` header. */
export interface Preference {
  readonly value: string;
  readonly parameters: ReadonlyMap<string, string>;
  /** 0 refuses. */
  readonly quality: number;
}

/** Longer headers are cut: nobody has so many wishes. */
const LONGEST_HEADER = 4096;

/** Reads a list of preferences, the most wanted first; equally wanted ones stay in order. What cannot be read is left out. */
export function readPreferences(header: string): Preference[] {
  return header
    .slice(0, LONGEST_HEADER)
    .split(',')
    .map((element) => readElement(element))
    .filter(({ value, quality }) => value !== '' && quality >= 0)
    .sort((a, b) => b.quality - a.quality);
}

function readElement(element: string): Preference {
  const [value = '', ...pairs] = element.split(';').map((part) => part.trim());
  const parameters = new Map<string, string>();
  for (const pair of pairs) {
    const [name = '', text = ''] = pair.split('=', 2).map((part) => part.trim());
    parameters.set(name.toLowerCase(), text.replaceAll(/^"|"$/g, ''));
  }
  const quality = parameters.get('q');
  return { value: value.toLowerCase(), parameters, quality: quality === undefined ? 1 : qualityOf(quality) };
}

function qualityOf(text: string): number {
  const quality = Number(text);
  return text !== '' && quality >= 0 && quality <= 1 ? quality : -1;
}

/**
 * The format for an `Accept` header: the one wanted most of those there are, otherwise text 0.0.4; a request is never
 * refused for what it accepts (Prometheus, content negotiation).
 */
export function negotiate(accept: string | undefined): Format {
  if (accept === undefined) return FALLBACK;
  for (const preference of readPreferences(accept)) {
    if (preference.quality === 0) continue;
    const protocol = protocolOf(preference);
    if (protocol === undefined) continue;
    return { protocol, escaping: hasEscaping(protocol) ? escapingOf(preference) : 'underscores' };
  }
  return FALLBACK;
}

function protocolOf({ value, parameters }: Preference): Protocol | undefined {
  const version = parameters.get('version');
  switch (value) {
    case '*/*':
    case 'text/*':
      return FALLBACK.protocol;
    case 'text/plain':
      if (version === undefined || version === '0.0.4') return 'text/0.0.4';
      return version === '1.0.0' ? 'text/1.0.0' : undefined;
    case 'application/openmetrics-text':
      if (version === undefined || version === '1.0.0') return 'openmetrics/1.0.0';
      return version === '0.0.1' ? 'openmetrics/0.0.1' : undefined;
    case 'application/vnd.google.protobuf': {
      const proto = parameters.get('proto');
      const encoding = parameters.get('encoding');
      return proto === 'io.prometheus.client.MetricFamily' && encoding === 'delimited' ? 'protobuf' : undefined;
    }
    default:
      return undefined;
  }
}

function escapingOf({ parameters }: Preference): Escaping {
  const wanted = parameters.get('escaping');
  // The document on negotiation spells it in one word, the one on escaping and the servers in two.
  if (wanted === 'allow-utf8') return 'allow-utf-8';
  return ESCAPINGS.find((escaping) => escaping === wanted) ?? 'underscores';
}

/** The content encodings there are, best first. */
const CONTENT_ENCODINGS = ['zstd', 'gzip'] as const;

/** `undefined` for no encoding at all. */
export type ContentEncoding = (typeof CONTENT_ENCODINGS)[number] | undefined;

/** The encoding for an `Accept-Encoding` header: what is wanted most, zstd before gzip where both are wanted alike. */
export function negotiateEncoding(acceptEncoding: string | undefined): ContentEncoding {
  const wanted = readPreferences(acceptEncoding ?? '');
  const qualityOf = (name: string): number =>
    (wanted.find(({ value }) => value === name) ?? wanted.find(({ value }) => value === '*'))?.quality ?? 0;
  const identity = wanted.find(({ value }) => value === 'identity')?.quality ?? 0;
  let best: ContentEncoding;
  for (const encoding of CONTENT_ENCODINGS) {
    const quality = qualityOf(encoding);
    if (quality > 0 && quality >= identity && quality > (best === undefined ? 0 : qualityOf(best))) best = encoding;
  }
  return best;
}
