import { createHash, timingSafeEqual } from 'node:crypto';
import type { LiveToken } from '@nanometer/live';

/** Why a request may not, as its answer. */
export interface BearerRefusal {
  readonly status: 401 | 403;
  readonly code: 'UNAUTHORIZED' | 'FORBIDDEN';
  readonly message: string;
}

/**
 * Whether the bearer of a request may ask for `what`: undefined when so, and always where the stream asks for no tokens. `needs`
 * completes "needs a token that …".
 */
export function bearerRefusal(
  authorization: string | undefined,
  tokens: readonly LiveToken[] | undefined,
  what: string,
  isAllowed: (token: LiveToken) => boolean,
  needs: string,
): BearerRefusal | undefined {
  if (tokens === undefined) return undefined;
  const presented = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
  let found: LiveToken | undefined;
  if (presented !== undefined) {
    // Of digests, and of all of them: the time taken says nothing of the tokens.
    const digest = digestOf(presented);
    for (const token of tokens) if (timingSafeEqual(digestOf(token.token), digest)) found = token;
  }
  if (found === undefined) {
    return { status: 401, code: 'UNAUTHORIZED', message: `${what} needs a bearer token of the stream` };
  }
  return isAllowed(found)
    ? undefined
    : { status: 403, code: 'FORBIDDEN', message: `${what} needs a token that ${needs}` };
}

function digestOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}
