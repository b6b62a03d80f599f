import type { IncomingMessage } from 'node:http';
import type { Transform } from 'node:stream';
import { constants, createGunzip, createInflate, createZstdDecompress } from 'node:zlib';

/** A request that is not taken, with the HTTP status that says why. */
export class BodyError extends Error {
  override readonly name = 'BodyError';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

type Encoding = 'identity' | 'gzip' | 'deflate' | 'zstd';

/** Largest window a zstd frame may ask memory for, 8 MiB: what RFC 8878 recommends that every decoder supports. */
const ZSTD_WINDOW_LOG_MAX = 23;

/**
 * How a request's body will be read. Throws `BodyError` 415 for an encoding that is not taken, and 413 for a body that
 * is too large by its own account: both are known before any of it has arrived.
 */
export function checkBody({ headers }: IncomingMessage, limitBytes: number): Encoding {
  const encoding = (headers['content-encoding'] ?? '').trim().toLowerCase();
  if (Number(headers['content-length'] ?? 0) > limitBytes) throw tooLarge(limitBytes);
  if (encoding === '' || encoding === 'identity') return 'identity';
  if (encoding === 'gzip' || encoding === 'deflate' || encoding === 'zstd') return encoding;
  throw new BodyError(415, `content-encoding "${encoding}" is not taken; use gzip, deflate, zstd or none`);
}

/**
 * Reads a request body, decompressed. The limit holds for what arrives and for what comes out: a small body that
 * inflates to a huge one is refused while it inflates, and so is an endless one that inflates to nothing. What follows
 * in a refused body is discarded as it arrives, so that the connection lives.
 *
 * @throws BodyError 413 over the limit, 400 for bytes that do not decompress or a cut body, and as `checkBody`.
 */
export function readBody(request: IncomingMessage, limitBytes: number): Promise<Buffer> {
  const encoding = checkBody(request, limitBytes);
  return encoding === 'identity'
    ? readPlain(request, limitBytes)
    : readInflated(request, decompressor(encoding), limitBytes);
}

function decompressor(encoding: Exclude<Encoding, 'identity'>): Transform {
  if (encoding === 'gzip') return createGunzip();
  if (encoding === 'deflate') return createInflate();
  return createZstdDecompress({ params: { [constants.ZSTD_d_windowLogMax]: ZSTD_WINDOW_LOG_MAX } });
}

function readPlain(request: IncomingMessage, limitBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= limitBytes) chunks.push(chunk);
      else {
        chunks.length = 0;
        reject(tooLarge(limitBytes));
      }
    });
    request.on('end', () => resolve(joined(chunks)));
    onCut(request, reject);
  });
}

function readInflated(request: IncomingMessage, inflate: Transform, limitBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    let arrived = 0;
    const refuse = (error: BodyError): void => {
      chunks.length = 0;
      request.unpipe(inflate);
      inflate.destroy();
      request.resume();
      reject(error);
    };
    request.on('data', (chunk: Buffer) => {
      arrived += chunk.length;
      if (arrived > limitBytes) refuse(tooLarge(limitBytes));
    });
    inflate.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > limitBytes) refuse(tooLarge(limitBytes));
      else chunks.push(chunk);
    });
    inflate.on('end', () => resolve(joined(chunks)));
    inflate.on('error', (error) => refuse(new BodyError(400, `the body cannot be decompressed: ${error.message}`)));
    onCut(request, refuse);
    request.pipe(inflate);
  });
}

function onCut(request: IncomingMessage, refuse: (error: BodyError) => void): void {
  // An aborted request fails with an error event, or only closes; a complete one closes too.
  request.on('error', (error) => refuse(new BodyError(400, `the body was cut off: ${error.message}`)));
  request.on('close', () => {
    if (!request.complete) refuse(new BodyError(400, 'the body was cut off'));
  });
}

function joined(chunks: readonly Buffer[]): Buffer {
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
}

function tooLarge(limitBytes: number): BodyError {
  return new BodyError(413, `the body is larger than ${limitBytes} bytes (maxRequestBytes)`);
}
