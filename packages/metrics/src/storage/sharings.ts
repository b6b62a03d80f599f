import type { Aggregator } from '../aggregation/aggregator.ts';
import type { Series } from '../aggregation/series.ts';
import type { SharedSource } from '../aggregation/shared-source.ts';
import type { Source } from '../aggregation/source.ts';
import type { Block } from '../arena/arena.ts';

/** A counterpart of a series in another thread. */
interface Member {
  readonly thread: number;
  readonly series: Series;
}

interface Sharing {
  readonly own: Series;
  readonly members: readonly Member[];
  readonly source: SharedSource<unknown>;
}

/** The series of a storage that other threads record too, by position. */
export class Sharings {
  readonly #aggregator: Aggregator;
  readonly #sharings = new Map<number, Sharing>();

  constructor(aggregator: Aggregator) {
    this.#aggregator = aggregator;
  }

  get isEmpty(): boolean {
    return this.#sharings.size === 0;
  }

  has(position: number): boolean {
    return this.#sharings.has(position);
  }

  /** A series together with its counterparts; `undefined` when it has none. */
  sourceAt(position: number): Source<unknown> | undefined {
    return this.#sharings.size === 0 ? undefined : this.#sharings.get(position)?.source;
  }

  /** Joins a block that another thread writes to a series. */
  add(thread: number, position: number, block: Block, ownSeries: () => Series): void {
    const sharing = this.#sharings.get(position);
    const series = this.#aggregator.createSeries({ block, ordinal: position, isForeign: true });
    this.#join(position, sharing?.own ?? ownSeries(), [...(sharing?.members ?? []), { thread, series }]);
  }

  /** Takes over what a thread that is gone has recorded. */
  inherit(thread: number): void {
    for (const [position, { own, members, source }] of this.#sharings) {
      const gone = members.filter((member) => member.thread === thread);
      if (gone.length === 0) continue;
      // Readers look at the sum of both, which stays the same.
      for (const member of gone) source.inherit(member.series);
      this.#join(
        position,
        own,
        members.filter((member) => !gone.includes(member)),
      );
    }
  }

  #join(position: number, own: Series, members: readonly Member[]): void {
    const series = members.map((member) => member.series);
    const source = this.#aggregator.share(own, series, this.#sharings.get(position)?.source);
    this.#sharings.set(position, { own, members, source });
  }
}
