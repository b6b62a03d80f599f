import type { AlertCenter } from '../center/alert-center.ts';
import { ApiError, duration, name, optionalText, parsedBody, record, time } from './read-body.ts';

/** An answer: a status and what goes into its body as JSON. */
export interface ApiAnswer {
  readonly status: number;
  readonly body: object;
  /** Methods that would have been taken, with a 405. */
  readonly allow?: string;
}

/** Whether a path belongs to the API of alerts. */
export function isAlertPath(path: string): boolean {
  return /^\/api\/v1\/(?:alerts|silences)(?:\/|$)/.test(path);
}

/**
 * The API of alerts, without the server around it:
 *
 *     GET    /api/v1/alerts                            all alerts, those that ended lately last
 *     POST   /api/v1/alerts/{fingerprint}/acknowledge  {by, comment?, for?}
 *     POST   /api/v1/alerts/{fingerprint}/shelve       {by, for, comment?}
 *     GET    /api/v1/silences
 *     POST   /api/v1/silences                          {matchers, createdBy, comment?, for | endsAt, startsAt?}
 *     DELETE /api/v1/silences/{id}
 *
 * Durations are text such as `30m`, times ISO 8601. Never throws.
 */
export function answerAlertRequest(
  center: AlertCenter,
  method: string,
  path: string,
  body: string,
  nowMs: number,
): ApiAnswer {
  try {
    return route(center, method, path, body, nowMs);
  } catch (error) {
    if (error instanceof ApiError) return { status: error.status, body: { error: error.message } };
    return { status: 500, body: { error: String(error) } };
  }
}

function route(center: AlertCenter, method: string, path: string, body: string, nowMs: number): ApiAnswer {
  if (path === '/api/v1/alerts') return method === 'GET' ? ok({ alerts: center.list() }) : notAllowed('GET');
  if (path === '/api/v1/silences') return silences(center, method, body, nowMs);
  const silence = /^\/api\/v1\/silences\/([0-9a-f-]{36})$/.exec(path);
  if (silence) {
    if (method !== 'DELETE') return notAllowed('DELETE');
    return center.unsilence(silence[1]!) ? ok({}) : notFound(`no silence ${silence[1]}`);
  }
  const action = /^\/api\/v1\/alerts\/([0-9a-f]{16})\/(acknowledge|shelve)$/.exec(path);
  if (!action) return notFound(`nothing at ${path}`);
  if (method !== 'POST') return notAllowed('POST');
  const [, fingerprint = '', verb] = action;
  const content = parsedBody(body);
  const by = name(content, 'by');
  const comment = optionalText(content, 'comment');
  const forMs = duration(content, 'for');
  if (verb === 'shelve' && forMs === undefined) throw new ApiError(400, '"for" is missing: how long, such as "30m"');
  const done =
    verb === 'shelve'
      ? center.shelve(fingerprint, by, nowMs + forMs!, comment)
      : center.acknowledge(fingerprint, by, comment, forMs === undefined ? undefined : nowMs + forMs);
  return done ? ok({}) : notFound(`no alert with the fingerprint ${fingerprint} is pending or fires`);
}

function silences(center: AlertCenter, method: string, body: string, nowMs: number): ApiAnswer {
  if (method === 'GET') return ok({ silences: center.silences() });
  if (method !== 'POST') return notAllowed('GET, POST');
  const content = parsedBody(body);
  const matchers = record(content, 'matchers');
  const startsAtMs = time(content, 'startsAt') ?? nowMs;
  const forMs = duration(content, 'for');
  const endsAtMs = time(content, 'endsAt') ?? (forMs === undefined ? undefined : startsAtMs + forMs);
  if (endsAtMs === undefined) throw new ApiError(400, '"for" or "endsAt" is missing: a silence must end');
  if (!(endsAtMs > nowMs && endsAtMs > startsAtMs)) throw new ApiError(400, 'the silence would end before it begins');
  const createdBy = name(content, 'createdBy');
  const made = center.silence({ matchers, startsAtMs, endsAtMs, createdBy, comment: optionalText(content, 'comment') });
  return made ? { status: 201, body: made } : { status: 429, body: { error: 'there are as many silences as may be' } };
}

function ok(body: object): ApiAnswer {
  return { status: 200, body };
}

function notFound(error: string): ApiAnswer {
  return { status: 404, body: { error } };
}

function notAllowed(allow: string): ApiAnswer {
  return { status: 405, body: { error: `use ${allow}` }, allow };
}
