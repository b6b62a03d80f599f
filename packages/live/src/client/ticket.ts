import { LiveError } from '../protocol/errors.ts';

/**
 * Trades a token for a ticket at the server's ticket path: the one way that works in browsers, where a page cannot send
 * a token with a WebSocket.
 *
 * @throws LiveError `unauthorized`, `connection_failed`.
 */
export async function fetchTicket(ticketUrl: string, token: string): Promise<string> {
  let response: Response;
  let body: unknown;
  try {
    response = await fetch(ticketUrl, { method: 'POST', headers: { authorization: `Bearer ${token}` } });
    body = await response.json();
  } catch (error) {
    throw new LiveError('connection_failed', `no ticket from ${ticketUrl}: ${(error as Error).message}`);
  }
  const { ticket, message } = (body ?? {}) as { ticket?: unknown; message?: unknown };
  if (response.ok && typeof ticket === 'string') return ticket;
  const code = response.status === 401 ? 'unauthorized' : 'connection_failed';
  throw new LiveError(code, `${ticketUrl} answered ${response.status}: ${String(message)}`);
}

/** Where the server of a stream gives tickets, when nothing else is said. */
export function ticketUrlOf(url: string): string {
  const { protocol, host } = new URL(url);
  return `${protocol === 'wss:' ? 'https:' : 'http:'}//${host}/ticket`;
}
