import { deflateRawSync } from 'node:zlib';
import { FRAME_FLAG_DEFLATE, FRAME_HEADER_BYTES } from '../../protocol/frame.ts';
import type { ServerCounters } from '../stats.ts';
import { MESSAGE_ROOM } from './binary-message.ts';
import type { EncodedFrame } from './encoded-frame.ts';

/** Below this a frame is sent as it is: the saving is less than what a packet carries anyway. */
const COMPRESS_FROM_BYTES = 1_024;

/** The last snapshot of a stream, for consumers that come one after the other: many do when a server is restarted. */
export class SnapshotCache {
  #sequence = -1;
  #members = -1;
  #plain: readonly EncodedFrame[] = [];
  #compressed: readonly EncodedFrame[] | undefined;

  /**
   * The snapshot after frame `sequence` of `members` series, made by `encode` when there is none for it. While updates
   * wait to be sent (`changing`), a plain one is made anew so that it holds the latest values; a compressed one is not,
   * as the next frame brings them.
   */
  get(
    sequence: number,
    members: number,
    compressed: boolean,
    changing: boolean,
    encode: () => EncodedFrame[],
    counters: ServerCounters,
  ): readonly EncodedFrame[] {
    const current = this.#sequence === sequence && this.#members === members;
    if (!current || (changing && !compressed)) {
      this.#plain = encode();
      this.#compressed = undefined;
      this.#sequence = sequence;
      this.#members = members;
      counters.framesEncoded += this.#plain.length;
    }
    if (!compressed) return this.#plain;
    this.#compressed ??= this.#plain.map((frame) => {
      if (frame.bytes.byteLength < COMPRESS_FROM_BYTES) return frame;
      counters.framesCompressed += 1;
      return deflated(frame);
    });
    return this.#compressed;
  }
}

function deflated(frame: EncodedFrame): EncodedFrame {
  // Level 1: most of what there is to find are ids and times, and any level finds those.
  const body = deflateRawSync(frame.bytes.subarray(FRAME_HEADER_BYTES), { level: 1 });
  const length = FRAME_HEADER_BYTES + body.byteLength;
  const bytes = new Uint8Array(new ArrayBuffer(MESSAGE_ROOM + length), MESSAGE_ROOM, length);
  bytes.set(frame.bytes.subarray(0, FRAME_HEADER_BYTES));
  bytes[4] = bytes[4]! | FRAME_FLAG_DEFLATE;
  bytes.set(body, FRAME_HEADER_BYTES);
  return frame.withBytes(bytes);
}
