import { SERVER_CLOCK } from '../server-clock.ts';
import { Authenticator, type LiveToken } from './authenticator.ts';
import type { Grant } from './grant.ts';

/**
 * What the bearer of an `Authorization` header may see, by the tokens of a server that runs elsewhere, such as in a worker:
 * everything where there are none, undefined when nothing.
 *
 * @throws LiveError `invalid_option`.
 */
export function bearerGrants(
  tokens: readonly LiveToken[] | undefined,
): (header: string | undefined) => Grant | undefined {
  const authenticator = new Authenticator(tokens, SERVER_CLOCK, 1);
  return (header) => authenticator.ofHeader(header);
}
