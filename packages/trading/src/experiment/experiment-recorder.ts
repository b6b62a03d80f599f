import {
  type ExperimentState,
  PairedExperiment,
  type PairedExperimentOptions,
  type PairedExperimentSnapshot,
  type PeriodListener,
} from '@nanometer/quant';
import {
  ATTR_TRADING_EXPERIMENT_NAME,
  ATTR_TRADING_EXPERIMENT_STATE,
  METRIC_TRADING_EXPERIMENT_BATCH_AUTOCORRELATION,
  METRIC_TRADING_EXPERIMENT_BATCH_COUNT,
  METRIC_TRADING_EXPERIMENT_EFFECT,
  METRIC_TRADING_EXPERIMENT_EFFECT_HIGH,
  METRIC_TRADING_EXPERIMENT_EFFECT_LOW,
  METRIC_TRADING_EXPERIMENT_PVALUE,
  METRIC_TRADING_EXPERIMENT_STATE,
} from '@nanometer/semconv';
import type { Attributes, Meter } from '@opentelemetry/api';
import { ObservedGauges, type Observe } from '../observed-gauges.ts';

/** An A/B test of two strategies on the clock of the option `performance`, in money of the reporting currency. */
export interface ExperimentOptions extends PairedExperimentOptions {
  readonly name: string;
  /** Strategies. */
  readonly a: string;
  readonly b: string;
}

const GAUGES = {
  state: METRIC_TRADING_EXPERIMENT_STATE,
  batches: METRIC_TRADING_EXPERIMENT_BATCH_COUNT,
  effect: METRIC_TRADING_EXPERIMENT_EFFECT,
  low: METRIC_TRADING_EXPERIMENT_EFFECT_LOW,
  high: METRIC_TRADING_EXPERIMENT_EFFECT_HIGH,
  pValue: METRIC_TRADING_EXPERIMENT_PVALUE,
  autocorrelation: METRIC_TRADING_EXPERIMENT_BATCH_AUTOCORRELATION,
} as const;

const STATES: readonly ExperimentState[] = ['undecided', 'a_better', 'b_better'];

interface Running {
  readonly options: ExperimentOptions;
  readonly experiment: PairedExperiment;
  readonly attributes: Attributes;
}

/** Feeds experiments with what their arms earned in each period, and reports what they have shown. */
export class ExperimentRecorder {
  readonly #running: readonly Running[];
  readonly #gauges: ObservedGauges<typeof GAUGES>;

  /** Throws a `QuantError` `invalid_option`. */
  constructor(meter: Meter, experiments: readonly ExperimentOptions[]) {
    this.#running = experiments.map((options) => ({
      options,
      experiment: new PairedExperiment(options),
      attributes: { [ATTR_TRADING_EXPERIMENT_NAME]: options.name },
    }));
    this.#gauges = new ObservedGauges(meter, GAUGES, (observe) => this.#read(observe));
  }

  /** A period has closed; an experiment takes it when both its strategies are known. */
  readonly closed: PeriodListener = (earnedOf) => {
    for (const { options, experiment } of this.#running) {
      const a = earnedOf(options.a);
      const b = earnedOf(options.b);
      if (a !== undefined && b !== undefined) experiment.add(a, b);
    }
  };

  /** An experiment by its name. */
  get(name: string): PairedExperiment | undefined {
    return this.#running.find(({ options }) => options.name === name)?.experiment;
  }

  snapshot(): Readonly<Record<string, PairedExperimentSnapshot>> {
    return Object.fromEntries(this.#running.map(({ options, experiment }) => [options.name, experiment.snapshot()]));
  }

  /** Experiments that the snapshot does not know begin anew. */
  restore(snapshot: Readonly<Record<string, PairedExperimentSnapshot>>): void {
    for (const { options, experiment } of this.#running) {
      const state = Object.hasOwn(snapshot, options.name) ? snapshot[options.name] : undefined;
      if (state !== undefined) experiment.restore(state);
    }
  }

  close(): void {
    this.#gauges.close();
  }

  #read(observe: Observe<keyof typeof GAUGES>): void {
    for (const { experiment, attributes } of this.#running) {
      for (const state of STATES) {
        const isState = experiment.state === state ? 1 : 0;
        observe('state', isState, { ...attributes, [ATTR_TRADING_EXPERIMENT_STATE]: state });
      }
      observe('batches', experiment.count, attributes);
      observe('effect', experiment.effect, attributes);
      observe('low', experiment.interval?.[0], attributes);
      observe('high', experiment.interval?.[1], attributes);
      observe('pValue', experiment.pValue, attributes);
      observe('autocorrelation', experiment.batchAutocorrelation, attributes);
    }
  }
}
