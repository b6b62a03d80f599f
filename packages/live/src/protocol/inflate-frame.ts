import { frameSize } from './decode-frame.ts';
import { FrameError } from './errors.ts';
import { FRAME_FLAG_DEFLATE, FRAME_HEADER_BYTES } from './frame.ts';

/** Whether bytes say that they are a compressed frame; whether they are one at all is for the decoder to see. */
export function isCompressed(input: ArrayBuffer | Uint8Array): boolean {
  if (input.byteLength < FRAME_HEADER_BYTES) return false;
  const flags = input instanceof ArrayBuffer ? new Uint8Array(input, 4, 1)[0]! : input[4]!;
  return (flags & FRAME_FLAG_DEFLATE) !== 0;
}

/**
 * The plain form of a compressed frame. Never holds more than the header announces, whatever the bytes inflate to.
 *
 * @throws FrameError when the header is none, or what follows it is not the deflated columns.
 */
export async function inflateFrame(input: ArrayBuffer | Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = input instanceof Uint8Array ? input : new Uint8Array(input);
  const size = frameSize(bytes);
  if (!size.compressed) return bytes;
  const frame = new Uint8Array(size.bytes);
  frame.set(bytes.subarray(0, FRAME_HEADER_BYTES));
  frame[4] = frame[4]! & ~FRAME_FLAG_DEFLATE;
  const body = new Blob([bytes.subarray(FRAME_HEADER_BYTES)]).stream();
  const reader = body.pipeThrough(new DecompressionStream('deflate-raw')).getReader();
  let filled = FRAME_HEADER_BYTES;
  try {
    for (let part = await reader.read(); part.value !== undefined; part = await reader.read()) {
      if (filled + part.value.byteLength > frame.byteLength) {
        await reader.cancel();
        throw new FrameError('bad_deflate', `inflates to more than the ${frame.byteLength} bytes of its rows`);
      }
      frame.set(part.value, filled);
      filled += part.value.byteLength;
    }
  } catch (error) {
    if (error instanceof FrameError) throw error;
    throw new FrameError('bad_deflate', `what follows the header is not raw deflate: ${(error as Error).message}`);
  }
  if (filled === frame.byteLength) return frame;
  throw new FrameError('bad_deflate', `inflates to ${filled} bytes, its rows have ${frame.byteLength}`);
}
