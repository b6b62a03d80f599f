import { QuantError } from '../errors.ts';
import { type Tape, TapeReader, TapeWriter } from '../number/tape.ts';
import type { Bar } from './bar.ts';
import { CommodityChannel, Macd, Momentum, MoneyFlow, RelativeStrength, Stochastic, WilliamsR } from './momentum.ts';
import {
  ExponentialMovingAverage,
  SimpleMovingAverage,
  VolumeWeightedMovingAverage,
  WeightedMovingAverage,
} from './moving-average.ts';
import { AnchoredVwap, DirectionalMovement, OnBalanceVolume, Supertrend } from './trend.ts';
import { AverageTrueRange, BollingerBand, DonchianChannel, KeltnerChannel } from './volatility.ts';

/** Values of an indicator after a bar, in the order of its outputs; undefined while an output warms up. */
export type IndicatorValues = readonly (number | undefined)[];

/** An indicator at work on one market's bars. */
export interface Indicator {
  /** Name with parameters, such as `macd_12_26_9`: low cardinality, fit to be an attribute. */
  readonly name: string;
  /** `value`, or the names of several lines such as `line`, `signal`, `histogram`. */
  readonly outputs: readonly string[];
  add(bar: Bar): IndicatorValues;
  /** Its state: plain numbers, fit for JSON. */
  snapshot(): readonly number[];
  /** Takes the state of an indicator with the same name back. Throws {@link QuantError} `invalid_snapshot`. */
  restore(snapshot: readonly number[]): void;
}

/** An indicator by its name in the field. */
export type IndicatorKind =
  | 'sma'
  | 'ema'
  | 'wma'
  | 'vwma'
  | 'momentum'
  | 'rsi'
  | 'macd'
  | 'stochastic'
  | 'adx'
  | 'williams_r'
  | 'cci'
  | 'mfi'
  | 'atr'
  | 'obv'
  | 'vwap'
  | 'bollinger'
  | 'donchian'
  | 'keltner'
  | 'supertrend';

interface Recipe {
  readonly defaults: readonly number[];
  readonly outputs: readonly string[];
  /** One parameter for each of `defaults`. */
  readonly make: (...parameters: number[]) => Study;
}

/** An indicator without its name. */
interface Study {
  readonly add: (bar: Bar) => IndicatorValues;
  readonly state: Carried;
}

interface Carried {
  carry(tape: Tape): void;
}

const ONE: readonly string[] = ['value'];
const BAND: readonly string[] = ['lower', 'middle', 'upper'];
const WARMING: IndicatorValues = [undefined, undefined, undefined];

type BarSource = Carried & { add(bar: Bar): number | undefined };
type CloseSource = Carried & { add(close: number): number | undefined };
type BandSource<Input> = Carried & { add(input: Input): { lower: number; middle: number; upper: number } | undefined };

function ofBars(state: BarSource): Study {
  return { state, add: (bar) => [state.add(bar)] };
}

function ofCloses(state: CloseSource): Study {
  return { state, add: (bar) => [state.add(bar.close)] };
}

function bandOf<Input>(state: BandSource<Input>, inputOf: (bar: Bar) => Input): Study {
  return {
    state,
    add: (bar) => {
      const band = state.add(inputOf(bar));
      return band === undefined ? WARMING : [band.lower, band.middle, band.upper];
    },
  };
}

function bandOfBars(state: BandSource<Bar>): Study {
  return bandOf(state, (bar) => bar);
}

const RECIPES: Readonly<Record<IndicatorKind, Recipe>> = {
  sma: { defaults: [20], outputs: ONE, make: (length) => ofCloses(new SimpleMovingAverage(length!)) },
  ema: { defaults: [20], outputs: ONE, make: (length) => ofCloses(new ExponentialMovingAverage(length!)) },
  wma: { defaults: [14], outputs: ONE, make: (length) => ofCloses(new WeightedMovingAverage(length!)) },
  vwma: {
    defaults: [14],
    outputs: ONE,
    make: (length) => {
      const state = new VolumeWeightedMovingAverage(length!);
      return { state, add: (bar) => [state.add(bar.close, bar.volume)] };
    },
  },
  momentum: { defaults: [10], outputs: ONE, make: (length) => ofCloses(new Momentum(length!)) },
  rsi: { defaults: [14], outputs: ONE, make: (length) => ofCloses(new RelativeStrength(length!)) },
  macd: {
    defaults: [12, 26, 9],
    outputs: ['line', 'signal', 'histogram'],
    make: (fast, slow, signal) => {
      const state = new Macd(fast, slow, signal);
      return {
        state,
        add: (bar) => {
          const value = state.add(bar.close);
          return value === undefined ? WARMING : [value.line, value.signal, value.histogram];
        },
      };
    },
  },
  stochastic: {
    defaults: [14, 3, 3],
    outputs: ['k', 'd'],
    make: (length, smooth, signal) => {
      const state = new Stochastic(length, smooth, signal);
      return {
        state,
        add: (bar) => {
          const value = state.add(bar);
          return value === undefined ? WARMING : [value.k, value.d];
        },
      };
    },
  },
  adx: {
    defaults: [14],
    outputs: ['average', 'plus', 'minus'],
    make: (length) => {
      const state = new DirectionalMovement(length);
      return {
        state,
        add: (bar) => {
          const value = state.add(bar);
          return value === undefined ? WARMING : [value.average, value.plus, value.minus];
        },
      };
    },
  },
  williams_r: { defaults: [14], outputs: ONE, make: (length) => ofBars(new WilliamsR(length)) },
  cci: { defaults: [20], outputs: ONE, make: (length) => ofBars(new CommodityChannel(length)) },
  mfi: { defaults: [14], outputs: ONE, make: (length) => ofBars(new MoneyFlow(length)) },
  atr: { defaults: [14], outputs: ONE, make: (length) => ofBars(new AverageTrueRange(length)) },
  obv: { defaults: [], outputs: ONE, make: () => ofBars(new OnBalanceVolume()) },
  vwap: { defaults: [], outputs: ONE, make: () => ofBars(new AnchoredVwap()) },
  bollinger: {
    defaults: [20, 2],
    outputs: BAND,
    make: (length, width) => bandOf(new BollingerBand(length, width), ({ close }) => close),
  },
  donchian: { defaults: [20], outputs: BAND, make: (length) => bandOfBars(new DonchianChannel(length!)) },
  keltner: {
    defaults: [20, 2, 10],
    outputs: BAND,
    make: (length, width, range) => bandOfBars(new KeltnerChannel(length, width, range)),
  },
  supertrend: { defaults: [10, 3], outputs: ONE, make: (length, width) => ofBars(new Supertrend(length, width)) },
};

/** A kind with its parameters, in the order of its usual name: `['macd', 12, 26, 9]`; the usual ones when left out. */
export type IndicatorSpec = IndicatorKind | readonly [kind: IndicatorKind, ...parameters: number[]];

/** Every kind there is. */
export const INDICATOR_KINDS: readonly IndicatorKind[] = Object.keys(RECIPES) as IndicatorKind[];

/** Makes an indicator. Throws {@link QuantError} `invalid_option` for an unknown kind or a parameter that cannot be one. */
export function indicatorOf(spec: IndicatorSpec): Indicator {
  const [kind, ...given] = typeof spec === 'string' ? [spec] : spec;
  if (!Object.hasOwn(RECIPES, kind)) {
    throw new QuantError('invalid_option', `there is no indicator ${kind}; there are ${INDICATOR_KINDS.join(', ')}`);
  }
  const { defaults, outputs, make } = RECIPES[kind];
  const parameters = given.length === 0 ? defaults : given;
  if (
    parameters.length !== defaults.length ||
    parameters.some((parameter) => !(parameter > 0 && parameter < Infinity))
  ) {
    const wanted = defaults.length === 0 ? 'no parameters' : `${defaults.length} above 0, as ${defaults.join(', ')}`;
    throw new QuantError('invalid_option', `indicator ${kind} of ${given.join(', ')}; it takes ${wanted}`);
  }
  const name = [kind, ...parameters].join('_');
  const { add, state } = make(...parameters);
  return {
    name,
    outputs,
    add,
    snapshot(): readonly number[] {
      const tape = new TapeWriter();
      state.carry(tape);
      return tape.numbers;
    },
    restore(snapshot): void {
      const tape = new TapeReader(name, snapshot);
      state.carry(tape);
      tape.end();
    },
  };
}
