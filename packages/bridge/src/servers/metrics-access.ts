import type { IncomingMessage } from 'node:http';
import type { LiveToken } from '@nanometer/live';
import { isLocalPeer } from '@nanometer/live/parts';
import { type BearerRefusal, bearerRefusal, type GrantOf, secretGrants } from './bearer-access.ts';

/** Whether `/metrics` and `/api/v1/stats` are for everyone who reaches them, or for the bearers of a token. */
export type MetricsAccess = 'open' | 'bearer';

export const METRICS_ACCESS: readonly MetricsAccess[] = ['open', 'bearer'];

/** Why a request may not read the metrics; undefined when it may. */
export type MetricsRefusal = (request: IncomingMessage, path: string) => BearerRefusal | undefined;

/** Settings of {@link metricsRefusal}. */
export interface MetricsAccessOptions {
  readonly metricsAccess: MetricsAccess;
  /** Secrets that let in here and nowhere else. */
  readonly metricsTokens: readonly string[] | undefined;
  /** Those of the stream: one without a scope sees every series, here as there. */
  readonly liveTokens: readonly LiveToken[] | undefined;
}

/**
 * Decides who may read `/metrics` and `/api/v1/stats`. They show every series, so a token with a scope must not be a way around it.
 * Without any tokens it is who is on this machine.
 *
 * @throws BridgeError `INVALID_OPTION`.
 */
export function metricsRefusal(
  { metricsAccess, metricsTokens, liveTokens }: MetricsAccessOptions,
  streamGrantOf: GrantOf,
): MetricsRefusal {
  const grants = secretGrants(metricsTokens, 'metricsTokens');
  if (metricsAccess === 'open') return () => undefined;
  return (request, path) => {
    if (grants?.(request.headers.authorization) !== undefined) return undefined;
    if (liveTokens !== undefined) {
      const isAllowed = ({ scope }: NonNullable<ReturnType<GrantOf>>): boolean => scope === undefined;
      return bearerRefusal(streamGrantOf(request), path, isAllowed, 'sees every series');
    }
    if (grants === undefined && isLocalPeer(request.socket)) return undefined;
    const message =
      grants === undefined
        ? `without tokens only programs of the same machine may read ${path}; give the bridge metricsTokens, or say metricsAccess: open`
        : `${path} needs the header "Authorization: Bearer TOKEN" with one of metricsTokens`;
    return { status: 401, code: 'UNAUTHORIZED', message };
  };
}
