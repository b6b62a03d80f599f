import { checkedInteger } from './errors.ts';

/** Largest UDP payload that passes an Ethernet link unfragmented with room for tunnels, as StatsD's own manual advises. */
export const DEFAULT_MTU_BYTES = 1432;

/** A datagram ready to be sent. */
export interface Packet {
  readonly bytes: Buffer;
  readonly lineCount: number;
}

/**
 * Packs text lines into datagrams of at most `mtuBytes`, separated by line feeds. A line is never split. Not reentrant;
 * `onPacket` gets a buffer of its own each time.
 */
export class LinePacker {
  readonly #mtuBytes: number;
  readonly #onPacket: (packet: Packet) => void;
  // Encoded as a whole when it is full: one call for some 25 lines. Encoding each costs twice as much (bench/lines.bench.js).
  #text = '';
  #length = 0;
  #lineCount = 0;

  /** `mtuBytes` from 64 to 65,507 (the largest UDP payload); throws `INVALID_OPTION` outside. */
  constructor(mtuBytes: number, onPacket: (packet: Packet) => void) {
    this.#mtuBytes = checkedInteger('mtuBytes', mtuBytes, 64, 65_507);
    this.#onPacket = onPacket;
  }

  /**
   * Takes `lineCount` lines that must travel together (joined by line feeds, without one at the end). Returns false, and
   * takes nothing, when they exceed the MTU. `byteCount` is their length in UTF-8, for callers that know it.
   */
  add(text: string, lineCount: number = 1, byteCount: number = Buffer.byteLength(text)): boolean {
    if (byteCount > this.#mtuBytes) return false;
    if (this.#length > 0 && this.#length + 1 + byteCount > this.#mtuBytes) this.flush();
    if (this.#length === 0) {
      this.#text = text;
      this.#length = byteCount;
    } else {
      this.#text += `\n${text}`;
      this.#length += 1 + byteCount;
    }
    this.#lineCount += lineCount;
    return true;
  }

  /** Hands over what is packed so far, if anything. */
  flush(): void {
    if (this.#length === 0) return;
    const packet = { bytes: Buffer.from(this.#text, 'utf8'), lineCount: this.#lineCount };
    this.#text = '';
    this.#length = 0;
    this.#lineCount = 0;
    this.#onPacket(packet);
  }
}
