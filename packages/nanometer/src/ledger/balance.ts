import type { CollectorReading, ExporterReading, Hop, Reading } from './hop.ts';
import { addUpdates, missingUpdates } from './updates.ts';

/** One line of the ledger. */
export interface Row extends Hop {
  /** What is missing here: it went in, and did not come out, is not held, and is not named as dropped. */
  readonly missing: number | undefined;
}

/** The chain at one moment. */
export interface Balance {
  readonly rows: readonly Row[];
  /** Counted by the services and not found, by place and metric family. */
  readonly missingUpdates: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** Every difference is explained by what is held, and nothing that matters was dropped. */
  readonly complete: boolean;
}

/** Drops by which nothing is lost: the point was there already, a later one had replaced it, or it said that it has no value. */
const HARMLESS: ReadonlySet<string> = new Set(['duplicate_point', 'stale_point', 'no_recorded_value']);

/**
 * Compares what hops had passed on at the first reading with what the next ones had at the last: whatever moves in between can only
 * make the difference smaller.
 */
export function balance(first: Reading, last: Reading): Balance {
  const updates = addUpdates(first.services.map((service) => service.updates));
  const missing = {
    ...(last.prometheus ? { prometheus: missingUpdates(updates, last.prometheus) } : {}),
    ...(last.bridge ? { bridge: missingUpdates(updates, last.bridge.updates) } : {}),
  };
  const places = Object.values(missing);
  const allArrived = updates.size > 0 && places.length > 0 && places.every((each) => Object.keys(each).length === 0);
  const counted = [...serviceRows(last), ...collectorRows(first, last), ...bridgeRows(first, last)];
  const rows = allArrived ? counted.map(excused) : counted;
  const named = rows.some(({ dropped }) => lossOf(dropped) > 0);
  const lacks = rows.some((row) => (row.missing ?? 0) > 0);
  const found = places.some((each) => Object.keys(each).length > 0);
  return { rows, missingUpdates: missing, complete: !named && !lacks && !found };
}

/** A hop that was started anew counts from zero; what the services counted has arrived all the same. */
function excused(row: Row): Row {
  return (row.missing ?? 0) > 0 ? { ...row, missing: 0, note: 'began to count later; all totals arrived' } : row;
}

/** Drops that lose something. */
export function lossOf(dropped: Readonly<Record<string, number>>): number {
  let loss = 0;
  for (const [cause, count] of Object.entries(dropped)) if (!HARMLESS.has(cause)) loss += count;
  return loss;
}

function serviceRows({ services }: Reading): Row[] {
  return services.flatMap(({ hops }) => hops.map((hop) => ({ ...hop, missing: ownDifference(hop) })));
}

/** By a hop's own account: received = forwarded + held + dropped. */
function ownDifference({ received, forwarded, held, dropped }: Hop): number | undefined {
  if (received === undefined || forwarded === undefined || held === undefined) return undefined;
  return received - forwarded - held - Object.values(dropped).reduce((sum, count) => sum + count, 0);
}

function forwardedByServices({ services }: Reading): number | undefined {
  let sum = 0;
  for (const { forwarded } of services) {
    if (forwarded === undefined) return undefined;
    sum += forwarded;
  }
  return services.length === 0 ? undefined : sum;
}

/** What went in before and has not come out since; more may have come from others, or twice. */
function lacking(before: number | undefined, after: number): number | undefined {
  return before === undefined ? undefined : Math.max(0, before - after);
}

function collectorRows(first: Reading, { collectors }: Reading): Row[] {
  return collectors.flatMap((collector, index) => {
    const { name, accepted, exporters } = collector;
    const before = first.collectors[index]?.accepted ?? 0;
    const upstream = index === 0 ? forwardedByServices(first) : sentBy(first.collectors[index - 1]);
    const head: Row = {
      name,
      unit: 'points',
      received: accepted,
      forwarded: undefined,
      held: undefined,
      dropped: {},
      missing: lacking(upstream, accepted),
    };
    return [head, ...exporters.map((exporter) => exporterRow(name, exporter, before, accepted))];
  });
}

/** What a collector has sent on to the next hop: by its only exporter, or by the one that is called after the bridge. */
function sentBy(collector: CollectorReading | undefined): number | undefined {
  const exporters = collector?.exporters ?? [];
  return (exporters.length === 1 ? exporters[0] : exporters.find(({ name }) => name.includes('bridge')))?.sent;
}

function exporterRow(
  collector: string,
  { name, sent, dropped, queued }: ExporterReading,
  before: number,
  accepted: number,
): Row {
  const lost = Object.values(dropped).reduce((sum, count) => sum + count, 0);
  const waiting = queued > 0;
  return {
    name: `${collector} → ${name}`,
    unit: 'points',
    received: accepted,
    forwarded: sent,
    held: Math.max(0, accepted - sent - lost),
    dropped,
    // The queue is measured in bytes or requests: as long as it holds something, what has not been sent is in it.
    missing: waiting ? 0 : lacking(before, sent + lost),
    ...(waiting ? { note: `queue ${queued}` } : {}),
  };
}

function bridgeRows(first: Reading, { bridge }: Reading): Row[] {
  if (bridge === undefined) return [];
  const upstream = first.collectors.length === 0 ? forwardedByServices(first) : sentBy(first.collectors.at(-1));
  const head: Row = {
    name: 'bridge',
    unit: 'points',
    received: bridge.received,
    forwarded: undefined,
    held: undefined,
    dropped: {},
    note: bridge.note,
    missing: lacking(upstream, bridge.received),
  };
  return [head, ...bridge.outputs.map((hop) => ({ ...hop, missing: ownDifference(hop) }))];
}
