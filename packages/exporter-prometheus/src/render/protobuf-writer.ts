const VARINT = 0;
const FIXED64 = 1;
const LENGTH_DELIMITED = 2;
const TWO_TO_32 = 2 ** 32;
const TWO_TO_64 = 2 ** 64;

/** Writes protobuf's wire format into memory that grows and is used again. */
export class ProtobufWriter {
  #bytes: Uint8Array = new Uint8Array(1024);
  #view = new DataView(this.#bytes.buffer);
  #length = 0;

  clear(): void {
    this.#length = 0;
  }

  get length(): number {
    return this.#length;
  }

  /** What was written; valid until the next write. */
  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  /** A whole number from 0 to 2^53. */
  uint(field: number, value: number): void {
    this.#reserve(20);
    this.#varint((field << 3) | VARINT);
    this.#varint(value);
  }

  /** A whole number of either sign, at most 2^52 away from 0. */
  sint(field: number, value: number): void {
    this.uint(field, zigzag(value));
  }

  double(field: number, value: number): void {
    this.#reserve(20);
    this.#varint((field << 3) | FIXED64);
    this.#view.setFloat64(this.#length, value, true);
    this.#length += 8;
  }

  string(field: number, text: string): void {
    this.message(field, Buffer.from(text));
  }

  message(field: number, bytes: Uint8Array): void {
    this.messageHead(field, bytes.length);
    this.raw(bytes);
  }

  /** A message of `length` bytes that are written next. */
  messageHead(field: number, length: number): void {
    this.#reserve(20);
    this.#varint((field << 3) | LENGTH_DELIMITED);
    this.#varint(length);
  }

  /** Whole numbers of either sign, packed. */
  packedSints(field: number, values: readonly number[]): void {
    let length = 0;
    for (const value of values) length += varintLength(zigzag(value));
    this.messageHead(field, length);
    this.#reserve(length);
    for (const value of values) this.#varint(zigzag(value));
  }

  /** A number without a field, as it stands before a delimited message. */
  bareVarint(value: number): void {
    this.#reserve(10);
    this.#varint(value);
  }

  raw(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  #varint(value: number): void {
    // What cannot be counted is 0: an infinite one would never end here.
    let rest = value >= 0 && value < TWO_TO_64 ? Math.floor(value) : 0;
    while (rest >= TWO_TO_32) {
      this.#bytes[this.#length++] = (rest % 128) | 128;
      rest = Math.floor(rest / 128);
    }
    rest >>>= 0;
    while (rest >= 128) {
      this.#bytes[this.#length++] = (rest & 127) | 128;
      rest >>>= 7;
    }
    this.#bytes[this.#length++] = rest;
  }

  #reserve(bytes: number): void {
    if (this.#length + bytes <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + bytes));
    larger.set(this.bytes);
    this.#bytes = larger;
    this.#view = new DataView(larger.buffer);
  }
}

function zigzag(value: number): number {
  return value < 0 ? -2 * value - 1 : 2 * value;
}

function varintLength(value: number): number {
  let length = 1;
  for (let rest = value; rest >= 128; rest = Math.floor(rest / 128)) length++;
  return length;
}
