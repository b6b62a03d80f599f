import type { Check } from './check.ts';

/** Reached or not within this. */
const REACH_LIMIT_MS = 3_000;
/** HTTP dates have a resolution of one second. */
const SKEW_MS_MAX = 2_000;

/** An answer to a GET, or why there was none. */
export interface Reached {
  readonly ok: boolean;
  readonly why: string;
  readonly durationMs: number;
  /** `Date` of the answer minus the clock here, milliseconds; NaN when the answer does not say. */
  readonly skewMs: number;
}

/** GETs a URL and looks at nothing but that it answers well. */
export async function reach(url: URL): Promise<Reached> {
  const startMs = performance.now();
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(REACH_LIMIT_MS) });
    await response.arrayBuffer();
    const skewMs = Date.parse(response.headers.get('date') ?? '') - Date.now();
    const why = response.ok ? '' : `HTTP ${response.status}`;
    return { ok: response.ok, why, durationMs: performance.now() - startMs, skewMs };
  } catch (error) {
    const { message, cause } = error as Error & { cause?: Error };
    return { ok: false, why: cause?.message ?? message, durationMs: performance.now() - startMs, skewMs: Number.NaN };
  }
}

/** Whether something answers at its address; not asked for when there is no address. */
export async function reachCheck(id: string, url: URL | undefined, path: string, fix: string): Promise<Check> {
  if (url === undefined) return { id, status: 'skip', detail: `not asked for; --${id} URL` };
  const { ok, why, durationMs, skewMs } = await reach(new URL(path, url));
  if (!ok) return { id, status: 'fail', detail: `${url.href} does not answer: ${why}`, fix };
  if (Math.abs(skewMs) > SKEW_MS_MAX) {
    return {
      id,
      status: 'warn',
      detail: `${url.href} answers, its clock is ${(skewMs / 1000).toFixed(0)} s from the one here`,
      fix: 'run NTP or chrony on both: points of a clock that is off are dated wrongly, or refused',
      durationMs,
    };
  }
  return { id, status: 'ok', detail: url.href, durationMs };
}
