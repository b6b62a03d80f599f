import { updatesAt } from '../aggregation/series.ts';
import { type Arena, cellNumber, pageNumber } from '../arena/arena.ts';
import type { SyncStream } from '../storage/sync-stream.ts';
import type { ChangeVisitor } from './changes.ts';

const FIRST_SERIES = 64;

/** Series that follow one another in the arrays and whose blocks lie in one page. */
interface Run {
  readonly cells: Float64Array;
  readonly from: number;
  end: number;
}

/**
 * Where the counts of all series lie that a reader wants to hear of, and what they were when it last did: in a few arrays,
 * whatever the number of instruments. A desk asks after every fill, with caches that are cold by then; going from stream to
 * storage to index costs a miss at each (packages/live/bench/lane-flush.bench.js).
 */
export class ChangeWatch {
  readonly #arena: Arena;
  readonly #selectedStreams: () => readonly SyncStream[];
  /** Of the arena, when the arrays were filled. */
  #revision = -1;
  #streams: readonly SyncStream[] = [];
  /** Those whose series other threads record too: their counts lie in several places. */
  #shared: SyncStream[] = [];
  #runs: Run[] = [];
  #size = 0;
  /** Where the block begins in its page. */
  #cells = new Int32Array(FIRST_SERIES);
  #seen = new Float64Array(FIRST_SERIES);
  /** Index among the streams. */
  #owners = new Int32Array(FIRST_SERIES);
  #positions = new Int32Array(FIRST_SERIES);

  constructor(arena: Arena, selectedStreams: () => readonly SyncStream[]) {
    this.#arena = arena;
    this.#selectedStreams = selectedStreams;
  }

  /** Visits the series that were recorded into since the last visit. */
  visit(visit: ChangeVisitor): void {
    if (this.#revision !== this.#arena.revision) this.#fill();
    const runs = this.#runs;
    const cellsAt = this.#cells;
    const seen = this.#seen;
    for (let index = 0; index < runs.length; index++) {
      const { cells, from, end } = runs[index]!;
      for (let at = nextChanged(cells, cellsAt, seen, from, end); at < end;) {
        seen[at] = updatesAt(cells, cellsAt[at]!);
        this.#streams[this.#owners[at]!]!.visitAt(this.#positions[at]!, visit);
        at = nextChanged(cells, cellsAt, seen, at + 1, end);
      }
    }
    for (const stream of this.#shared) stream.visitChanges(visit);
  }

  #fill(): void {
    // What comes while it is filled, or visited, is another revision.
    this.#revision = this.#arena.revision;
    this.#streams = this.#selectedStreams();
    this.#shared = this.#streams.filter(({ storage }) => storage.isShared);
    let size = 0;
    for (const { storage } of this.#streams) if (!storage.isShared) size += storage.end;
    if (size > this.#cells.length) this.#allocate(2 * size);
    this.#size = 0;
    this.#runs = [];
    for (const [owner, stream] of this.#streams.entries()) if (!stream.storage.isShared) this.#add(owner, stream);
  }

  #add(owner: number, stream: SyncStream): void {
    const { storage } = stream;
    for (let position = 0; position < storage.end; position++) {
      if (storage.attributesAt(position) === undefined) continue;
      const address = storage.addressAt(position);
      const at = this.#size++;
      this.#cells[at] = cellNumber(address);
      this.#seen[at] = stream.visitedUpdates(position);
      this.#owners[at] = owner;
      this.#positions[at] = position;
      const { cells } = this.#arena.pages[pageNumber(address)]!;
      const run = this.#runs.at(-1);
      if (run?.cells === cells) run.end = at + 1;
      else this.#runs.push({ cells, from: at, end: at + 1 });
    }
  }

  #allocate(length: number): void {
    this.#cells = new Int32Array(length);
    this.#seen = new Float64Array(length);
    this.#owners = new Int32Array(length);
    this.#positions = new Int32Array(length);
  }
}

function nextChanged(cells: Float64Array, cellsAt: Int32Array, seen: Float64Array, from: number, end: number): number {
  let at = from;
  while (at < end && updatesAt(cells, cellsAt[at]!) === seen[at]) at += 1;
  return at;
}
