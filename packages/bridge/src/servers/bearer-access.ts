import type { IncomingMessage } from 'node:http';
import { type Grant, LiveError } from '@nanometer/live';
import { bearerGrants } from '@nanometer/live/parts';
import { BridgeError } from '../errors.ts';

/** What the bearer of a request may see of the stream; undefined when nothing. */
export type GrantOf = (request: IncomingMessage) => Grant | undefined;

/** Why a request may not, as its answer. */
export interface BearerRefusal {
  readonly status: 401 | 403;
  readonly code: 'UNAUTHORIZED' | 'FORBIDDEN';
  readonly message: string;
}

/** Whether a grant is enough to ask for `what`: undefined when so. `needs` completes "needs a token that …". */
export function bearerRefusal(
  grant: Grant | undefined,
  what: string,
  isAllowed: (grant: Grant) => boolean,
  needs: string,
): BearerRefusal | undefined {
  if (grant === undefined) {
    return { status: 401, code: 'UNAUTHORIZED', message: `${what} needs a bearer token of the stream` };
  }
  return isAllowed(grant)
    ? undefined
    : { status: 403, code: 'FORBIDDEN', message: `${what} needs a token that ${needs}` };
}

/**
 * Knows the bearers of the secrets that an option lists; undefined when there are none.
 *
 * @throws BridgeError `INVALID_OPTION`.
 */
export function secretGrants(
  tokens: readonly string[] | undefined,
  option: string,
): ReturnType<typeof bearerGrants> | undefined {
  if (tokens === undefined) return undefined;
  try {
    return bearerGrants(tokens.map((token) => ({ token, name: option })));
  } catch (error) {
    if (!(error instanceof LiveError)) throw error;
    throw new BridgeError('INVALID_OPTION', `${option}: ${error.message}`, option, error);
  }
}
