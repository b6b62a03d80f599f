import type { Attributes } from '../store/sources.ts';
import type { TimeRange } from './time-range.ts';

type Column = readonly (number | null)[];

/** A series of the history with its steps in columns; what a step does not have is `null`. */
export interface HistorySeries {
  readonly name: string;
  readonly kind: string;
  readonly unit: string;
  readonly attributes: Attributes;
  readonly resource: Attributes;
  readonly points: {
    /** Unix milliseconds at which a step begins, ascending. */
    readonly timeMs: readonly number[];
    readonly min: Column;
    readonly max: Column;
    readonly sum: Column;
    readonly last: Column;
    readonly p50?: Column;
    readonly p99?: Column;
  };
}

/** What the bridge answered. */
export interface HistoryAnswer extends TimeRange {
  readonly stepMs: number;
  readonly series: readonly HistorySeries[];
  readonly seriesLeftOut: number;
}

/** Why there is no answer, in words for the reader. */
export class HistoryProblem extends Error {}

type Fetch = (url: string, init: { readonly signal?: AbortSignal }) => Promise<Response>;

/** Asks the bridge what metrics were. */
export class HistoryClient {
  readonly #base: string;
  readonly #fetch: Fetch;

  /**
   * @param base - address of the page, ending in a slash.
   * @param fetcher - adds what the bridge wants to know of the reader.
   */
  constructor(base: string, fetcher: Fetch) {
    this.#base = base;
    this.#fetch = fetcher;
  }

  /** Names of all metrics with a history, sorted. Throws {@link HistoryProblem}. */
  async names(): Promise<readonly string[]> {
    const { series } = await this.#ask<{ readonly series: readonly { readonly name: string }[] }>('series', {});
    return [...new Set(series.map(({ name }) => name))].sort();
  }

  /** Steps of all series of a metric; the bridge chooses steps of which some 300 make the span. Throws {@link HistoryProblem}. */
  rollups(name: string, { fromMs, toMs }: TimeRange, signal?: AbortSignal): Promise<HistoryAnswer> {
    return this.#ask('history', { name, from: String(Math.floor(fromMs)), to: String(Math.ceil(toMs)) }, signal);
  }

  async #ask<Answer>(what: string, query: Readonly<Record<string, string>>, signal?: AbortSignal): Promise<Answer> {
    const url = `${this.#base}api/v1/${what}?${new URLSearchParams(query).toString()}`;
    let response: Response;
    let body: unknown;
    try {
      response = await this.#fetch(url, signal === undefined ? {} : { signal });
      body = await response.json();
    } catch (error) {
      if (signal?.aborted === true) throw error;
      throw new HistoryProblem('The bridge cannot be reached.');
    }
    if (response.ok) return body as Answer;
    const { error } = (body ?? {}) as { error?: { message?: string } };
    throw new HistoryProblem(sentence(error?.message ?? `the bridge answered ${response.status}`));
  }
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1).replace(/\.$/, '')}.`;
}
