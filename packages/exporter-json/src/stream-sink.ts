import type { Writable } from 'node:stream';
import { JsonError } from './errors.ts';
import type { Sink } from './sink.ts';

/** Writes lines to a stream that is not ours to end, as standard output; waits for a slow reader. */
export class StreamSink implements Sink {
  readonly #stream: Writable;
  #error: Error | undefined;
  readonly #onError = (error: Error): void => {
    this.#error = error;
  };

  constructor(stream: Writable) {
    this.#stream = stream;
    // A reader that has gone (EPIPE) is told by the write; without a listener it would end the process.
    stream.on('error', this.#onError);
  }

  async write(line: string): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      if (this.#error !== undefined || this.#stream.destroyed) {
        reject(failed(this.#error ?? new Error('the stream is closed')));
        return;
      }
      this.#stream.write(line, (error) => (error ? reject(failed(error)) : resolve()));
    });
  }

  async close(): Promise<void> {
    // An error that is on its way still finds the listener.
    setImmediate(() => this.#stream.off('error', this.#onError));
  }
}

function failed(error: Error): JsonError {
  return new JsonError('WRITE_FAILED', `the stream takes no more: ${error.message}`, { cause: error });
}
