import type { IncomingMessage, ServerResponse } from 'node:http';
import { TICKET_PROTOCOL_PREFIX } from '../../protocol/messages.ts';
import type { ResolvedOptions } from '../options.ts';
import type { ServerCounters } from '../stats.ts';
import { TICKET_LIFE_MS } from './authenticator.ts';
import type { Authenticator } from './authenticator.ts';
import { hostAllowed } from './host.ts';
import { originAllowed } from './origin.ts';

interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, string | number>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Answers `POST` of the ticket path: a browser cannot send a token with a WebSocket, so its page trades the token for a
 * ticket that opens one connection. Returns false for requests of other paths.
 */
export function answerTicketRequest(
  request: IncomingMessage,
  response: ServerResponse,
  options: ResolvedOptions,
  counters: ServerCounters,
  authenticator: Authenticator,
): boolean {
  if ((request.url ?? '').split('?', 1)[0] !== options.ticketPath) return false;
  // The body, if any, is of no interest; it must still be read for the connection to go on.
  request.resume();
  const { status, body, headers } = answer(request, options, counters, authenticator);
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
    ...headers,
  });
  response.end(text);
  return true;
}

function answer(
  request: IncomingMessage,
  options: ResolvedOptions,
  counters: ServerCounters,
  authenticator: Authenticator,
): Answer {
  if (!hostAllowed(request.headers.host, options.allowedHosts)) {
    counters.reject('host_refused');
    return { status: 403, body: { code: 'host_refused', message: 'this host is not in allowedHosts' } };
  }
  if (!originAllowed(request, options.allowedOrigins)) {
    counters.reject('origin_refused');
    return { status: 403, body: { code: 'origin_refused', message: 'this origin is not in allowedOrigins' } };
  }
  if (request.method !== 'POST') {
    return {
      status: 405,
      body: { code: 'method_not_allowed', message: 'tickets are given for POST' },
      headers: { allow: 'POST' },
    };
  }
  if (!authenticator.isRequired) {
    return {
      status: 404,
      body: { code: 'no_tickets', message: 'this server lets everyone in; connect without a ticket' },
    };
  }
  const grant = authenticator.ofHeader(request.headers.authorization);
  if (grant === undefined) {
    counters.reject('unauthorized');
    return {
      status: 401,
      body: {
        code: 'unauthorized',
        message: 'expected the header "Authorization: Bearer TOKEN" with a token of this server',
      },
      headers: { 'www-authenticate': 'Bearer' },
    };
  }
  const ticket = authenticator.issue(grant);
  if (ticket === undefined) {
    counters.reject('too_many_tickets');
    const limit = options.limits.tickets;
    return {
      status: 503,
      body: { code: 'too_many_tickets', message: `${limit} tickets are out, the limit; try again in 30 s`, limit },
    };
  }
  return {
    status: 200,
    body: {
      ticket,
      protocol: `${TICKET_PROTOCOL_PREFIX}${ticket}`,
      expiresInMs: TICKET_LIFE_MS,
      // For the person in front of the page: as whom they are there, and whether what they see is all there is.
      name: grant.name,
      sees: grant.scope === undefined ? 'everything' : 'part',
    },
  };
}
