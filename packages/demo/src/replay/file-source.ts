import type { MarketMessage } from '../market/message.ts';
import type { FileLayout } from './layout.ts';
import { readLines, type LineBatch } from './line-reader.ts';
import type { RowParser } from './row-parser.ts';

/** The messages of one file, read as they are taken; holds what one chunk of the file gives. */
export class FileSource {
  readonly layout: FileLayout;
  readonly parser: RowParser;
  readonly #batches: AsyncGenerator<LineBatch, void, void>;
  #messages: MarketMessage[] = [];
  #index = 0;
  #done = false;
  #lastTimeMs = -Infinity;

  constructor(layout: FileLayout) {
    this.layout = layout;
    this.parser = layout.createParser();
    this.#batches = readLines(layout.path);
  }

  /** The next message without taking it; `undefined` when {@link fill} has to be called first. */
  get head(): MarketMessage | undefined {
    return this.#messages[this.#index];
  }

  /** True when every message has been taken. */
  get ended(): boolean {
    return this.#done && this.head === undefined;
  }

  /** Removes the head. */
  advance(): void {
    this.#index++;
  }

  /** Reads on until there is a head or the file ends. @throws ReplayError */
  async fill(): Promise<void> {
    while (this.head === undefined && !this.#done) {
      const { value } = await this.#batches.next();
      this.#messages = [];
      this.#index = 0;
      if (value) {
        this.#parse(value);
      } else {
        this.#done = true;
        this.parser.end(this.#messages);
      }
      this.#keepOrder();
    }
  }

  async close(): Promise<void> {
    this.#done = true;
    this.#messages = [];
    this.#index = 0;
    await this.#batches.return();
  }

  #parse(batch: LineBatch): void {
    const { lines, firstLine } = batch;
    for (let i = firstLine === 1 && this.layout.hasHeader ? 1 : 0; i < lines.length; i++) {
      const line = lines[i] ?? '';
      if (line !== '') this.parser.parse(line, firstLine + i, this.#messages);
    }
  }

  /** Exchanges stamp a few messages earlier than the one before; they are delivered in the order of the file. */
  #keepOrder(): void {
    let last = this.#lastTimeMs;
    for (const message of this.#messages) {
      if (message.timeMs < last) message.timeMs = last;
      else last = message.timeMs;
    }
    this.#lastTimeMs = last;
  }
}
