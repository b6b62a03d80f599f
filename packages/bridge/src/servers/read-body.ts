import type { IncomingMessage } from 'node:http';
import { createGunzip, createInflate } from 'node:zlib';
import type { Readable } from 'node:stream';

/** A request body that is not taken, with the HTTP status that says why. */
export class BodyError extends Error {
  override readonly name = 'BodyError';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/**
 * Reads a request body, decompressed. The limit holds for what comes out, so that a small body that inflates to a
 * huge one is refused while it inflates.
 *
 * @throws BodyError 413 over the limit, 415 for an encoding we do not take, 400 for bytes that do not decompress or a cut body.
 */
export async function readBody(request: IncomingMessage, limitBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of decoded(request)) {
      size += (chunk as Buffer).length;
      if (size > limitBytes) throw new BodyError(413, `the body is larger than ${limitBytes} bytes (maxRequestBytes)`);
      chunks.push(chunk as Buffer);
    }
  } catch (error) {
    if (error instanceof BodyError) throw error;
    throw new BodyError(400, `the body cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
}

function decoded(request: IncomingMessage): Readable {
  const encoding = request.headers['content-encoding'] ?? 'identity';
  if (encoding === 'identity') return request;
  if (encoding !== 'gzip' && encoding !== 'deflate') {
    throw new BodyError(415, `content-encoding "${encoding}" is not taken; use gzip, deflate or none`);
  }
  const inflate = encoding === 'gzip' ? createGunzip() : createInflate();
  // A cut connection ends the inflater too, or the reader would wait for ever.
  request.on('error', (error) => inflate.destroy(error));
  request.on('aborted', () => inflate.destroy(new Error('the connection was cut')));
  return request.pipe(inflate);
}
