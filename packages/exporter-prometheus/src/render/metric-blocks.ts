import type { Attributes } from '@opentelemetry/api';
import { isImmutable } from '../labels/label-set.ts';
import type { SeriesBlock } from './encoding.ts';
import type { Point } from './point.ts';

/** What an attribute set of a caller looked like, for one that may change under us. */
interface Picture {
  readonly keys: readonly string[];
  readonly values: readonly unknown[];
}

interface Entry {
  readonly block: SeriesBlock;
  /** `undefined` for attributes that cannot change. */
  readonly picture: Picture | undefined;
}

/**
 * The blocks of one metric, in the order of its points. SDKs hand out the same attributes object for a series at every
 * collection and keep their order, so that a block is found by position; otherwise by the object.
 */
export class MetricBlocks {
  #entries: Entry[] = [];
  #next: Entry[] = [];
  #byAttributes: Map<Attributes, Entry> | undefined = undefined;
  #isMoved = false;

  /** Whether one of the series so far is another one than at its place in the collection before. */
  get isMoved(): boolean {
    return this.#isMoved;
  }

  /** The blocks of this collection so far. */
  get blocks(): readonly { readonly block: SeriesBlock }[] {
    return this.#next;
  }

  /** Brings the block of a point up to date, making it if need be. Throws what `create` throws; the point is then left out. */
  take(point: Point, create: () => SeriesBlock): SeriesBlock {
    const known = this.#find(point.attributes);
    let entry = known;
    if (entry === undefined || !entry.block.update(point)) {
      entry = { block: create(), picture: isImmutable(point.attributes) ? undefined : pictureOf(point.attributes) };
      this.#isMoved = true;
    }
    this.#next.push(entry);
    return entry.block;
  }

  /** Ends a collection: what was not taken is forgotten. */
  turn(): void {
    const entries = this.#entries;
    this.#entries = this.#next;
    this.#next = entries;
    this.#next.length = 0;
    this.#byAttributes = undefined;
    this.#isMoved = false;
  }

  #find(attributes: Attributes): Entry | undefined {
    let entry = this.#entries[this.#next.length];
    if (entry === undefined || entry.block.attributes !== attributes) {
      this.#isMoved = true;
      this.#byAttributes ??= new Map(this.#entries.map((each) => [each.block.attributes, each]));
      entry = this.#byAttributes.get(attributes);
    }
    if (entry?.picture !== undefined && !shows(entry.picture, attributes)) return undefined;
    return entry;
  }
}

function pictureOf(attributes: Attributes): Picture {
  return { keys: Object.keys(attributes), values: Object.values(attributes) };
}

/** Whether the attributes are still what they were; arrays and maps may have changed inside, so they never are. */
function shows({ keys, values }: Picture, attributes: Attributes): boolean {
  const now = Object.keys(attributes);
  if (now.length !== keys.length) return false;
  for (let index = 0; index < now.length; index++) {
    const value = attributes[keys[index]!];
    if (now[index] !== keys[index] || value !== values[index]) return false;
    if (typeof value === 'object' && value !== null) return false;
  }
  return true;
}
