import { CliError } from '../cli-error.ts';
import { EXIT } from '../exit-code.ts';
import { bearerHeaders } from './bearer.ts';

/**
 * Asks the bridge whether it would let this command in, as a stream that is refused only looks like one that is not there. False
 * where nothing answers.
 *
 * @throws CliError `UNAUTHORIZED`.
 */
export async function checkAccess(page: URL, limit: AbortSignal): Promise<boolean> {
  const headers = bearerHeaders(process.env);
  const status = await fetch(new URL('ticket', page), { method: 'POST', headers, signal: limit }).then(
    (response) => response.status,
    () => undefined,
  );
  if (status === 401) throw unauthorized(page);
  return status !== undefined;
}

/** The error of a command that a bridge has answered with 401. */
export function unauthorized(page: URL): CliError {
  const isWrong = bearerHeaders(process.env)['authorization'] !== undefined;
  const message = isWrong ? 'does not know the token' : 'asks for a token';
  const hint = 'set NANOMETER_TOKEN to one of those the bridge was started with (--tokens FILE)';
  return new CliError('UNAUTHORIZED', EXIT.unreachable, `the bridge at ${page.href} ${message}`, hint);
}
