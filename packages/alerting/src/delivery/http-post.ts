import type { Outcome } from './notification.ts';

/** Answers that say "later": the same message may be taken then. */
const LATER: readonly number[] = [408, 421, 425, 429];

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
    // Read to its end, so that the connection can be used again.
    await response.arrayBuffer();
    if (response.ok) return { kind: 'delivered' };
    const error = String(response.status);
    if (response.status < 500 && !LATER.includes(response.status)) return { kind: 'refused', error };
    const afterMs = retryAfterMs(response.headers.get('retry-after'));
    return { kind: 'retry', error, ...(afterMs === undefined ? {} : { afterMs }) };
  } catch (error) {
    return { kind: 'retry', error: nameOf(error) };
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
