import type { RollupAnswer, SeriesAnswer } from '@nanometer/history';
import { bearerHeaders } from '../access/bearer.ts';
import { unauthorized } from '../access/check-access.ts';
import { CliError } from '../cli-error.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';

const ANSWER_LIMIT_MS = 30_000;
const EXIT_BY_CODE: Readonly<Record<string, ExitCode>> = {
  INVALID_QUERY: EXIT.usage,
  TOO_MANY_POINTS: EXIT.usage,
  HISTORY_OFF: EXIT.config,
};

/**
 * Asks a bridge's history; `NANOMETER_TOKEN` is sent where it asks for one. `option` is the one that says where the bridge is.
 *
 * @throws CliError `BRIDGE_UNREACHABLE`, `UNAUTHORIZED`, or the bridge's own code.
 */
export function readHistory(page: URL, search: URLSearchParams, option = '--bridge'): Promise<RollupAnswer> {
  return ask<RollupAnswer>(page, `api/v1/history?${search.toString()}`, option);
}

/** Asks which series a bridge's history has; see {@link readHistory}. */
export function readSeries(page: URL, search: URLSearchParams): Promise<SeriesAnswer> {
  return ask<SeriesAnswer>(page, `api/v1/series?${search.toString()}`, '--bridge');
}

async function ask<T>(page: URL, path: string, option: string): Promise<T> {
  let response: Response;
  let document: T | { readonly error?: { readonly code?: string; readonly message?: string } };
  try {
    response = await fetch(new URL(path, page), {
      signal: AbortSignal.timeout(ANSWER_LIMIT_MS),
      headers: bearerHeaders(process.env),
    });
    if (response.status === 401) throw unauthorized(page);
    document = (await response.json()) as typeof document;
  } catch (error) {
    if (error instanceof CliError) throw error;
    const why = error instanceof Error ? ((error.cause as Error | undefined)?.message ?? error.message) : String(error);
    const hint = `start one with \`nanometer up --history DIR\`, or say where it is with ${option} URL`;
    throw new CliError('BRIDGE_UNREACHABLE', EXIT.unreachable, `no history answers at ${page.origin}: ${why}`, hint);
  }
  if (response.ok) return document as T;
  const { code = `HTTP_${response.status}`, message = response.statusText } =
    (document as { readonly error?: { readonly code?: string; readonly message?: string } }).error ?? {};
  throw new CliError(code, EXIT_BY_CODE[code] ?? EXIT.unreachable, message);
}
