import type { Outcome } from './notification.ts';

/** Answers that say "later": the same message may be taken then. */
const LATER: readonly number[] = [408, 421, 425, 429];
const BODY_MAX_BYTES = 64 * 1024;

/** Posts JSON. Success is any 2xx; a redirect is none, for it would carry the message to where nobody said it may go. */
export async function postJson(
  url: string,
  body: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<Outcome> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', ...headers },
      redirect: 'manual',
      signal,
    });
    await drain(response);
    if (response.ok) return { kind: 'delivered' };
    const error = String(response.status);
    if (response.status < 500 && !LATER.includes(response.status)) return { kind: 'refused', error };
    const afterMs = retryAfterMs(response.headers.get('retry-after'));
    return { kind: 'retry', error, ...(afterMs === undefined ? {} : { afterMs }) };
  } catch (error) {
    return { kind: 'retry', error: nameOf(error) };
  }
}

/**
 * Reads a body to its end, so that the connection can be used again, but no more than a receiver has reason to say. The
 * status has told what became of the message: a body that is cut off or does not end changes nothing.
 */
async function drain({ body }: Response): Promise<void> {
  let bytes = 0;
  try {
    for await (const chunk of body ?? []) {
      bytes += (chunk as Uint8Array).length;
      if (bytes > BODY_MAX_BYTES) return;
    }
  } catch {
    // See above.
  }
}

/** Milliseconds of a `Retry-After` in seconds or as a date; at most an hour. */
export function retryAfterMs(header: string | null, nowMs: number = Date.now()): number | undefined {
  if (header === null) return undefined;
  const seconds = /^\d+$/.test(header.trim()) ? Number(header) : (Date.parse(header) - nowMs) / 1000;
  return Number.isNaN(seconds) ? undefined : Math.min(Math.max(seconds, 0), 3600) * 1000;
}

function nameOf(error: unknown): string {
  const { name = 'unknown', cause } = error as { name?: string; cause?: { code?: unknown } };
  if (typeof cause?.code === 'string') return cause.code;
  return name === 'TimeoutError' || name === 'AbortError' ? 'timeout' : name;
}
