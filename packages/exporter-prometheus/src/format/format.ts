import type { Escaping } from '../names/escaping.ts';

/** The protocols of a Prometheus endpoint. */
export type Protocol = 'text/0.0.4' | 'text/1.0.0' | 'openmetrics/0.0.1' | 'openmetrics/1.0.0' | 'protobuf';

/** What a scraper and this endpoint agreed on. */
export interface Format {
  readonly protocol: Protocol;
  readonly escaping: Escaping;
}

/** What a scraper gets that says nothing, or asks for what there is not. */
export const FALLBACK: Format = { protocol: 'text/0.0.4', escaping: 'underscores' };

const MEDIA_TYPES: Readonly<Record<Protocol, string>> = {
  'text/0.0.4': 'text/plain; version=0.0.4; charset=utf-8',
  'text/1.0.0': 'text/plain; version=1.0.0; charset=utf-8',
  'openmetrics/0.0.1': 'application/openmetrics-text; version=0.0.1; charset=utf-8',
  'openmetrics/1.0.0': 'application/openmetrics-text; version=1.0.0; charset=utf-8',
  protobuf: 'application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited',
};

/** Whether the protocol knows about escaping; the older ones have legacy names only. */
export function hasEscaping(protocol: Protocol): boolean {
  return protocol !== 'text/0.0.4' && protocol !== 'openmetrics/0.0.1';
}

/** The `Content-Type` of a response. */
export function contentType({ protocol, escaping }: Format): string {
  return hasEscaping(protocol) ? `${MEDIA_TYPES[protocol]}; escaping=${escaping}` : MEDIA_TYPES[protocol];
}

/** Two formats with the same key are the same. */
export function formatKey({ protocol, escaping }: Format): string {
  return `${protocol} ${escaping}`;
}
