import type { IncomingMessage, ServerResponse } from 'node:http';
import { type AlertCenter, answerAlertRequest, type ApiAnswer } from '@nanometer/alerting';
import { hearsTopic } from '@nanometer/live';
import { ALERTS_TOPIC } from '../alerts-topic.ts';
import { bearerRefusal, type GrantOf } from './bearer-access.ts';
import { BodyError, readBody } from './read-body.ts';

const BODY_BYTES_MAX = 64 * 1024;

/**
 * Answers a request of the API of alerts. A change must come as JSON, which a page of another origin cannot send unasked. Where the
 * stream asks for tokens, so does the API, for one that hears the topic `alerts`.
 */
export async function sendAlertAnswer(
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
  center: AlertCenter | undefined,
  grantOf: GrantOf,
  nowMs: number,
): Promise<void> {
  const { status, body, allow } = refusalOf(grantOf(request)) ?? (await answer(request, path, center, nowMs));
  const bytes = Buffer.from(`${JSON.stringify(body)}\n`, 'utf8');
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': bytes.length,
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
    ...(allow === undefined ? {} : { allow }),
    ...(status === 401 ? { 'www-authenticate': 'Bearer' } : {}),
  });
  response.end(bytes);
}

function refusalOf(grant: ReturnType<GrantOf>): ApiAnswer | undefined {
  const refusal = bearerRefusal(
    grant,
    'the API of alerts',
    (given) => hearsTopic(given, ALERTS_TOPIC),
    `hears the topic "${ALERTS_TOPIC}"`,
  );
  return refusal && { status: refusal.status, body: { error: refusal.message } };
}

async function answer(
  request: IncomingMessage,
  path: string,
  center: AlertCenter | undefined,
  nowMs: number,
): Promise<ApiAnswer> {
  if (center === undefined) return { status: 404, body: { error: 'this bridge has no rules; see alerts.rulesFile' } };
  const { method = 'GET' } = request;
  if (method === 'GET' || method === 'DELETE') return answerAlertRequest(center, method, path, '', nowMs);
  const type = request.headers['content-type']?.split(';')[0]?.trim();
  if (type !== 'application/json') return { status: 415, body: { error: 'content-type must be application/json' } };
  try {
    const body = await readBody(request, BODY_BYTES_MAX);
    const result = answerAlertRequest(center, method, path, body.toString('utf8'), nowMs);
    // What is answered survives.
    await center.durable();
    return result;
  } catch (error) {
    if (error instanceof BodyError) return { status: error.status, body: { error: error.message } };
    throw error;
  }
}
