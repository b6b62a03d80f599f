import { JsonError } from './errors.ts';
import type { Sink } from './sink.ts';

/** Posts every line as an OTLP JSON request. */
export class HttpSink implements Sink {
  readonly #url: URL;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #timeoutMs: number;

  constructor(url: URL, headers: Readonly<Record<string, string>>, timeoutMs: number) {
    this.#url = url;
    this.#headers = headers;
    this.#timeoutMs = timeoutMs;
  }

  async write(line: string): Promise<void> {
    let response: Response;
    try {
      response = await fetch(this.#url, {
        method: 'POST',
        body: line,
        headers: { ...this.#headers, 'content-type': 'application/json' },
        signal: AbortSignal.timeout(this.#timeoutMs),
      });
      await response.arrayBuffer();
    } catch (error) {
      throw new JsonError('WRITE_FAILED', `${this.#url.href} did not answer: ${reasonOf(error as Error)}`, {
        cause: error,
      });
    }
    if (!response.ok) throw new JsonError('REFUSED', `${this.#url.href} answered ${response.status}`);
  }

  async close(): Promise<void> {
    // fetch keeps its connections by itself.
  }
}

/** fetch says "fetch failed" and puts the reason into the cause. */
function reasonOf({ message, cause }: Error): string {
  return cause instanceof Error ? cause.message : message;
}
