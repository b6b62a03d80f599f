import type { IncomingMessage } from 'node:http';

/**
 * Whether a page may connect. Browsers name the page's origin and do not apply CORS to WebSockets, so this is the
 * only thing between a stranger's page and the stream; programs send no Origin and are not asked.
 */
export function originAllowed(request: IncomingMessage, allowed: readonly string[] | '*' | undefined): boolean {
  const { origin, host } = request.headers;
  if (origin === undefined || allowed === '*') return true;
  if (allowed !== undefined) return allowed.includes(origin);
  // 'null' is the origin of a sandboxed or local page.
  return URL.canParse(origin) && new URL(origin).host === host;
}
