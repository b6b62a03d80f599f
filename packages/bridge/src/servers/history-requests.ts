import type { IncomingMessage, ServerResponse } from 'node:http';
import { answerHistoryRequest, type History } from '@nanometer/history';
import type { LiveToken } from '@nanometer/live';
import { bearerRefusal } from './bearer-access.ts';

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
  const { status, body } =
    refusalOf(request.headers.authorization, tokens) ??
    (await answerHistoryRequest(history, request.url ?? '/', nowMs));
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
  tokens: readonly LiveToken[] | undefined,
): { readonly status: number; readonly body: Buffer } | undefined {
  const refusal = bearerRefusal(header, tokens, 'the history', ({ scope }) => scope === undefined, 'sees every series');
  if (refusal === undefined) return undefined;
  const { status, code, message } = refusal;
  return { status, body: Buffer.from(`${JSON.stringify({ error: { code, message } })}\n`) };
}
