import type { Bridge, BridgeStats } from '@nanometer/bridge';
import { bearerHeaders } from '../access/bearer.ts';
import { unauthorized } from '../access/check-access.ts';
import { CliError } from '../cli-error.ts';
import { EXIT } from '../exit-code.ts';
import { liveUrlOf } from '../live-url.ts';

/** The bridge a desk's metrics end in: one in this process, or one that runs elsewhere. */
export interface DeskBridge {
  readonly addresses: Pick<Bridge['addresses'], 'page' | 'live' | 'push' | 'metrics'>;
  /** Points it did not pass on, as far as known. */
  dropped(): number;
  /** Brings `dropped` up to date and sends what StatsD lacks, where the bridge is ours. */
  settle(): Promise<void>;
}

/** A bridge of this process. */
export function ownBridge(bridge: Bridge): DeskBridge {
  return {
    addresses: bridge.addresses,
    dropped: () => droppedPoints(bridge.stats()),
    settle: () => bridge.flush(),
  };
}

/**
 * A bridge that runs elsewhere, by the address of its page. What it dropped before this desk is not this desk's. Services push to
 * `givenPush`, or where the bridge says.
 *
 * @throws CliError `BRIDGE_UNREACHABLE`, `UNAUTHORIZED`.
 */
export async function remoteBridge(page: URL, givenPush?: URL): Promise<DeskBridge> {
  const live = liveUrlOf(page);
  const stats = await statsOf(page);
  const push = givenPush ?? pushUrlOf(live, stats);
  const droppedBefore = droppedPoints(stats);
  let dropped = 0;
  return {
    addresses: { page: page.href, live: live.href, push: push.href, metrics: new URL('metrics', page).href },
    dropped: () => dropped,
    settle: async () => {
      dropped = droppedPoints(await statsOf(page)) - droppedBefore;
    },
  };
}

/** Beside the stream, unless the bridge has a port of its own for it. */
function pushUrlOf(live: URL, { pushPort }: RemoteStats): URL {
  const push = new URL('push', live);
  if (pushPort === undefined) return push;
  push.port = String(pushPort);
  push.pathname = '/push';
  return push;
}

type RemoteStats = Pick<BridgeStats, 'outputs' | 'pushPort'>;

async function statsOf(page: URL): Promise<RemoteStats> {
  const url = new URL('api/v1/stats', page);
  try {
    const response = await fetch(url, { headers: bearerHeaders(process.env) });
    if (response.status === 401) throw unauthorized(page);
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    return (await response.json()) as BridgeStats;
  } catch (error) {
    if (error instanceof CliError) throw error;
    const why = error instanceof Error ? ((error.cause as Error | undefined)?.message ?? error.message) : String(error);
    const hint = 'start one with `nanometer up`, or leave --bridge out to have one in this process';
    throw new CliError('BRIDGE_UNREACHABLE', EXIT.unreachable, `no bridge answers at ${url.href}: ${why}`, hint);
  }
}

/** Causes that are no loss: the bridge had the point, or a later one of the same total, by the fast lane. */
const HARMLESS: readonly string[] = ['duplicate_point', 'stale_point'];

function droppedPoints({ outputs }: Pick<BridgeStats, 'outputs'>): number {
  let dropped = 0;
  for (const ledger of Object.values(outputs)) {
    for (const [cause, count] of Object.entries(ledger.dropped)) if (!HARMLESS.includes(cause)) dropped += count;
  }
  return dropped;
}
