import {
  BayesianChangePoint,
  BarBuilder,
  HamiltonFilter,
  Moments,
  PageHinkley,
  RegimeTracker,
  RULE_REGIMES,
  RuleGrid,
  type RuleGridSnapshot,
} from '@nanometer/quant';
import type { RegimeModel, RegimeOptions } from './regime-options.ts';

/** Bars whose variance is the prior of the Bayesian detector. */
const PRIOR_BARS = 30;
const CONFIDENCE = 0.7;

/** One way of telling the regime of a market, and the one in force. */
export interface RegimeView {
  readonly model: string;
  readonly names: readonly string[];
  readonly tracker: RegimeTracker;
  /** Undefined for the rule. */
  readonly filter: HamiltonFilter | undefined;
}

/** Told of what a bar brought. */
export interface RegimeEvents {
  readonly transition: (view: RegimeView) => void;
  readonly alarm: (detector: 'page_hinkley' | 'bayesian') => void;
}

/** State of a {@link MarketRegimes}, plain data. */
export interface MarketRegimesSnapshot {
  readonly close: number | null;
  readonly rule: RuleGridSnapshot;
  readonly trackers: readonly (readonly number[])[];
  readonly filters: readonly (readonly number[])[];
  readonly pageHinkley: readonly number[];
  readonly prior: readonly number[];
  readonly bayesian: readonly number[];
  /** The bar under way; absent in snapshots of earlier releases, which lost it. */
  readonly bars?: readonly number[] | undefined;
}

/** Regimes and change alarms of one market, from the log returns of its bars. */
export class MarketRegimes {
  readonly bars: BarBuilder;
  readonly views: readonly RegimeView[];
  readonly #rule: RuleGrid;
  readonly #models: readonly RegimeModel[];
  readonly #pageHinkley: PageHinkley;
  readonly #prior = new Moments();
  readonly #options: RegimeOptions;
  readonly #events: RegimeEvents;
  #bayesian: BayesianChangePoint | undefined = undefined;
  #close = Number.NaN;

  /** `models`: those of this market. Throws a `QuantError` `invalid_option`. */
  constructor(options: RegimeOptions, models: readonly RegimeModel[], events: RegimeEvents) {
    this.#options = options;
    this.#models = models;
    this.#events = events;
    this.#rule = new RuleGrid(options.rule);
    this.#pageHinkley = new PageHinkley(options.tolerance ?? 0.25, options.threshold ?? 15);
    this.views = [
      { model: 'rule', names: RULE_REGIMES, tracker: new RegimeTracker(options.tracker), filter: undefined },
      ...models.map(({ name, regimes, transitions }) => ({
        model: name,
        names: regimes.map((regime) => regime.name),
        tracker: new RegimeTracker(options.tracker),
        filter: new HamiltonFilter(regimes, transitions),
      })),
    ];
    this.bars = new BarBuilder({ periodMs: options.periodMs }, ({ close }) => this.#closed(close));
  }

  /** Volatility per bar; undefined before the second bar. */
  get volatility(): number | undefined {
    return this.#rule.volatility;
  }

  /** Probability that a new stretch of returns began lately. */
  get changeProbability(): number | undefined {
    return this.#bayesian?.changeProbability;
  }

  snapshot(): MarketRegimesSnapshot {
    return {
      close: this.#close,
      rule: this.#rule.snapshot(),
      trackers: this.views.map(({ tracker }) => tracker.snapshot()),
      filters: this.views.flatMap(({ filter }) => (filter === undefined ? [] : [filter.snapshot()])),
      pageHinkley: this.#pageHinkley.snapshot(),
      prior: this.#prior.snapshot(),
      bayesian: this.#bayesian?.snapshot() ?? [],
      bars: this.bars.snapshot(),
    };
  }

  /** Into one that has seen no price yet, with the same options. Throws a `QuantError` `invalid_snapshot`. */
  restore(snapshot: MarketRegimesSnapshot): void {
    this.#close = snapshot.close ?? Number.NaN;
    if (snapshot.bars !== undefined) this.bars.restore(snapshot.bars);
    this.#rule.restore(snapshot.rule);
    this.#pageHinkley.restore(snapshot.pageHinkley);
    this.#prior.restore(snapshot.prior);
    this.views.forEach(({ tracker, filter }, at) => {
      tracker.restore(snapshot.trackers[at] ?? []);
      // The rule, which has no filter, comes first.
      filter?.restore(snapshot.filters[at - 1] ?? []);
    });
    if (snapshot.bayesian.length === 0) return;
    this.#bayesian = this.#detector();
    this.#bayesian?.restore(snapshot.bayesian);
  }

  #closed(close: number): void {
    const change = Math.log(close / this.#close);
    this.#close = close;
    if (!Number.isFinite(change)) return;
    this.#watch(change);
    const byRule = this.#rule.add(change);
    this.views.forEach((view, at) => {
      view.filter?.add(change);
      const observed = view.filter === undefined ? byRule : likeliest(view.filter, this.#models[at - 1]?.confidence);
      const isFirst = view.tracker.current === undefined;
      if (view.tracker.observe(observed) && !isFirst) this.#events.transition(view);
    });
  }

  /** The detectors see the return before the volatility does, or every change would be its own yardstick. */
  #watch(change: number): void {
    const deviation = this.#rule.volatility;
    if (deviation !== undefined && deviation > 0 && this.#pageHinkley.add(change / deviation) !== undefined) {
      this.#events.alarm('page_hinkley');
    }
    if (this.#bayesian === undefined) {
      this.#prior.add(change);
      if (this.#prior.count >= PRIOR_BARS) this.#bayesian = this.#detector();
    } else if (this.#bayesian.add(change)) this.#events.alarm('bayesian');
  }

  #detector(): BayesianChangePoint | undefined {
    const { variance, mean } = this.#prior;
    if (variance === undefined || !(variance > 0)) return undefined;
    return new BayesianChangePoint({ ...this.#options.changePoint, priorVariance: variance, priorMean: mean ?? 0 });
  }
}

function likeliest({ probabilities }: HamiltonFilter, confidence: number = CONFIDENCE): number | undefined {
  const at = probabilities.findIndex((probability) => probability >= confidence);
  return at === -1 ? undefined : at;
}
