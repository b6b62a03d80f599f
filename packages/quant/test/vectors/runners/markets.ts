import {
  AmihudIlliquidity,
  corwinSchultzSpread,
  effectiveSpreadBps,
  imbalanceOf,
  LeeReady,
  micropriceOf,
  PairMoments,
  priceImpactBps,
  type RangeBar,
  RangeBars,
  RealizedMeasures,
  realizedSpreadBps,
  slippageBps,
  type Direction,
} from '@nanometer/quant';
import { given, listOf, parameter, periodsPerYearOf, required, textOf } from '../terms.ts';
import type { Vector, VectorRunner } from '../vector.ts';

type Lists = Readonly<Record<string, readonly number[] | undefined>>;

function listsOf({ inputs }: Vector): Lists {
  return (typeof inputs === 'object' && inputs !== null && !Array.isArray(inputs) ? inputs : {}) as Lists;
}

/** A list of numbers by the first of some names. */
function list(vector: Vector, ...names: readonly string[]): readonly number[] {
  const lists = listsOf(vector);
  const found = names.map((name) => lists[name]).find(Array.isArray);
  if (found === undefined) throw new Error(`its inputs hold no list "${names[0]}"`);
  return found as readonly number[];
}

function directionOf(vector: Vector): Direction {
  const side: unknown = listsOf(vector)['side'] ?? vector.params['side'];
  return /^s/i.test(textOf(side)) || (given(vector, 'side', 'direction', 'D') ?? 1) < 0 ? -1 : 1;
}

function quoteOf(vector: Vector): { bid: number; bidSize: number; ask: number; askSize: number } {
  return {
    bid: given(vector, 'bid', 'Pb', 'bid_px') ?? 1,
    ask: given(vector, 'ask', 'Pa', 'ask_px') ?? 1,
    bidSize: required(vector, 'bid_qty', 'bid_size', 'Qb'),
    askSize: required(vector, 'ask_qty', 'ask_size', 'Qa'),
  };
}

/** Mean of |return| over traded value; `scale`, such as 1e6, multiplies it. */
function amihud(vector: Vector): number | undefined {
  const measure = new AmihudIlliquidity(parameter(vector, 'half_life') ?? Infinity);
  const values = list(vector, 'dollar_volume', 'traded_value', 'turnover', 'volume');
  const returns =
    listsOf(vector)['returns'] ?? (listOf({ prices: list(vector, 'prices', 'close') }) as readonly number[]);
  const offset = values.length - returns.length;
  returns.forEach((value, at) => measure.add(value, values[at + offset]!));
  const { value } = measure;
  return value === undefined ? undefined : value * (parameter(vector, 'scale', 'scaling', 'multiplier') ?? 1);
}

/** Slope of the change of the price on signed volume. */
function kyle(vector: Vector): unknown {
  const line = new PairMoments();
  const changes = list(vector, 'dmid', 'price_changes', 'changes', 'dp');
  list(vector, 'signed_volume', 'order_flow', 'flow', 'volume', 'ofi').forEach((volume, at) =>
    line.add(volume, changes[at]!),
  );
  const { slope, intercept, rSquared } = line;
  if (typeof vector.expected === 'number') return slope;
  return { lambda: slope, beta: slope, slope, alpha: intercept, intercept, r2: rSquared };
}

function measuresOf(vector: Vector): RealizedMeasures {
  const measures = new RealizedMeasures();
  const lists = listsOf(vector);
  const prices = Array.isArray(vector.inputs) ? (vector.inputs as number[]) : (lists['prices'] ?? lists['close']);
  if (prices !== undefined) for (const price of prices) measures.add(price);
  else {
    let level = 0;
    measures.add(1);
    for (const value of list(vector, 'log_returns', 'returns')) measures.add(Math.exp((level += value)));
  }
  return measures;
}

function realized(read: (measures: RealizedMeasures, vector: Vector) => number | undefined): VectorRunner {
  return (vector) => {
    const measures = measuresOf(vector);
    if (typeof vector.expected !== 'object' || vector.expected === null) return read(measures, vector);
    return {
      rv: measures.variance,
      bipower: measures.bipower,
      jump_share: measures.jumpShare,
      semivariance_down: measures.downsideVariance,
      semivariance_up: measures.upsideVariance,
    };
  };
}

/** Range measures per bar in log price squared; `volatility` in the name or the parameters annualises the root. */
function ranges(read: (bars: RangeBars) => number | undefined): VectorRunner {
  return (vector) => {
    const [high, low] = [list(vector, 'high'), list(vector, 'low')];
    const lists = listsOf(vector);
    const close = lists['close'] ?? low;
    const open = lists['open'] ?? close;
    const bars = new RangeBars(4, high.length);
    high.forEach((value, at) => {
      [open[at]!, value, low[at]!, close[at]!].forEach((price, step) => bars.add(price, 4 * at + step));
    });
    bars.advance(4 * high.length);
    const variance = read(bars);
    const isVolatility = /vol/.test(vector.metric) || /vol/.test(textOf(vector.params['output']));
    return variance === undefined || !isVolatility ? variance : Math.sqrt(variance * periodsPerYearOf(vector));
  };
}

/** Of two bars, or the mean over all pairs of bars with negative ones as 0. */
function corwinSchultz(vector: Vector): number | undefined {
  const [high, low, close] = [list(vector, 'high'), list(vector, 'low'), listsOf(vector)['close']];
  const bars = high.map((value, at): RangeBar => ({
    high: value,
    low: low[at]!,
    close: close?.[at],
  }));
  const spreads = bars.slice(1).map((bar, at) => corwinSchultzSpread(bars[at]!, bar));
  if (spreads.length === 0 || spreads.includes(undefined)) return undefined;
  const floor = vector.params['negative'] === 'kept' ? -Infinity : 0;
  return (spreads as number[]).reduce((sum, spread) => sum + Math.max(floor, spread), 0) / spreads.length;
}

function leeReady(vector: Vector): unknown {
  const classifier = new LeeReady();
  const rows = vector.inputs as readonly { price: number; mid?: number; bid?: number; ask?: number }[];
  return rows.map(({ price, mid, bid, ask }) =>
    classifier.sign(price, mid ?? ((bid ?? Number.NaN) + (ask ?? Number.NaN)) / 2),
  );
}

/** By the `metric` of a vector. */
export const MARKET_RUNNERS: Readonly<Record<string, VectorRunner>> = {
  amihud,
  amihud_illiquidity: amihud,
  kyle_lambda: kyle,
  ofi_regression: kyle,
  realized_variance: realized(({ variance }) => variance),
  realized_volatility: realized((measures, vector) => measures.volatility(periodsPerYearOf(vector) * measures.count)),
  bipower_variation: realized(({ bipower }) => bipower),
  jump_share: realized(({ jumpShare }) => jumpShare),
  realized_semivariance: realized(({ downsideVariance }) => downsideVariance),
  realized_measures: realized(({ variance }) => variance),
  parkinson: ranges(({ parkinson }) => parkinson),
  parkinson_volatility: ranges(({ parkinson }) => parkinson),
  garman_klass: ranges(({ garmanKlass }) => garmanKlass),
  garman_klass_volatility: ranges(({ garmanKlass }) => garmanKlass),
  yang_zhang: ranges(({ yangZhang }) => yangZhang),
  yang_zhang_volatility: ranges(({ yangZhang }) => yangZhang),
  corwin_schultz: corwinSchultz,
  corwin_schultz_spread: corwinSchultz,
  lee_ready: leeReady,
  trade_sign: leeReady,
  microprice: (vector) => micropriceOf(quoteOf(vector)),
  imbalance: (vector) => imbalanceOf(quoteOf(vector)),
  queue_imbalance: (vector) => imbalanceOf(quoteOf(vector)),
  effective_spread_bps: (vector) =>
    effectiveSpreadBps(directionOf(vector), required(vector, 'price', 'p'), required(vector, 'mid', 'm')),
  realized_spread_bps: (vector) =>
    realizedSpreadBps(
      directionOf(vector),
      required(vector, 'price', 'p'),
      required(vector, 'mid', 'm'),
      required(vector, 'later_mid', 'mid_later', 'mid_after'),
    ),
  price_impact_bps: (vector) =>
    priceImpactBps(
      directionOf(vector),
      required(vector, 'mid', 'm'),
      required(vector, 'later_mid', 'mid_later', 'mid_after'),
    ),
  slippage_bps: (vector) =>
    slippageBps(directionOf(vector), required(vector, 'price', 'fill', 'p'), required(vector, 'benchmark', 'arrival')),
};
