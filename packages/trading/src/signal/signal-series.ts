import {
  type BoundCounter,
  type BoundGauge,
  type BoundHistogram,
  bindCounter,
  bindGauge,
  bindHistogram,
} from '@nanometer/metrics';
import { type SignalOutcome, SignalScore } from '@nanometer/quant';
import {
  ATTR_EXCHANGE_NAME,
  ATTR_TRADING_SIGNAL_DIRECTION,
  ATTR_TRADING_SIGNAL_HORIZON,
  ATTR_TRADING_SIGNAL_NAME,
  ATTR_TRADING_SIGNAL_OUTCOME,
  ATTR_TRADING_STRATEGY,
  ATTR_TRADING_SYMBOL,
  createCounter,
  createGauge,
  createHistogram,
  METRIC_TRADING_SIGNAL_COUNT,
  METRIC_TRADING_SIGNAL_ORDER_DURATION,
  METRIC_TRADING_SIGNAL_OUTCOME_COUNT,
  METRIC_TRADING_SIGNAL_STRENGTH,
  METRIC_TRADING_SIGNAL_TURNOVER,
  METRIC_TRADING_SIGNAL_VALUE,
} from '@nanometer/semconv';
import type { Attributes, Counter, Gauge, Histogram, Meter } from '@opentelemetry/api';
import type { SignalEvent } from './events.ts';

/** Instruments that are written as signals come. */
export class SignalInstruments {
  readonly count: Counter;
  readonly value: Gauge;
  readonly strength: Histogram;
  readonly turnover: Counter;
  readonly outcomes: Counter;
  readonly orderDuration: Histogram;

  constructor(meter: Meter) {
    this.count = createCounter(meter, METRIC_TRADING_SIGNAL_COUNT);
    this.value = createGauge(meter, METRIC_TRADING_SIGNAL_VALUE);
    this.strength = createHistogram(meter, METRIC_TRADING_SIGNAL_STRENGTH);
    this.turnover = createCounter(meter, METRIC_TRADING_SIGNAL_TURNOVER);
    this.outcomes = createCounter(meter, METRIC_TRADING_SIGNAL_OUTCOME_COUNT);
    this.orderDuration = createHistogram(meter, METRIC_TRADING_SIGNAL_ORDER_DURATION);
  }
}

/** One signal of one strategy over all markets: its scores, one per horizon. */
export class SignalScores {
  readonly strategy: string;
  readonly signal: string;
  readonly scores: readonly SignalScore[];
  readonly attributes: readonly Attributes[];
  readonly strength: BoundHistogram;
  readonly #instruments: SignalInstruments;
  readonly #own: Attributes;
  readonly #outcomes: (Partial<Record<SignalOutcome, BoundCounter>> | undefined)[] = [];
  #orderDuration: BoundHistogram | undefined = undefined;

  constructor(
    instruments: SignalInstruments,
    { strategy, signal }: Pick<SignalEvent, 'strategy' | 'signal'>,
    horizonsMs: readonly number[],
    window: number,
    minimumCount: number,
  ) {
    this.strategy = strategy;
    this.signal = signal;
    this.#instruments = instruments;
    this.#own = { [ATTR_TRADING_STRATEGY]: strategy, [ATTR_TRADING_SIGNAL_NAME]: signal };
    this.scores = horizonsMs.map(() => new SignalScore(window, minimumCount));
    this.attributes = horizonsMs.map((ms) => ({ ...this.#own, [ATTR_TRADING_SIGNAL_HORIZON]: String(ms / 1000) }));
    this.strength = bindHistogram(instruments.strength, this.#own);
  }

  settled(horizon: number, value: number, forwardReturn: number): void {
    const outcome = this.scores[horizon]?.add(value, forwardReturn);
    if (outcome === undefined) return;
    const counters = (this.#outcomes[horizon] ??= {});
    counters[outcome] ??= bindCounter(this.#instruments.outcomes, {
      ...this.attributes[horizon],
      [ATTR_TRADING_SIGNAL_OUTCOME]: outcome,
    });
    counters[outcome].add(1);
  }

  ordered(seconds: number): void {
    this.#orderDuration ??= bindHistogram(this.#instruments.orderDuration, this.#own);
    this.#orderDuration.record(seconds);
  }
}

/** What a signal is told by. */
export type SignalKey = Pick<SignalEvent, 'strategy' | 'exchange' | 'symbol' | 'signal'>;

/** One signal of one strategy on one market, each series bound at its first use. */
export class SignalSeries {
  /** Index of its scores, which it shares with the same signal on other markets. */
  readonly scoreIndex: number;
  readonly #instruments: SignalInstruments;
  readonly #attributes: Attributes;
  readonly #value: BoundGauge;
  readonly #turnover: BoundCounter;
  #long: BoundCounter | undefined = undefined;
  #short: BoundCounter | undefined = undefined;
  #neutral: BoundCounter | undefined = undefined;
  #before: number | undefined = undefined;

  constructor(instruments: SignalInstruments, event: SignalKey, scoreIndex: number) {
    this.scoreIndex = scoreIndex;
    this.#instruments = instruments;
    this.#attributes = {
      [ATTR_TRADING_STRATEGY]: event.strategy,
      [ATTR_EXCHANGE_NAME]: event.exchange,
      [ATTR_TRADING_SYMBOL]: event.symbol,
      [ATTR_TRADING_SIGNAL_NAME]: event.signal,
    };
    this.#value = bindGauge(instruments.value, this.#attributes);
    this.#turnover = bindCounter(instruments.turnover, this.#attributes);
  }

  /** The latest value; undefined before the first signal. */
  get value(): number | undefined {
    return this.#before;
  }

  /** Goes on from the latest value of a desk that is resumed. */
  resumed(value: number): void {
    this.#value.record(value);
    this.#before = value;
  }

  given({ value }: SignalEvent): void {
    if (value > 0) (this.#long ??= this.#counter('long')).add(1);
    else if (value < 0) (this.#short ??= this.#counter('short')).add(1);
    else (this.#neutral ??= this.#counter('neutral')).add(1);
    this.#value.record(value);
    if (this.#before !== undefined) this.#turnover.add(Math.abs(value - this.#before));
    this.#before = value;
  }

  #counter(direction: string): BoundCounter {
    return bindCounter(this.#instruments.count, { ...this.#attributes, [ATTR_TRADING_SIGNAL_DIRECTION]: direction });
  }
}
