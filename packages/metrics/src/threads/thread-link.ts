import type { Attributes } from '@opentelemetry/api';
import { randomUUID } from 'node:crypto';
import { BroadcastChannel, getEnvironmentData, isMainThread, threadId } from 'node:worker_threads';
import type { Block } from '../arena/arena.ts';
import type { InstrumentationScope } from '../collect/scope.ts';
import type { Compatibility } from '../compatibility/behaviour.ts';
import { AggregationTemporality } from '../data-types.ts';
import type { InstrumentAdvice, InstrumentDescriptor } from '../instrument/descriptor.ts';
import type { Selectors } from '../stream-plan.ts';
import type { ViewOptions } from '../view/view-options.ts';
import { CHANNEL_NAME, CONFIGURATION_KEY, type ThreadConfiguration, type ThreadMessage } from './messages.ts';
import { fromThreadView } from './thread-view.ts';

/** Where a series belongs. */
export interface SeriesAddress {
  readonly scope: InstrumentationScope;
  readonly instrument: InstrumentDescriptor;
  readonly storageKey: string;
  readonly limits: readonly number[];
}

type Content = ThreadMessage extends infer M
  ? M extends ThreadMessage
    ? Omit<M, 'provider' | 'thread' | 'sender'>
    : never
  : never;

/**
 * A worker thread's line to the provider of the main thread. The worker records into its own arena, and announces each
 * page and each new series once; from then on the main thread reads the memory, and goes on when the worker is gone.
 */
export class ThreadLink {
  readonly views: readonly ViewOptions[];
  readonly compatibility: Compatibility;
  /** The main thread's readers, as far as planning streams goes. */
  readonly selectors: readonly Selectors[];
  readonly advice: Map<string, InstrumentAdvice>;
  readonly #provider: number;
  readonly #sender = randomUUID();
  readonly #channel = new BroadcastChannel(CHANNEL_NAME);
  #closed = false;
  readonly #pages = new Map<SharedArrayBuffer, number>();

  private constructor(configuration: ThreadConfiguration) {
    this.#provider = configuration.provider;
    this.advice = configuration.advice;
    this.views = configuration.views.map(fromThreadView);
    this.compatibility = configuration.compatibility;
    this.selectors = configuration.readers.map((wishes) => ({
      exponentialAdvice: wishes.exponentialAdvice,
      selectAggregation: (type) => wishes.aggregations[type],
      selectCardinalityLimit: (type) => wishes.limits[type],
      selectTemporality: () => AggregationTemporality.CUMULATIVE,
    }));
    this.#channel.unref();
  }

  /** The link of this worker thread; none in the main thread, or when that had no provider when the worker began. */
  static open(): ThreadLink | undefined {
    if (isMainThread) return undefined;
    const configuration = getEnvironmentData(CONFIGURATION_KEY) as unknown as ThreadConfiguration | undefined;
    return configuration === undefined ? undefined : new ThreadLink(configuration);
  }

  announceDrops(buffer: SharedArrayBuffer): void {
    this.#post({ kind: 'drops', buffer });
  }

  announceSeries(address: SeriesAddress, attributes: Attributes, block: Block): void {
    const { buffer } = block.cells;
    let page = this.#pages.get(buffer);
    if (page === undefined) {
      page = this.#pages.size;
      this.#pages.set(buffer, page);
      this.#post({ kind: 'page', page, buffer });
    }
    this.#post({ kind: 'series', ...address, attributes, page, at: block.at, length: block.length });
  }

  close(): void {
    this.#closed = true;
    this.#channel.close();
  }

  #post(content: Content): void {
    // Recording goes on after shutdown, unheard; a closed channel would throw into it.
    if (this.#closed) return;
    // The rule means windows; a channel between threads has no origin.
    // oxlint-disable-next-line unicorn/require-post-message-target-origin
    this.#channel.postMessage({ ...content, provider: this.#provider, thread: threadId, sender: this.#sender });
  }
}
