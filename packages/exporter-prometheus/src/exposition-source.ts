import { diag } from '@opentelemetry/api';
import type { CollectionResult, MetricProducer, ResourceMetrics } from '@opentelemetry/sdk-metrics';
import type { DropCounts } from './drop-counts.ts';
import type { Exposition } from './exposition.ts';
import { contentType, type Format, formatKey } from './format/format.ts';
import type { ResolvedOptions } from './options.ts';
import { ChunkPool } from './render/chunk-pool.ts';
import { Chunks } from './render/chunks.ts';
import { type RenderedCounts, Renderer } from './render/renderer.ts';
import { runInSlices, SliceClock } from './render/slice-clock.ts';

/** Collects and writes, keeping a renderer for each of the formats asked for last. */
export class ExpositionSource {
  readonly counts: RenderedCounts = { received: 0, forwarded: 0 };
  readonly #options: ResolvedOptions;
  readonly #collect: () => Promise<CollectionResult>;
  readonly #drops: DropCounts;
  readonly #renderers = new Map<string, Renderer>();
  readonly #pool: ChunkPool;

  constructor(options: ResolvedOptions, collect: () => Promise<CollectionResult>, drops: DropCounts) {
    this.#options = options;
    this.#collect = collect;
    this.#drops = drops;
    this.#pool = new ChunkPool(options.pooledBytesLimit);
  }

  /** Bytes kept for the next expositions. */
  get pooledBytes(): number {
    return this.#pool.bytes;
  }

  /** Takes the memory of an exposition that nobody reads any more. */
  reuse({ chunks }: Exposition): void {
    this.#pool.give(chunks);
  }

  /** One at a time: a renderer's memory is that of one exposition. */
  async make(format: Format): Promise<Exposition> {
    const collection = await this.#collection();
    const renderer = this.#rendererOf(format);
    const chunks = new Chunks(this.#pool);
    try {
      await runInSlices(renderer.render(collection, chunks, this.counts), new SliceClock(this.#options.sliceMillis));
    } catch (error) {
      // It stopped half-way: the next exposition begins with a new one.
      this.#renderers.delete(formatKey(format));
      throw error;
    }
    return { contentType: contentType(format), length: chunks.length, chunks: chunks.finish() };
  }

  async #collection(): Promise<ResourceMetrics> {
    const { resourceMetrics, errors } = await this.#collect();
    if (errors.length > 0) diag.error('prometheus: some metrics could not be collected', ...errors);
    const { resource } = resourceMetrics;
    if (resource.asyncAttributesPending === true) await resource.waitForAsyncAttributes?.();
    return resourceMetrics;
  }

  #rendererOf(format: Format): Renderer {
    const key = formatKey(format);
    const { translationStrategy: strategy, withCreated: created } = this.#options;
    const renderer =
      this.#renderers.get(key) ?? new Renderer({ ...this.#options, ...format, strategy, created }, this.#drops);
    // The one used last is the last one to go.
    this.#renderers.delete(key);
    this.#renderers.set(key, renderer);
    for (const oldest of this.#renderers.keys()) {
      if (this.#renderers.size <= this.#options.formatLimit) break;
      this.#renderers.delete(oldest);
    }
    return renderer;
  }
}

/** Collects from several producers at once; the resource is that of the first. */
export async function collectAll(
  producers: readonly MetricProducer[],
  timeoutMillis: number,
): Promise<CollectionResult> {
  const results = await Promise.all(producers.map((producer) => producer.collect({ timeoutMillis })));
  const [first] = results;
  if (first === undefined) throw new Error('no producer to collect from');
  if (results.length === 1) return first;
  return {
    resourceMetrics: {
      resource: first.resourceMetrics.resource,
      scopeMetrics: results.flatMap(({ resourceMetrics }) => resourceMetrics.scopeMetrics),
    },
    errors: results.flatMap(({ errors }) => errors),
  };
}
