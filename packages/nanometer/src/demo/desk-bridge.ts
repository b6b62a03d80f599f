import type { Bridge, BridgeStats } from '@nanometer/bridge';
import { bearerHeaders } from '../access/bearer.ts';
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
 * A bridge that runs elsewhere, by the address of its page. What it dropped before this desk is not this desk's.
 *
 * @throws CliError `BRIDGE_UNREACHABLE`.
 */
export async function remoteBridge(page: URL): Promise<DeskBridge> {
  const live = liveUrlOf(page);
  const push = new URL('push', live);
  const droppedBefore = droppedPoints(await statsOf(page));
  let dropped = 0;
  return {
    addresses: { page: page.href, live: live.href, push: push.href, metrics: new URL('metrics', page).href },
    dropped: () => dropped,
    settle: async () => {
      dropped = droppedPoints(await statsOf(page)) - droppedBefore;
    },
  };
}

async function statsOf(page: URL): Promise<Pick<BridgeStats, 'outputs'>> {
  const url = new URL('api/v1/stats', page);
  try {
    const response = await fetch(url, { headers: bearerHeaders(process.env) });
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    return (await response.json()) as BridgeStats;
  } catch (error) {
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
