/**
 * Reads protobuf values from bytes that `checkExport` has passed. Nothing is bounds-checked here, and no method
 * allocates except `text`.
 */
export class Cursor {
  readonly bytes: Uint8Array;
  readonly #view: DataView;
  at = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Unsigned; exact to 2^53. */
  varint(): number {
    const first = this.bytes[this.at++]!;
    if (first < 0x80) return first;
    let value = first & 0x7f;
    let weight = 128;
    for (;;) {
      const byte = this.bytes[this.at++]!;
      value += (byte & 0x7f) * weight;
      if (byte < 0x80) return value;
      weight *= 128;
    }
  }

  /** Two's complement 64-bit varint (int64, enum, bool). */
  signedVarint(): bigint {
    let value = 0n;
    let shift = 0n;
    for (;;) {
      const byte = this.bytes[this.at++]!;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asIntN(64, value);
      shift += 7n;
    }
  }

  /** sint32, zigzag. */
  zigzag(): number {
    const value = this.varint();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  double(): number {
    const value = this.#view.getFloat64(this.at, true);
    this.at += 8;
    return value;
  }

  /** Unsigned 64 bits, rounded to a double above 2^53. */
  fixed64(): number {
    const value = this.#view.getUint32(this.at + 4, true) * 4294967296 + this.#view.getUint32(this.at, true);
    this.at += 8;
    return value;
  }

  /** Signed 64 bits, rounded to a double beyond ±2^53. */
  sfixed64(): number {
    const value = this.#view.getInt32(this.at + 4, true) * 4294967296 + this.#view.getUint32(this.at, true);
    this.at += 8;
    return value;
  }

  /** 32 bits at an offset from here, without moving. */
  uint32(offset: number): number {
    return this.#view.getUint32(this.at + offset, true);
  }

  /** Where the length-delimited value that begins here ends; moves to its first byte. */
  end(): number {
    const length = this.varint();
    return this.at + length;
  }

  /** UTF-8 up to `end`, invalid sequences replaced by U+FFFD. */
  text(end: number): string {
    const text = decoder.decode(this.bytes.subarray(this.at, end));
    this.at = end;
    return text;
  }

  skip(wireType: number): void {
    if (wireType === 0) while (this.bytes[this.at++]! >= 0x80);
    else if (wireType === 1) this.at += 8;
    else if (wireType === 2) this.at = this.end();
    else this.at += 4;
  }
}

// BOMs are content here, not marks.
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
