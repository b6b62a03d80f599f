import {
  type Fill,
  type Liquidity,
  MARKOUT_ARRIVAL,
  MARKOUT_CELLS,
  MARKOUT_FEE,
  MARKOUT_FEE_BPS,
  MARKOUT_MID,
  MARKOUT_NOTIONAL,
  MARKOUT_PRICE,
  MARKOUT_QUANTITY,
  MARKOUT_TIME,
  type MarkoutSink,
  notionalCurrency,
  notionalValue,
  type Position,
  QuantError,
  unitValue,
} from '@nanometer/quant';
import { ATTR_EXCHANGE_NAME, ATTR_TRADING_CURRENCY, ATTR_TRADING_STRATEGY } from '@nanometer/semconv';
import type { BatchObservableResult } from '@opentelemetry/api';
import type { Drops } from '../drops.ts';
import { AlphaSeries } from './alpha-series.ts';
import type { ObservedInstruments, RecordedInstruments } from './execution-instruments.ts';
import type { ExecutionSettings } from './execution-options.ts';
import { FillSink } from './fill-sink.ts';
import { given, taken } from './execution-snapshot.ts';
import type { MarkoutsSnapshot } from './execution-snapshot.ts';
import { MarkoutGroup } from './markout-group.ts';
import type { Market } from './markets.ts';

/** The two sinks of a position. */
interface Sinks {
  maker: FillSink | undefined;
  taker: FillSink | undefined;
}

/** Spreads, markouts, lifetime of the edge and alpha of all fills; as many groups as positions at most. */
export class MarkoutRecorder {
  readonly #instruments: RecordedInstruments;
  readonly #settings: ExecutionSettings;
  readonly #drops: Drops;
  /** By position handle. */
  readonly #sinks: Sinks[] = [];
  readonly #groups = new Map<string, MarkoutGroup>();
  readonly #alphas = new Map<string, AlphaSeries>();
  readonly #cells = new Float64Array(MARKOUT_CELLS);

  constructor(instruments: RecordedInstruments, settings: ExecutionSettings, drops: Drops) {
    this.#instruments = instruments;
    this.#settings = settings;
    this.#drops = drops;
  }

  /**
   * Takes a fill. `money[0]` is its fee in the settlement currency, `money[1]` the mid when its order was sent; NaN
   * where one is not known. Without the fee there is no net edge: the fill is left out and counted.
   */
  filled(fill: Fill, position: Position, market: Market, money: Float64Array): void {
    const fee = money[0] as number;
    if (fee !== fee) {
      this.#drops.count('missing_fee_rate');
      return;
    }
    const { contract } = position;
    const cells = this.#cells;
    const { history } = market.queue;
    const mid = history.mid(history.before(fill.timeMs));
    const arrival = money[1] as number;
    cells[MARKOUT_TIME] = fill.timeMs;
    cells[MARKOUT_QUANTITY] = fill.side === 'buy' ? fill.quantity : -fill.quantity;
    cells[MARKOUT_PRICE] = fill.price;
    cells[MARKOUT_MID] = mid;
    cells[MARKOUT_ARRIVAL] = arrival === arrival ? arrival : mid;
    cells[MARKOUT_NOTIONAL] = Math.abs(notionalValue(contract, fill.quantity, fill.price));
    cells[MARKOUT_FEE] = fee;
    cells[MARKOUT_FEE_BPS] = (fee / Math.abs(fill.quantity * unitValue(contract, fill.price))) * 10_000;
    const sink = this.#sinkOf(position, fill.liquidity);
    const queued = market.queue.filled(sink, cells);
    if (queued === 'queued') sink.group.filled(cells);
    else this.#drops.count(queued === 'full' ? 'markout_limit' : 'markout_unquoted');
  }

  snapshot(): MarkoutsSnapshot {
    return {
      groups: Array.from(this.#groups.values(), (group) => ({ key: group.key, numbers: taken(group) })),
      alphas: Array.from(this.#alphas, ([key, { window }]) => ({ key, numbers: taken(window) })),
    };
  }

  /** Throws a `QuantError` `invalid_snapshot`. */
  restore({ groups, alphas }: MarkoutsSnapshot): void {
    for (const { key, numbers } of groups) {
      const { strategy, exchange, liquidity, currency } = key;
      given(`markouts of ${strategy}`, this.#groupOf(strategy, exchange, liquidity, currency), numbers);
    }
    for (const { key, numbers } of alphas) {
      const [strategy = '', exchange = '', currency = ''] = JSON.parse(key) as readonly string[];
      given(`alpha of ${strategy}`, this.#alphaOf(strategy, exchange, currency).window, numbers);
    }
  }

  /** The number by which a snapshot names a sink. */
  readonly codeOf = (sink: MarkoutSink): number => (sink as FillSink).code;

  /** The sink of a number, of a position that the ledger has. Throws a `QuantError` `invalid_snapshot`. */
  sinkOf(code: number, positionAt: (handle: number) => Position | undefined): FillSink {
    const position = positionAt(Math.floor(code / 2));
    if (position !== undefined) return this.#sinkOf(position, code % 2 === 0 ? 'maker' : 'taker');
    throw new QuantError(
      'invalid_snapshot',
      'a fill of the snapshot waits for a markout of a position that is not there',
    );
  }

  observe(result: BatchObservableResult, to: ObservedInstruments, nowMs: number): void {
    for (const group of this.#groups.values()) observeGroup(group, result, to);
    for (const { window, attributes } of this.#alphas.values()) {
      const rate = window.rate(nowMs);
      if (rate !== undefined) result.observe(to.alphaRate, rate.perHour, attributes);
    }
  }

  #sinkOf(position: Position, liquidity: Liquidity): FillSink {
    const sinks = (this.#sinks[position.handle] ??= { maker: undefined, taker: undefined });
    return (sinks[liquidity] ??= this.#make(position, liquidity));
  }

  #make({ strategy, exchange, contract, handle }: Position, liquidity: Liquidity): FillSink {
    const group = this.#groupOf(strategy, exchange, liquidity, notionalCurrency(contract));
    const code = 2 * handle + (liquidity === 'maker' ? 0 : 1);
    return new FillSink(
      contract,
      group,
      this.#alphaOf(strategy, exchange, contract.currency),
      this.#settings.holding,
      code,
    );
  }

  #groupOf(strategy: string, exchange: string, liquidity: Liquidity, currency: string): MarkoutGroup {
    const key = JSON.stringify([strategy, exchange, liquidity, currency]);
    let group = this.#groups.get(key);
    if (group === undefined) {
      const { edgeAlarm } = this.#instruments;
      group = new MarkoutGroup({ strategy, exchange, liquidity, currency }, this.#settings, edgeAlarm);
      this.#groups.set(key, group);
    }
    return group;
  }

  #alphaOf(strategy: string, exchange: string, currency: string): AlphaSeries {
    const key = JSON.stringify([strategy, exchange, currency]);
    let alpha = this.#alphas.get(key);
    if (alpha === undefined) {
      const attributes = {
        [ATTR_TRADING_STRATEGY]: strategy,
        [ATTR_EXCHANGE_NAME]: exchange,
        [ATTR_TRADING_CURRENCY]: currency,
      };
      alpha = new AlphaSeries(attributes, this.#instruments.alphaCaptured, this.#settings);
      this.#alphas.set(key, alpha);
    }
    return alpha;
  }
}

function observeGroup(group: MarkoutGroup, result: BatchObservableResult, to: ObservedInstruments): void {
  const { attributes, atHorizon, curve, lifetime, effectiveSpread, decay } = group;
  if (effectiveSpread !== undefined) {
    result.observe(to.effectiveSpread, effectiveSpread.mean, attributes);
    result.observe(to.effectiveSpreadMedian, effectiveSpread.median, attributes);
  }
  for (const { horizon, count, weightedMean, error } of curve.points) {
    const at = atHorizon[curve.horizons.indexOf(horizon)];
    result.observe(to.markoutEdge, weightedMean, at);
    result.observe(to.markoutCount, count, at);
    if (error !== undefined) result.observe(to.markoutError, error, at);
  }
  for (const { horizon, realized, realizedMedian, impact } of curve.spreads) {
    const at = atHorizon[curve.horizons.indexOf(horizon)];
    result.observe(to.realizedSpread, realized, at);
    result.observe(to.realizedSpreadMedian, realizedMedian, at);
    result.observe(to.priceImpact, impact, at);
  }
  if (decay !== undefined) {
    result.observe(to.halfLife, decay.halfLife, attributes);
    if (decay.halfLifeError !== undefined) result.observe(to.halfLifeError, decay.halfLifeError, attributes);
  }
  const { ratio, slope } = lifetime;
  if (ratio !== undefined) result.observe(to.lifetime, ratio, attributes);
  if (slope === undefined) return;
  result.observe(to.slope, slope.bpsPerHour, attributes);
  if (slope.t !== undefined) result.observe(to.slopeT, slope.t, attributes);
}
