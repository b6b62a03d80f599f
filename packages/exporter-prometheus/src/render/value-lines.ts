import { fitsDigits, numberText, writeInteger } from './ascii-number.ts';

const SLACK_BYTES = 16;

/**
 * The lines of one series as they were last sent, kept to be sent again. Between two scrapes a value mostly keeps its number
 * of digits: then only these bytes are written anew, which is three times faster than writing prefixes and values
 * (test/bench/export/scrape.js), and a value that did not change costs nothing.
 *
 *     name_bucket{venue="x",le="1"} 17⏎name_bucket{venue="x",le="+Inf"} 21⏎…
 *                                   ^^ start, width
 */
export class ValueLines {
  readonly #starts: number[] = [];
  readonly #widths: number[] = [];
  readonly #values: number[] = [];
  #buffer: Uint8Array;
  #view: Uint8Array;

  /** One line per prefix, which is all that comes before the value. */
  constructor(prefixes: readonly string[], values: readonly number[]) {
    let text = '';
    let length = 0;
    for (let line = 0; line < prefixes.length; line++) {
      const prefix = prefixes[line]!;
      const value = numberText(values[line]!);
      text += `${prefix}${value}\n`;
      length += Buffer.byteLength(prefix);
      this.#starts.push(length);
      this.#widths.push(value.length);
      this.#values.push(values[line]!);
      length += value.length + 1;
    }
    this.#buffer = new Uint8Array(length + SLACK_BYTES);
    Buffer.from(this.#buffer.buffer).write(text);
    this.#view = this.#buffer.subarray(0, length);
  }

  /** All lines; valid until the next {@link set}. */
  get bytes(): Uint8Array {
    return this.#view;
  }

  /** Where the line's value ends. */
  endOf(line: number): number {
    return this.#starts[line]! + this.#widths[line]!;
  }

  /** Replaces the value of a line. */
  set(line: number, value: number): void {
    if (value === this.#values[line]) return;
    this.#values[line] = value;
    const width = this.#widths[line]!;
    if (fitsDigits(value, width)) {
      writeInteger(this.#buffer, this.#starts[line]! + width, value);
      return;
    }
    const text = numberText(value);
    if (text.length !== width) this.#resize(line, text.length);
    const start = this.#starts[line]!;
    const buffer = this.#buffer;
    for (let index = 0; index < text.length; index++) buffer[start + index] = text.charCodeAt(index);
  }

  #resize(line: number, width: number): void {
    const end = this.endOf(line);
    const { length } = this.#view;
    const change = width - this.#widths[line]!;
    if (length + change > this.#buffer.length) {
      const larger = new Uint8Array(length + change + SLACK_BYTES);
      larger.set(this.#view);
      this.#buffer = larger;
    }
    this.#buffer.copyWithin(end + change, end, length);
    this.#view = this.#buffer.subarray(0, length + change);
    this.#widths[line] = width;
    for (let next = line + 1; next < this.#starts.length; next++) this.#starts[next]! += change;
  }
}
