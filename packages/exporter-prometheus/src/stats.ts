import type { DropCause } from './drop-counts.ts';
import type { Protocol } from './format/format.ts';

/** Why a scrape got nothing, or not all. */
export const SCRAPE_ERRORS = [
  /** Too many scrapes at once, or slow scrapers hold too much. */
  'overloaded',
  /** It took longer than it may. */
  'timeout',
  /** The scraper went away. */
  'aborted',
  /** Collecting or writing failed; the reason is logged. */
  'failed',
] as const;

export type ScrapeError = (typeof SCRAPE_ERRORS)[number];

/** What an exporter has done since it was made. */
export interface PrometheusExporterStats {
  /** Scrapes that were answered in full, by protocol. */
  readonly scrapes: Readonly<Partial<Record<Protocol, number>>>;
  readonly errors: Readonly<Partial<Record<ScrapeError, number>>>;
  /** Bytes of bodies handed to sockets, compressed ones as such. */
  readonly sentBytes: number;
  /** Points collected for expositions; one exposition serves all scrapes that waited for it. */
  readonly received: number;
  readonly forwarded: number;
  readonly dropped: Readonly<Partial<Record<DropCause, number>>>;
  /** Bytes of expositions that are being sent. */
  readonly heldBytes: number;
  /** Bytes kept to write the next expositions into. */
  readonly pooledBytes: number;
}
