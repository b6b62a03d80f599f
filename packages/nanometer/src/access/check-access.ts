import { CliError } from '../cli-error.ts';
import { EXIT } from '../exit-code.ts';
import { bearerOf } from './bearer.ts';

/**
 * Asks the bridge whether it would let this command in, as a stream that is refused only looks like one that is not there. Silent
 * where nothing answers: who connects says so.
 *
 * @throws CliError `UNAUTHORIZED`.
 */
export async function checkAccess(page: URL, limit: AbortSignal): Promise<void> {
  const { token } = bearerOf(process.env);
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const status = await fetch(new URL('ticket', page), { method: 'POST', headers, signal: limit }).then(
    (response) => response.status,
    () => undefined,
  );
  if (status !== 401) return;
  const message = token === undefined ? 'asks for a token' : 'does not know the token';
  const hint = 'set NANOMETER_TOKEN to one of those the bridge was started with (--tokens FILE)';
  throw new CliError('UNAUTHORIZED', EXIT.unreachable, `the bridge at ${page.href} ${message}`, hint);
}
