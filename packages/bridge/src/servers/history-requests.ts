import type { IncomingMessage, ServerResponse } from 'node:http';
import { answerHistoryRequest, type History } from '@nanometer/history';
import { bearerRefusal, type GrantOf } from './bearer-access.ts';

/**
 * Answers a question to the history. Where the stream asks for tokens, so does the history, and as its answers know no scopes, for one
 * that sees everything.
 */
export async function sendHistoryAnswer(
  request: IncomingMessage,
  response: ServerResponse,
  history: History | undefined,
  grantOf: GrantOf,
  nowMs: number,
): Promise<void> {
  const { status, body } =
    refusalOf(grantOf(request)) ?? (await answerHistoryRequest(history, request.url ?? '/', nowMs));
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': body.length,
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
    ...(status === 401 ? { 'www-authenticate': 'Bearer' } : {}),
  });
  response.end(body);
}

function refusalOf(grant: ReturnType<GrantOf>): { readonly status: number; readonly body: Buffer } | undefined {
  const refusal = bearerRefusal(grant, 'the history', ({ scope }) => scope === undefined, 'sees every series');
  if (refusal === undefined) return undefined;
  const { status, code, message } = refusal;
  return { status, body: Buffer.from(`${JSON.stringify({ error: { code, message } })}\n`) };
}
