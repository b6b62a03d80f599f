import { isMap, isPair, isScalar, isSeq, LineCounter, type Node, parseDocument, type Document } from 'yaml';
import type { Problem } from './problem.ts';

/** Steps from the root to a node: keys and indices. */
export type Path = readonly (string | number)[];

/** A YAML text whose values can be found again by their path, so that a mistake is shown where it is. */
export class YamlSource {
  readonly problems: Problem[] = [];
  readonly file: string;
  readonly #text: string;
  readonly #lines = new LineCounter();
  readonly #document: Document;

  constructor(file: string, text: string) {
    this.file = file;
    this.#text = text;
    this.#document = parseDocument(text, { lineCounter: this.#lines, merge: false });
    for (const error of this.#document.errors) {
      this.problems.push(this.#problem(error.pos[0], error.pos[1], error.message.split('\n')[0] ?? error.code));
    }
  }

  /** The content as plain values. Aliases that cannot be resolved, or are part of what they stand for, are a problem. */
  value(): unknown {
    try {
      const content: unknown = this.#document.toJS();
      JSON.stringify(content);
      return content;
    } catch (error) {
      const why = error instanceof Error ? error.message.split('\n')[0] : String(error);
      this.problems.push(this.at([], `its aliases (*name) cannot be resolved: ${why}; write out what they stand for`));
      return undefined;
    }
  }

  /** A mistake in the value at a path; where there is none, in what it would be part of. */
  at(path: Path, message: string): Problem {
    const [from, to] = this.#range(path) ?? [0, 1];
    return this.#problem(from, to, message);
  }

  /** A mistake in a key of the mapping at a path. */
  atKey(path: Path, key: string, message: string): Problem {
    const map = path.length === 0 ? this.#document.contents : this.#document.getIn(path, true);
    const pair = isMap(map)
      ? map.items.find((item) => isPair(item) && isScalar(item.key) && String(item.key.value) === key)
      : undefined;
    const range = isScalar(pair?.key) ? pair.key.range : undefined;
    return range ? this.#problem(range[0], range[1], message) : this.at(path, message);
  }

  #range(path: Path): readonly [number, number] | undefined {
    for (let length = path.length; length >= 0; length--) {
      const part = path.slice(0, length);
      const node = (length === 0 ? this.#document.contents : this.#document.getIn(part, true)) as
        Node | null | undefined;
      const range = node?.range;
      if (!range) continue;
      // Of a mapping or a list, the first line says enough.
      const isCollection = isMap(node) || isSeq(node);
      const lineEnd = this.#text.indexOf('\n', range[0]);
      return isCollection && lineEnd >= 0 ? [range[0], Math.min(range[1], lineEnd)] : [range[0], range[1]];
    }
    return undefined;
  }

  #problem(from: number, to: number, message: string): Problem {
    const { line, col } = this.#lines.linePos(from);
    return {
      file: this.file,
      line: Math.max(line, 1),
      column: Math.max(col, 1),
      length: Math.max(1, to - from),
      message,
    };
  }
}
