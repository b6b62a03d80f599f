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
  #buffer: Buffer;
  #length = 0;
  #lineCount = 0;

  /** `mtuBytes` from 64 to 65,507 (the largest UDP payload); throws `INVALID_OPTION` outside. */
  constructor(mtuBytes: number, onPacket: (packet: Packet) => void) {
    this.#mtuBytes = checkedInteger('mtuBytes', mtuBytes, 64, 65_507);
    this.#onPacket = onPacket;
    this.#buffer = Buffer.allocUnsafe(mtuBytes);
  }

  /**
   * Takes `lineCount` lines that must travel together (joined by line feeds, without one at the end). Returns false, and
   * takes nothing, when they exceed the MTU.
   */
  add(text: string, lineCount: number = 1): boolean {
    // UTF-8 needs at most 3 bytes per UTF-16 unit: most lines pass without being measured.
    const byteCount = text.length * 3 <= this.#mtuBytes - this.#length - 1 ? 0 : Buffer.byteLength(text);
    if (byteCount > this.#mtuBytes) return false;
    if (byteCount > 0 && this.#length > 0 && this.#length + 1 + byteCount > this.#mtuBytes) this.flush();
    if (this.#length > 0) this.#buffer[this.#length++] = 0x0a;
    this.#length += this.#buffer.write(text, this.#length, 'utf8');
    this.#lineCount += lineCount;
    return true;
  }

  /** Hands over what is packed so far, if anything. */
  flush(): void {
    if (this.#length === 0) return;
    const packet = { bytes: this.#buffer.subarray(0, this.#length), lineCount: this.#lineCount };
    this.#buffer = Buffer.allocUnsafe(this.#mtuBytes);
    this.#length = 0;
    this.#lineCount = 0;
    this.#onPacket(packet);
  }
}
