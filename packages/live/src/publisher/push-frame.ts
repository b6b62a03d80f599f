import { randomFillSync } from 'node:crypto';
import { writeHeader } from '../protocol/encode-frame.ts';
import { FRAME_HEADER_BYTES, frameBytes } from '../protocol/frame.ts';

/** RFC 6455, 5.2: the last and only fragment of a binary message; a client masks what it sends. */
const FIN_BINARY = 0x82;
const MASKED = 0x80;
const LENGTH_16 = 126;
const LENGTH_64 = 127;
/** Bytes before the frame: the longest header of a message with its mask; a multiple of 8 keeps the columns aligned. */
const ROOM = 16;
const MASK_AT = ROOM - 4;
const FIRST_ROWS = 16;
/** Of random bytes, as masks must not be foreseen (RFC 6455, 10.3). */
const MASKS_AT_ONCE = 256;

const UPDATES = { type: 'update', conflated: false, final: false, backfill: false, stream: 0 } as const;

/**
 * A frame of updates as the masked WebSocket message of a client, written into one buffer over and over: `begin`, every row,
 * `message`. A desk sends one after each fill with caches that are cold by then, and what is allocated is colder still
 * (bench/push-frame.bench.js).
 */
export class PushFrame {
  readonly #masks = new Uint32Array(MASKS_AT_ONCE);
  #maskAt = MASKS_AT_ONCE;
  #bytes: Buffer<ArrayBuffer> | undefined;
  #view = new DataView(new ArrayBuffer(0));
  #words = new Uint32Array(0);
  #rows = 0;
  #dtAt = 0;
  #valuesAt = 0;

  /** Begins a frame of so many rows, every one of which must be written. */
  begin(rows: number): void {
    if (this.#bytes === undefined || this.#bytes.length < ROOM + frameBytes(rows)) this.#allocate(rows);
    this.#rows = rows;
    const columnBytes = 4 * (rows + (rows & 1));
    const dtAt = ROOM + FRAME_HEADER_BYTES + columnBytes;
    this.#dtAt = dtAt;
    this.#valuesAt = dtAt + columnBytes;
    if ((rows & 1) === 0) return;
    this.#view.setUint32(dtAt - 4, 0);
    this.#view.setUint32(dtAt + columnBytes - 4, 0);
  }

  row(row: number, id: number, dtMicros: number, value: number): void {
    const view = this.#view;
    view.setUint32(ROOM + FRAME_HEADER_BYTES + 4 * row, id, true);
    view.setUint32(this.#dtAt + 4 * row, dtMicros, true);
    view.setFloat64(this.#valuesAt + 8 * row, value, true);
  }

  /** The message, in the buffer that the next one will be written into: see {@link letGo}. */
  message(epoch: number, sequence: number, baseTimeMs: number): Buffer<ArrayBuffer> {
    writeHeader(this.#view, ROOM, { ...UPDATES, epoch, sequence, baseTimeMs }, this.#rows);
    const length = frameBytes(this.#rows);
    this.#mask(length);
    return this.#bytes!.subarray(this.#writeMessageHeader(length), ROOM + length);
  }

  /** The last message is still on its way: the next one gets a buffer of its own. */
  letGo(): void {
    this.#bytes = undefined;
  }

  #allocate(rows: number): void {
    let room = FIRST_ROWS;
    while (room < rows) room *= 2;
    const buffer = new ArrayBuffer(ROOM + frameBytes(room));
    this.#bytes = Buffer.from(buffer);
    this.#view = new DataView(buffer);
    this.#words = new Uint32Array(buffer);
  }

  /** A frame's length is a multiple of 8, so that words are masked whole: the mask lies in memory as it does on the wire. */
  #mask(length: number): void {
    if (this.#maskAt === MASKS_AT_ONCE) {
      randomFillSync(this.#masks);
      this.#maskAt = 0;
    }
    const mask = this.#masks[this.#maskAt++]!;
    const words = this.#words;
    words[MASK_AT / 4] = mask;
    for (let at = ROOM / 4; at < (ROOM + length) / 4; at++) words[at]! ^= mask;
  }

  /** Writes the message's header before its mask; where it begins. */
  #writeMessageHeader(length: number): number {
    const bytes = this.#bytes!;
    if (length < LENGTH_16) {
      bytes[MASK_AT - 2] = FIN_BINARY;
      bytes[MASK_AT - 1] = MASKED | length;
      return MASK_AT - 2;
    }
    if (length < 65_536) {
      bytes[MASK_AT - 4] = FIN_BINARY;
      bytes[MASK_AT - 3] = MASKED | LENGTH_16;
      bytes.writeUInt16BE(length, MASK_AT - 2);
      return MASK_AT - 4;
    }
    bytes[MASK_AT - 10] = FIN_BINARY;
    bytes[MASK_AT - 9] = MASKED | LENGTH_64;
    bytes.writeUInt32BE(0, MASK_AT - 8);
    bytes.writeUInt32BE(length, MASK_AT - 4);
    return MASK_AT - 10;
  }
}
