import { bearerHeaders } from '../access/bearer.ts';
import { CliError } from '../cli-error.ts';
import { EXIT } from '../exit-code.ts';

const READ_LIMIT_MS = 10_000;

/** The body of a GET, or of a POST of a form; the bridge is shown `NANOMETER_TOKEN`. Throws `CliError` `HOP_UNREADABLE` when there is no good answer. */
export async function fetchHop(hop: string, url: URL, form?: Readonly<Record<string, string>>): Promise<string> {
  try {
    const post = form && { method: 'POST', body: new URLSearchParams(form) };
    const headers = hop === 'bridge' ? bearerHeaders(process.env) : {};
    const response = await fetch(url, { ...post, headers, signal: AbortSignal.timeout(READ_LIMIT_MS) });
    const text = await response.text();
    if (hop === 'bridge' && response.status === 401) throw new Error('HTTP 401, set NANOMETER_TOKEN');
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    return text;
  } catch (error) {
    throw unreadable(hop, url, error);
  }
}

/** The same, as JSON of a shape that `check` accepts. */
export async function fetchJson<T>(
  hop: string,
  url: URL,
  check: (value: unknown) => value is T,
  form?: Readonly<Record<string, string>>,
): Promise<T> {
  const text = await fetchHop(hop, url, form);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw unreadable(hop, url, error);
  }
  if (!check(value)) throw unreadable(hop, url, new Error('the answer is not what this program gives'));
  return value;
}

function unreadable(hop: string, url: URL, error: unknown): CliError {
  const why = error instanceof Error ? ((error.cause as Error | undefined)?.message ?? error.message) : String(error);
  const hint = `say where it is with --${hop} URL, or --${hop} none when there is none`;
  return new CliError('HOP_UNREADABLE', EXIT.unreadable, `the ${hop} cannot be read at ${url.href}: ${why}`, hint);
}
