import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { answerHistoryRequest, type History } from '@nanometer/history';
import type { LiveToken } from '@nanometer/live';

/**
 * Answers a question to the history. Where the stream asks for tokens, so does the history, and as its answers know no scopes, for one
 * that sees everything.
 */
export async function sendHistoryAnswer(
  request: IncomingMessage,
  response: ServerResponse,
  history: History | undefined,
  tokens: readonly LiveToken[] | undefined,
  nowMs: number,
): Promise<void> {
  const refusal = tokens === undefined ? undefined : refusalOf(request.headers.authorization, tokens);
  const { status, body } = refusal ?? (await answerHistoryRequest(history, request.url ?? '/', nowMs));
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': body.length,
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
    ...(status === 401 ? { 'www-authenticate': 'Bearer' } : {}),
  });
  response.end(body);
}

function refusalOf(
  header: string | undefined,
  tokens: readonly LiveToken[],
): { readonly status: number; readonly body: Buffer } | undefined {
  const presented = /^Bearer +(\S+)$/i.exec(header ?? '')?.[1];
  let found: LiveToken | undefined;
  if (presented !== undefined) {
    // Of digests, and of all of them: the time taken says nothing of the tokens.
    const digest = digestOf(presented);
    for (const token of tokens) if (timingSafeEqual(digestOf(token.token), digest)) found = token;
  }
  if (found === undefined) return refusal(401, 'UNAUTHORIZED', 'the history needs a bearer token of the stream');
  if (found.scope === undefined) return undefined;
  return refusal(403, 'FORBIDDEN', 'the history needs a token that sees every series');
}

function refusal(status: number, code: string, message: string): { status: number; body: Buffer } {
  return { status, body: Buffer.from(`${JSON.stringify({ error: { code, message } })}\n`) };
}

function digestOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}
