import { varintSize } from '../encode/proto-writer.ts';
import { type Container, pointsOf } from './request-tree.ts';

/** A request and its points. */
export interface RequestPart {
  readonly bytes: Uint8Array;
  readonly pointCount: number;
}

/** Bytes a message adds around its content: a tag of one byte and a length. */
const FRAME_MOST = 1 + varintSize(0xffffffff);

/**
 * Deals the points of a request out to requests of at most `maxBytes`, in order, each with the resource, scope and metric
 * its points had. A point that alone is larger makes a request of its own. Throws `MalformedMessage` for bytes that are
 * no request.
 */
export function splitRequest(request: Uint8Array, maxBytes: number): RequestPart[] {
  const parts: RequestPart[] = [];
  let part = new Part();
  for (const { path, bytes } of pointsOf(request)) {
    if (part.pointCount > 0 && part.sizeWith(path, bytes) > maxBytes) {
      parts.push(part.finish());
      part = new Part();
    }
    part.add(path, bytes);
  }
  if (part.pointCount > 0) parts.push(part.finish());
  return parts;
}

/** Deals the points out to two requests of about as many points each, or gives one when there is one point only. */
export function halveRequest(request: Uint8Array, pointCount: number): RequestPart[] {
  const halves = [new Part(), new Part()] as const;
  let index = 0;
  for (const { path, bytes } of pointsOf(request)) halves[index++ < pointCount / 2 ? 0 : 1].add(path, bytes);
  return halves.filter((half) => half.pointCount > 0).map((half) => half.finish());
}

interface Node {
  readonly container: Container;
  readonly children: (Node | Uint8Array)[];
}

/** A request under construction: a tree that only ever grows at its right edge. */
class Part {
  pointCount = 0;
  /** An upper bound of the bytes: lengths count as if they were the longest. */
  #size = 0;
  readonly #roots: Node[] = [];
  #edge: Node[] = [];

  sizeWith(path: readonly Container[], point: Uint8Array): number {
    let size = this.#size + point.length;
    for (const container of path.slice(this.#sharedDepth(path))) size += container.rest.length + FRAME_MOST;
    return size;
  }

  add(path: readonly Container[], point: Uint8Array): void {
    this.#size = this.sizeWith(path, point);
    this.#edge.length = this.#sharedDepth(path);
    for (const container of path.slice(this.#edge.length)) {
      const node: Node = { container, children: [] };
      (this.#edge.at(-1)?.children ?? this.#roots).push(node);
      this.#edge.push(node);
    }
    this.#edge.at(-1)?.children.push(point);
    this.pointCount++;
  }

  finish(): RequestPart {
    const pieces: Uint8Array[] = [];
    for (const root of this.#roots) pieces.push(framed(root));
    return { bytes: Buffer.concat(pieces), pointCount: this.pointCount };
  }

  #sharedDepth(path: readonly Container[]): number {
    let depth = 0;
    while (depth < this.#edge.length && this.#edge[depth]!.container === path[depth]) depth++;
    return depth;
  }
}

function framed({ container, children }: Node): Uint8Array {
  const content = [container.rest, ...children.map((child) => (child instanceof Uint8Array ? child : framed(child)))];
  const length = content.reduce((sum, piece) => sum + piece.length, 0);
  return Buffer.concat([frame(container.number, length), ...content]);
}

function frame(number: number, length: number): Uint8Array {
  const bytes = [number * 8 + 2];
  let rest = length;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  bytes.push(rest);
  return Uint8Array.from(bytes);
}
