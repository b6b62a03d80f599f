const TWO_32 = 4294967296;
const encoder = new TextEncoder();

/** Bytes of a protobuf varint of an unsigned 32-bit value. */
export function varintSize(value: number): number {
  if (value < 0x80) return 1;
  if (value < 0x4000) return 2;
  if (value < 0x200000) return 3;
  return value < 0x10000000 ? 4 : 5;
}

/**
 * Writes protobuf into one growing buffer. Only `reserve` checks the capacity, once per point: a check per field costs
 * a tenth of the whole encoding. Numbers that no protobuf type can carry (NaN as an integer, fractions) are written as
 * the stock serializer writes them, and nothing throws.
 */
export class ProtoWriter {
  bytes: Uint8Array;
  at = 0;
  #view: DataView;

  constructor(capacity: number) {
    // Uninitialised: only what was written is handed out.
    this.bytes = new Uint8Array(Buffer.allocUnsafeSlow(capacity).buffer);
    this.#view = new DataView(this.bytes.buffer);
  }

  /** Makes room for `count` more bytes. */
  reserve(count: number): void {
    if (this.at + count <= this.bytes.length) return;
    const grown = new Uint8Array(Math.max(this.bytes.length * 2, this.at + count));
    grown.set(this.bytes.subarray(0, this.at));
    this.bytes = grown;
    this.#view = new DataView(grown.buffer);
  }

  /** A tag below 128, a bool, or any other single byte. */
  byte(value: number): void {
    this.bytes[this.at++] = value;
  }

  /** An unsigned 32-bit varint. */
  length(value: number): void {
    let rest = value;
    while (rest > 127) {
      this.bytes[this.at++] = (rest & 127) | 128;
      rest >>>= 7;
    }
    this.bytes[this.at++] = rest;
  }

  /** A 64-bit varint; negatives in two's complement. */
  varint(value: number): void {
    if (value >= 0 && value < TWO_32) {
      this.length(value >>> 0);
      return;
    }
    let low = lowOf(value);
    let high = highOf(value);
    while (high > 0 || low > 127) {
      this.bytes[this.at++] = (low & 127) | 128;
      low = ((low >>> 7) | (high << 25)) >>> 0;
      high >>>= 7;
    }
    this.bytes[this.at++] = low & 127;
  }

  fixed32(value: number): void {
    this.#view.setUint32(this.at, value, true);
    this.at += 4;
  }

  /** A 64-bit integer of two halves. */
  fixed64(low: number, high: number): void {
    this.#view.setUint32(this.at, low, true);
    this.#view.setUint32(this.at + 4, high, true);
    this.at += 8;
  }

  /** A 64-bit integer, two's complement. */
  integer64(value: number): void {
    this.fixed64(lowOf(value), highOf(value));
  }

  double(value: number): void {
    this.#view.setFloat64(this.at, value, true);
    this.at += 8;
  }

  raw(bytes: Uint8Array): void {
    this.bytes.set(bytes, this.at);
    this.at += bytes.length;
  }

  /** A length and UTF-8 bytes; makes its own room. */
  text(value: string): void {
    // UTF-8 takes at most three bytes per UTF-16 unit.
    this.reserve(value.length * 3 + 5);
    const from = this.open(value.length);
    this.at += encoder.encodeInto(value, this.bytes.subarray(this.at)).written;
    this.close(from, value.length);
  }

  /** Begins a length-delimited value that is expected to be `expected` bytes long; see `close`. */
  open(expected: number): number {
    this.reserve(5);
    const from = this.at;
    this.at += varintSize(expected);
    return from;
  }

  /** Ends what `open` began. Moves the content when its length takes more or fewer bytes than was expected. */
  close(from: number, expected: number): void {
    const reserved = varintSize(expected);
    const length = this.at - from - reserved;
    const needed = varintSize(length);
    if (needed !== reserved) {
      this.reserve(5);
      this.bytes.copyWithin(from + needed, from + reserved, this.at);
    }
    this.at = from;
    this.length(length);
    this.at += length;
  }
}

/** The lower half of a 64-bit integer in two's complement. */
export function lowOf(value: number): number {
  if (value >= 0) return value >>> 0;
  return (~(Math.abs(value) >>> 0) + 1) >>> 0;
}

/** The upper half of it. */
export function highOf(value: number): number {
  if (value >= 0) return (value / TWO_32) >>> 0;
  const magnitude = Math.abs(value);
  const inverted = ~((magnitude / TWO_32) >>> 0) >>> 0;
  return magnitude >>> 0 === 0 ? (inverted + 1) >>> 0 : inverted;
}
