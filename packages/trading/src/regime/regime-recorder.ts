import { type BoundCounter, bindCounter, bindUpDownCounter } from '@nanometer/metrics';
import { BayesianChangePoint, type FillEffect, type Position, QuantError } from '@nanometer/quant';
import {
  ATTR_EXCHANGE_NAME,
  ATTR_TRADING_CURRENCY,
  ATTR_TRADING_REGIME_DETECTOR,
  ATTR_TRADING_REGIME_MODEL,
  ATTR_TRADING_REGIME_NAME,
  ATTR_TRADING_STRATEGY,
  ATTR_TRADING_SYMBOL,
  ATTR_TRADING_TRADE_OUTCOME,
  createCounter,
  createUpDownCounter,
  METRIC_TRADING_REGIME_ACTIVE,
  METRIC_TRADING_REGIME_CHANGE_ALARM,
  METRIC_TRADING_REGIME_CHANGE_PROBABILITY,
  METRIC_TRADING_REGIME_DWELL,
  METRIC_TRADING_REGIME_PNL,
  METRIC_TRADING_REGIME_PROBABILITY,
  METRIC_TRADING_REGIME_TRADE_COUNT,
  METRIC_TRADING_REGIME_TRANSITION,
  METRIC_TRADING_REGIME_VOLATILITY,
} from '@nanometer/semconv';
import type { Attributes, Counter, Meter, UpDownCounter } from '@opentelemetry/api';
import type { Drops } from '../drops.ts';
import { ObservedGauges, type Observe } from '../observed-gauges.ts';
import { MarketRegimes, type MarketRegimesSnapshot } from './market-regimes.ts';
import type { RegimeOptions } from './regime-options.ts';

const GAUGES = {
  active: METRIC_TRADING_REGIME_ACTIVE,
  probability: METRIC_TRADING_REGIME_PROBABILITY,
  dwell: METRIC_TRADING_REGIME_DWELL,
  volatility: METRIC_TRADING_REGIME_VOLATILITY,
  changeProbability: METRIC_TRADING_REGIME_CHANGE_PROBABILITY,
} as const;

/** A regime that could not be told yet. */
const UNKNOWN = 'unknown';

/** Of a trade that was opened before the desk was resumed. */
const FORGOTTEN: Pick<Entry, 'regimes'> = { regimes: [{ model: 'rule', name: UNKNOWN }] };

/** State of a {@link RegimeRecorder}, plain data. */
export interface RegimeSnapshot {
  readonly markets: readonly {
    readonly exchange: string;
    readonly symbol: string;
    readonly regimes: MarketRegimesSnapshot;
  }[];
  /** Regimes at the entry of trades that are open. */
  readonly entries?: readonly RegimeEntrySnapshot[] | undefined;
}

interface RegimeMarket {
  readonly exchange: string;
  readonly symbol: string;
  readonly attributes: Attributes;
  readonly regimes: MarketRegimes;
}

/** Regimes that held when a position was opened, one per way of telling them. */
interface Entry {
  readonly position: Position;
  readonly isLong: boolean;
  readonly regimes: readonly { readonly model: string; readonly name: string }[];
}

type PositionKey = Pick<Position, 'account' | 'strategy' | 'exchange' | 'symbol'>;

/** Regimes at the entry of an open trade, by what tells its position. */
export interface RegimeEntrySnapshot extends PositionKey, Omit<Entry, 'position'> {}

/** Tells the regimes of markets, and gives the results of trades to the regime at their entry. */
export class RegimeRecorder {
  readonly #options: RegimeOptions;
  readonly #drops: Drops;
  readonly #limit: number;
  readonly #markets = new Map<string, Map<string, RegimeMarket>>();
  /** By position handle. */
  readonly #entries: (Entry | undefined)[] = [];
  readonly #transitions: Counter;
  readonly #alarms: Counter;
  readonly #pnl: UpDownCounter;
  readonly #trades: Counter;
  readonly #gauges: ObservedGauges<typeof GAUGES>;
  #count = 0;

  /** Throws a `QuantError` `invalid_option`. */
  constructor(meter: Meter, drops: Drops, options: RegimeOptions) {
    this.#options = options;
    this.#drops = drops;
    this.#limit = options.marketLimit ?? 256;
    this.#transitions = createCounter(meter, METRIC_TRADING_REGIME_TRANSITION);
    this.#alarms = createCounter(meter, METRIC_TRADING_REGIME_CHANGE_ALARM);
    this.#pnl = createUpDownCounter(meter, METRIC_TRADING_REGIME_PNL);
    this.#trades = createCounter(meter, METRIC_TRADING_REGIME_TRADE_COUNT);
    requireUsable(options);
    this.#gauges = new ObservedGauges(meter, GAUGES, (observe) => this.#read(observe));
  }

  priced(exchange: string, symbol: string, price: number, timeMs: number): void {
    const market = this.#marketOf(exchange, symbol);
    if (market === undefined) this.#drops.count('market_limit');
    else market.regimes.bars.add(price, 0, timeMs);
  }

  /** Takes an applied fill: a trade that it closed goes to the regime that held when it was opened. */
  filled(effect: FillEffect): void {
    const position = effect.position as Position;
    const { handle, quantity } = position;
    const entry = this.#entries[handle];
    if (effect.outcome !== undefined) this.#closed(position, effect, entry ?? FORGOTTEN);
    if (quantity === 0) this.#entries[handle] = undefined;
    else if (entry?.isLong !== quantity > 0) {
      this.#entries[handle] = { position, isLong: quantity > 0, regimes: this.#inForce(position) };
    }
  }

  /** Regime in force of a market by a model, `rule` by default; undefined while there is none. */
  regimeOf(exchange: string, symbol: string, model = 'rule'): string | undefined {
    const views = this.#markets.get(exchange)?.get(symbol)?.regimes.views;
    const view = views?.find((each) => each.model === model);
    return view?.names[view.tracker.current ?? -1];
  }

  snapshot(): RegimeSnapshot {
    return {
      markets: [...this.#allMarkets()].map(({ exchange, symbol, regimes }) => ({
        exchange,
        symbol,
        regimes: regimes.snapshot(),
      })),
      entries: this.#entries.flatMap((entry) => (entry === undefined ? [] : [entrySnapshot(entry)])),
    };
  }

  /**
   * Into a recorder with the same options that has seen no price yet. Entries go to the open positions they were of;
   * those of positions that the ledger does not hold are left out. Throws a `QuantError` `invalid_snapshot`.
   */
  restore(snapshot: RegimeSnapshot, positions: Iterable<Position>): void {
    for (const { exchange, symbol, regimes } of snapshot.markets) {
      this.#marketOf(exchange, symbol)?.regimes.restore(regimes);
    }
    const { entries = [] } = snapshot;
    if (entries.length === 0) return;
    const byKey = new Map(entries.map((entry) => [keyOf(entry), entry]));
    for (const position of positions) {
      const entry = byKey.get(keyOf(position));
      if (entry === undefined || position.quantity === 0 || entry.isLong !== position.quantity > 0) continue;
      this.#entries[position.handle] = { position, isLong: entry.isLong, regimes: entry.regimes };
    }
  }

  close(): void {
    this.#gauges.close();
  }

  #closed({ strategy, contract }: Position, { outcome, tradeNetPnl }: FillEffect, entry: Pick<Entry, 'regimes'>): void {
    for (const { model, name } of entry.regimes) {
      const own = {
        [ATTR_TRADING_STRATEGY]: strategy,
        [ATTR_TRADING_REGIME_MODEL]: model,
        [ATTR_TRADING_REGIME_NAME]: name,
      };
      bindCounter(this.#trades, { ...own, [ATTR_TRADING_TRADE_OUTCOME]: outcome as string }).add(1);
      bindUpDownCounter(this.#pnl, { ...own, [ATTR_TRADING_CURRENCY]: contract.currency }).add(tradeNetPnl);
    }
  }

  #inForce({ exchange, symbol }: Position): Entry['regimes'] {
    const views = this.#markets.get(exchange)?.get(symbol)?.regimes.views;
    if (views === undefined) return [{ model: 'rule', name: UNKNOWN }];
    return views.map(({ model, names, tracker }) => ({ model, name: names[tracker.current ?? -1] ?? UNKNOWN }));
  }

  *#allMarkets(): Generator<RegimeMarket> {
    for (const symbols of this.#markets.values()) yield* symbols.values();
  }

  #read(observe: Observe<keyof typeof GAUGES>): void {
    for (const { attributes, regimes } of this.#allMarkets()) {
      observe('volatility', regimes.volatility, attributes);
      observe('changeProbability', regimes.changeProbability, attributes);
      for (const { model, names, tracker, filter } of regimes.views) {
        const own = { ...attributes, [ATTR_TRADING_REGIME_MODEL]: model };
        names.forEach((name, at) => {
          const regime = { ...own, [ATTR_TRADING_REGIME_NAME]: name };
          observe('probability', filter?.probabilities[at], regime);
          if (tracker.current !== undefined) observe('active', tracker.current === at ? 1 : 0, regime);
        });
        if (tracker.current !== undefined) observe('dwell', tracker.dwell, own);
      }
    }
  }

  #marketOf(exchange: string, symbol: string): RegimeMarket | undefined {
    const symbols = this.#markets.get(exchange);
    const known = symbols?.get(symbol);
    if (known !== undefined || this.#count >= this.#limit) return known;
    const market = this.#open(exchange, symbol);
    this.#count++;
    if (symbols === undefined) this.#markets.set(exchange, new Map([[symbol, market]]));
    else symbols.set(symbol, market);
    return market;
  }

  #open(exchange: string, symbol: string): RegimeMarket {
    const attributes = { [ATTR_EXCHANGE_NAME]: exchange, [ATTR_TRADING_SYMBOL]: symbol };
    const models = (this.#options.models ?? []).filter(
      (model) => model.exchange === exchange && model.symbol === symbol,
    );
    const count = (counter: Counter, own: Attributes): BoundCounter => bindCounter(counter, { ...attributes, ...own });
    const regimes = new MarketRegimes(this.#options, models, {
      transition: ({ model }) => count(this.#transitions, { [ATTR_TRADING_REGIME_MODEL]: model }).add(1),
      alarm: (detector) => count(this.#alarms, { [ATTR_TRADING_REGIME_DETECTOR]: detector }).add(1),
    });
    return { exchange, symbol, attributes, regimes };
  }
}

function entrySnapshot({ position, isLong, regimes }: Entry): RegimeEntrySnapshot {
  const { account, strategy, exchange, symbol } = position;
  return { account, strategy, exchange, symbol, isLong, regimes };
}

function keyOf({ account, strategy, exchange, symbol }: PositionKey): string {
  return JSON.stringify([account, strategy, exchange, symbol]);
}

/** Refuses options that cannot be used now and not at the first price. */
function requireUsable(options: RegimeOptions): void {
  const { models = [], changePoint } = options;
  const names = models.map(({ exchange, symbol, name }) => JSON.stringify([exchange, symbol, name]));
  if (new Set(names).size < names.length || models.some(({ name }) => name === 'rule')) {
    throw new QuantError('invalid_option', 'the models of a market need names of their own, other than "rule"');
  }
  for (const { name, confidence } of models) {
    if (confidence === undefined || (confidence > 0.5 && confidence <= 1)) continue;
    throw new QuantError(
      'invalid_option',
      `model ${name} has a confidence of ${confidence}; it must be above 0.5, to 1`,
    );
  }
  const silent = { transition: () => undefined, alarm: () => undefined };
  const trial = [
    new MarketRegimes(options, models, silent),
    new BayesianChangePoint({ ...changePoint, priorVariance: 1 }),
  ];
  trial.length = 0;
}
