import type { Link } from '../feed/link.ts';
import { droppedPoints } from '../measures/lost-points.ts';
import type { Model } from '../model.ts';
import type { Cell, Measure } from '../store/measure.ts';
import type { RecentTimes } from '../store/recent-times.ts';
import type { Source } from '../store/sources.ts';
import { freshness } from '../view/freshness.ts';

/** A party of the graph; its column is its role. */
export interface Party {
  readonly id: string;
  readonly label: string;
  readonly role: 'exchange' | 'service' | 'bridge' | 'output';
}

/** What is wrong with a connection; `stale` is what nobody has spoken of lately. */
export type Health = 'good' | 'errors' | 'silent' | 'down' | 'stale';

/** What one party gets from another. */
export interface Connection {
  readonly id: string;
  readonly from: Party;
  readonly to: Party;
  readonly what: 'market data' | 'orders' | 'requests' | 'metrics';
  /** Per second; `NaN` where nobody counts. */
  readonly rate: number;
  readonly unit: string;
  /** Seconds; `NaN` where nobody measures. */
  readonly latency: number;
  readonly latencyName: string;
  readonly health: Health;
  /** The health in words. */
  readonly state: string;
}

/** Where the numbers come from. */
export interface GraphInputs {
  readonly model: Model;
  readonly sources: readonly Source[];
  readonly link: Link;
  readonly arrival: RecentTimes;
  readonly nowMs: number;
}

/** A feed that says nothing for longer is silent. */
const SILENT_SECONDS = 5;

/**
 * Who gets what from whom, as the series on the page tell it: exchanges and services by the attributes of what services
 * record, services by who sends anything at all, outputs by what the bridge says that it passes on. Nothing is known in
 * advance, and what nobody records has no connection.
 */
export function connectionsOf(inputs: GraphInputs): readonly Connection[] {
  return [...exchangeConnections(inputs), ...serviceConnections(inputs), ...outputConnections(inputs)];
}

const BRIDGE: Party = { id: 'bridge', label: 'bridge', role: 'bridge' };

function exchangeConnections({ model, nowMs }: GraphInputs): Connection[] {
  const of = model.topology;
  const found: Connection[] = [];
  for (const [service, exchange] of pairsOf(of.messages, of.links, of.orders, of.ordersToExchange, of.requests)) {
    const venue: Party = { id: `exchange ${exchange}`, label: exchange, role: 'exchange' };
    const desk: Party = { id: `service ${service}`, label: service, role: 'service' };
    const value = (measure: Measure): number => measure.value(service, exchange);
    const cell = (measure: Measure): Cell | undefined => measure.cell(service, exchange);
    const isStale = (...measures: readonly Measure[]): boolean =>
      freshness(measures.map(cell), nowMs).state === 'stale';
    if (known(value(of.messages)) || known(value(of.links))) {
      const age = value(of.feedAge);
      const [health, state]: [Health, string] = isStale(of.messages, of.links)
        ? ['stale', 'not heard of lately']
        : value(of.links) === 0
          ? ['down', 'link down']
          : age > SILENT_SECONDS
            ? ['silent', `silent for ${Math.round(age)} s`]
            : ['good', 'in order'];
      found.push({
        id: `${venue.id} ${desk.id} market data`,
        from: venue,
        to: desk,
        what: 'market data',
        rate: value(of.messages),
        unit: 'msg/s',
        latency: value(of.feedDelayP99),
        latencyName: 'delay p99',
        health,
        state,
      });
    }
    const orders = first(value(of.orders), value(of.ordersToExchange));
    if (known(orders)) {
      const rejected = first(value(of.rejected), value(of.rejectedByExchange));
      const [health, state]: [Health, string] = isStale(of.orders, of.ordersToExchange)
        ? ['stale', 'not heard of lately']
        : rejected > 0
          ? ['errors', `${share(rejected, orders)} rejected`]
          : ['good', 'in order'];
      found.push({
        id: `${desk.id} ${venue.id} orders`,
        from: desk,
        to: venue,
        what: 'orders',
        rate: orders,
        unit: 'orders/s',
        latency: value(of.ackP99),
        latencyName: 'ack p99',
        health,
        state,
      });
    }
    if (known(value(of.requests))) {
      const [health, state]: [Health, string] = isStale(of.requests)
        ? ['stale', 'not heard of lately']
        : value(of.errors) > 0
          ? ['errors', `${share(value(of.errors), value(of.requests))} failed`]
          : ['good', 'in order'];
      found.push({
        id: `${desk.id} ${venue.id} requests`,
        from: desk,
        to: venue,
        what: 'requests',
        rate: value(of.requests),
        unit: 'req/s',
        latency: value(of.requestP99),
        latencyName: 'p99',
        health,
        state,
      });
    }
  }
  return found;
}

function serviceConnections({ sources, nowMs }: GraphInputs): Connection[] {
  const newest = new Map<string, Source>();
  for (const source of sources) {
    if (source.bridge || source.superseded || source.newestMs === 0) continue;
    const known = newest.get(source.service);
    if (known === undefined || source.newestMs > known.newestMs) newest.set(source.service, source);
  }
  return [...newest].map(([service, source]) => {
    const ageMs = Math.max(0, nowMs - source.newestMs);
    const isSilent = ageMs > source.staleAfterMs;
    return {
      id: `service ${service} bridge`,
      from: { id: `service ${service}`, label: service, role: 'service' },
      to: BRIDGE,
      what: 'metrics',
      rate: NaN,
      unit: '',
      latency: ageMs / 1000,
      latencyName: 'heard',
      health: isSilent ? 'silent' : 'good',
      state: isSilent ? 'silent' : 'in order',
    };
  });
}

function outputConnections({ model, link, arrival, nowMs }: GraphInputs): Connection[] {
  const { forwarded } = model.topology;
  const dropped = model.trust.droppedByCause.cells();
  const outputs = new Set([...forwarded.cells(), ...dropped].map(({ key }) => key[0] as string));
  return [...outputs].sort().map((output) => {
    const { lost } = droppedPoints(dropped, output);
    const toPage = output === 'live';
    const [health, state]: [Health, string] =
      toPage && link.phase !== 'open'
        ? ['down', 'link lost']
        : freshness([forwarded.cell(output)], nowMs).state === 'stale'
          ? ['stale', 'not heard of lately']
          : lost > 0
            ? ['errors', `${lost} points dropped`]
            : ['good', 'nothing dropped'];
    return {
      id: `bridge output ${output}`,
      from: BRIDGE,
      to: { id: `output ${output}`, label: toPage ? 'live, this page' : output, role: 'output' },
      what: 'metrics',
      rate: forwarded.value(output),
      unit: 'points/s',
      latency: toPage ? arrival.quantile(0.99) / 1000 : NaN,
      latencyName: 'here p99',
      health,
      state,
    };
  });
}

function pairsOf(...measures: readonly Measure[]): (readonly [service: string, exchange: string])[] {
  const pairs = new Map<string, readonly [string, string]>();
  for (const measure of measures) {
    for (const { key } of measure.cells()) pairs.set(key.join('\u0000'), key as readonly [string, string]);
  }
  return [...pairs.values()];
}

function known(value: number): boolean {
  return !Number.isNaN(value);
}

function first(...values: readonly number[]): number {
  return values.find(known) ?? NaN;
}

function share(part: number, whole: number): string {
  return whole > 0 ? `${Math.min(100, Math.round((100 * part) / whole))} %` : 'some';
}
