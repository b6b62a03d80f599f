import { isLocalPeer } from '@nanometer/live/parts';
import { secretGrants } from './bearer-access.ts';

/** Whether OTLP is taken from everyone who reaches it, or from the bearers of a token. */
export type OtlpAccess = 'open' | 'bearer';

export const OTLP_ACCESS: readonly OtlpAccess[] = ['open', 'bearer'];

/** Who sends: the `authorization` header or metadata, and the address. */
export interface OtlpSender {
  readonly authorization: string | undefined;
  readonly remoteAddress: string | undefined;
}

/** Why a sender may not; undefined when it may. */
export type OtlpRefusal = (sender: OtlpSender) => string | undefined;

/** Settings of {@link otlpRefusal}. */
export interface OtlpAccessOptions {
  readonly otlpAccess: OtlpAccess;
  readonly otlpTokens: readonly string[] | undefined;
}

/**
 * Decides who may send OTLP. Without tokens it is who is on this machine, as for pushes.
 *
 * @throws BridgeError `INVALID_OPTION`.
 */
export function otlpRefusal({ otlpAccess, otlpTokens }: OtlpAccessOptions): OtlpRefusal {
  const grants = secretGrants(otlpTokens, 'otlpTokens');
  if (otlpAccess === 'open') return () => undefined;
  if (grants !== undefined) {
    return ({ authorization }) =>
      grants(authorization) === undefined
        ? 'OTLP needs the header "Authorization: Bearer TOKEN" with one of otlpTokens'
        : undefined;
  }
  return (sender) =>
    isLocalPeer(sender)
      ? undefined
      : 'without tokens only programs of the same machine may send OTLP; give the bridge otlpTokens, or say otlpAccess: open';
}
