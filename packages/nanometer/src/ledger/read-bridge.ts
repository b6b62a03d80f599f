import type { BridgeStats } from '@nanometer/bridge';
import { parseExposition } from './exposition.ts';
import { fetchHop, fetchJson } from './fetch-hop.ts';
import type { BridgeReading, Hop } from './hop.ts';
import { addUpdates, updatesOf } from './updates.ts';

function isBridgeStats(value: unknown): value is BridgeStats {
  const { receivedBy, outputs, live } = (value ?? {}) as Partial<BridgeStats>;
  return typeof receivedBy === 'object' && typeof outputs === 'object' && typeof live === 'object';
}

/** Reads a bridge by the address of its page; of its totals those of the given service instances. */
export async function readBridge(page: URL, instances: readonly (string | undefined)[]): Promise<BridgeReading> {
  const stats = await fetchJson('bridge', new URL('api/v1/stats', page), isBridgeStats);
  const exposition = parseExposition(await fetchHop('bridge', new URL('metrics', page)));
  const { clients, framesConflated } = stats.live;
  const notes: Readonly<Record<string, string>> = {
    live: `${clients} ${clients === 1 ? 'subscriber' : 'subscribers'}, ${framesConflated} frames conflated`,
    ...(stats.statsd === undefined ? {} : { statsd: `${stats.statsd.packetsSent} datagrams sent` }),
  };
  const outputs = Object.entries(stats.outputs).map(([output, { received, forwarded, held, dropped }]): Hop => {
    return {
      name: `bridge → ${output}`,
      unit: 'points',
      received,
      forwarded,
      held,
      dropped,
      note: notes[output],
    };
  });
  return {
    received: stats.receivedBy.grpc + stats.receivedBy.http,
    outputs,
    note: `${stats.series} series`,
    updates: addUpdates(instances.map((instance) => updatesOf(exposition, instance))),
  };
}
