import {
  AverageTrueRange,
  type Bar,
  BollingerBand,
  DirectionalMovement,
  type DirectionalValue,
  ExponentialMovingAverage,
  type Indicator,
  INDICATOR_KINDS,
  type IndicatorKind,
  indicatorOf,
  type IndicatorSpec,
  type IndicatorValues,
  Macd,
  OnBalanceVolume,
  TrueRange,
  WindowDeviation,
} from '@nanometer/quant';
import { csvRows } from '../market-data.ts';
import { parameter, textOf } from '../terms.ts';
import type { Vector, VectorRunner } from '../vector.ts';

interface DatedBar extends Bar {
  readonly date: string;
}

function barsOf(vector: Vector, data: (file: string) => string | undefined): readonly DatedBar[] {
  const inputs = vector.inputs as Partial<Record<'open' | 'high' | 'low' | 'close' | 'volume', readonly number[]>>;
  const { close } = inputs;
  if (close !== undefined) {
    return close.map((price, at) => ({
      date: String(at),
      open: inputs.open?.[at] ?? price,
      high: inputs.high?.[at] ?? price,
      low: inputs.low?.[at] ?? price,
      close: price,
      volume: inputs.volume?.[at] ?? 0,
    }));
  }
  const { file } = vector.inputs as { readonly file?: unknown };
  if (typeof file !== 'string') throw new Error('its inputs name neither closes nor a file of bars');
  const path = data(`market/${file.split(' ')[0]}`);
  if (path === undefined) throw new Error(`${file} is missing`);
  return Array.from(csvRows(path), (row) => {
    const [open = 0, high = 0, low = 0, last = 0, traded = 0] = row.slice(1, 6).map(Number);
    return { date: row[0] as string, open, high, low, close: last, volume: traded };
  });
}

/** Values by date where dates are expected, the values in a row where a list is. */
function each(compute: (vector: Vector) => (bar: Bar) => number | undefined): VectorRunner {
  return (vector, data) => {
    const next = compute(vector);
    const values = barsOf(vector, data).map((bar) => [bar.date, next(bar)] as const);
    const known = values.filter(([, value]) => value !== undefined);
    return Array.isArray(vector.expected) ? known.map(([, value]) => value) : Object.fromEntries(known);
  };
}

function seedsWithFirst(vector: Vector): boolean {
  return String(vector.params['seed']).startsWith('first');
}

/** Words of libraries for a kind, and the line of it they mean. */
const NAMES: Readonly<Record<string, readonly [kind: IndicatorKind, output?: string]>> = {
  rsi_wilder: ['rsi'],
  mom: ['momentum'],
  willr: ['williams_r'],
  stoch: ['stochastic', 'k'],
  stoch_k: ['stochastic', 'k'],
  stoch_d: ['stochastic', 'd'],
  pdi: ['adx', 'plus'],
  plus_di: ['adx', 'plus'],
  mdi: ['adx', 'minus'],
  minus_di: ['adx', 'minus'],
  macd_signal: ['macd', 'signal'],
  macd_hist: ['macd', 'histogram'],
  vwap_anchored: ['vwap'],
  bb: ['bollinger', 'upper'],
  bbands: ['bollinger', 'upper'],
  keltner: ['keltner', 'upper'],
  donchian: ['donchian', 'upper'],
};
const BANDS = {
  bb: 'bollinger',
  bbands: 'bollinger',
  bollinger: 'bollinger',
  donchian: 'donchian',
  keltner: 'keltner',
};
for (const [word, kind] of Object.entries(BANDS) as [string, IndicatorKind][]) {
  for (const edge of ['lower', 'middle', 'upper']) Object.assign(NAMES, { [`${word}_${edge}`]: [kind, edge] });
}

/** How a kind's parameters are called, in the order of `indicatorOf`. */
const PARAMETERS: Readonly<Partial<Record<IndicatorKind, readonly (readonly string[])[]>>> = {
  macd: [['fast'], ['slow'], ['signal']],
  stochastic: [
    ['n', 'k'],
    ['smooth', 'k_smooth'],
    ['d', 'signal'],
  ],
  bollinger: [['n'], ['k']],
  keltner: [['n'], ['k', 'multiplier'], ['atr', 'n_atr']],
  supertrend: [['n'], ['k', 'multiplier']],
  obv: [],
  vwap: [],
};

/** Words of other libraries for the lines of an indicator, where a vector expects several. */
const LINES: Readonly<Record<string, string>> = {
  macd: 'line',
  hist: 'histogram',
  adx: 'average',
  pdi: 'plus',
  mdi: 'minus',
  stoch_k: 'k',
  stoch_d: 'd',
};

function specOf(kind: IndicatorKind, vector: Vector): IndicatorSpec {
  const names = PARAMETERS[kind] ?? [['n', 'length', 'period']];
  const given = names.map((aliases) => parameter(vector, ...aliases));
  if (given.every((value) => value === undefined)) return kind;
  const usual = indicatorOf(kind)
    .name.slice(kind.length + 1)
    .split('_')
    .map(Number);
  return [kind, ...given.map((value, at) => value ?? (usual[at] as number))];
}

/** One line of an indicator, or every line that the vector names. */
function lines(kind: IndicatorKind, output: string | undefined): VectorRunner {
  return (vector, data) => {
    const indicator = indicatorOf(specOf(kind, vector));
    const lineAt = (name: string): number => indicator.outputs.indexOf(LINES[name] ?? name);
    const expected = Object.keys((vector.expected ?? {}) as object);
    if (Array.isArray(vector.expected) || !expected.every((name) => lineAt(name) >= 0)) {
      const at = output === undefined ? 0 : lineAt(output);
      return each(() => (bar) => indicator.add(bar)[at])(vector, data);
    }
    const lengths = Object.values(vector.expected as object).map((list: readonly unknown[]) => list.length);
    return linesOf(indicator, barsOf(vector, data), expected, lineAt, new Set(lengths).size === 1);
  };
}

function linesOf(
  indicator: Indicator,
  bars: readonly Bar[],
  names: readonly string[],
  lineAt: (name: string) => number,
  isAligned: boolean,
): unknown {
  const all: readonly IndicatorValues[] = bars.map((bar) => indicator.add(bar));
  // A source that prints lines of one length shows them from where every one is known.
  const rows = isAligned ? all.filter((row) => names.every((name) => row[lineAt(name)] !== undefined)) : all;
  return Object.fromEntries(
    names.map((name) => [name, rows.map((row) => row[lineAt(name)]).filter((value) => value !== undefined)]),
  );
}

/** Lines of a vector that seeds its averages with the first price, which the catalogue does not do. */
const macdFromFirst: VectorRunner = (vector, data) => {
  const { fast, slow, signal } = vector.params as { fast: number; slow: number; signal: number };
  const indicator = new Macd(fast, slow, signal, 'first');
  const values = barsOf(vector, data).flatMap((bar) => indicator.add(bar.close) ?? []);
  return {
    macd: values.map(({ line }) => line),
    signal: values.map((value) => value.signal),
    hist: values.map(({ histogram }) => histogram),
  };
};

/** Shown from where the signal is known where the fast average begins with the slow one, as TA-Lib does. */
const macdAligned: VectorRunner = (vector, data) => {
  const [fast = 12, slow = 26, signal = 9] = ['fast', 'slow', 'signal'].map((name) => parameter(vector, name));
  const indicator = new Macd(fast, slow, signal, 'aligned');
  const values = barsOf(vector, data)
    .flatMap((bar) => indicator.add(bar.close) ?? [])
    .filter((value) => value.signal !== undefined);
  return {
    macd: values.map(({ line }) => line),
    signal: values.map((value) => value.signal),
    hist: values.map(({ histogram }) => histogram),
  };
};

const macd: VectorRunner = (vector, data) => {
  if (/aligned|ta-?lib/i.test(textOf(vector.params['seed']))) return macdAligned(vector, data);
  return (seedsWithFirst(vector) ? macdFromFirst : lines('macd', 'line'))(vector, data);
};

const ema: VectorRunner = (vector, data) => {
  if (!seedsWithFirst(vector)) return lines('ema', undefined)(vector, data);
  const average = new ExponentialMovingAverage(parameter(vector, 'n', 'length', 'period') ?? 20, 'first');
  return each(() => (bar) => average.add(bar.close))(vector, data);
};

/** Of the latest closes, over n unless `ddof` says otherwise. */
const deviation = each((vector) => {
  const length = parameter(vector, 'n', 'length', 'period') ?? 20;
  const window = new WindowDeviation(length);
  const factor = Math.sqrt(length / (length - (parameter(vector, 'ddof') ?? 0)));
  return (bar) => {
    const value = window.add(bar.close);
    return value === undefined ? undefined : value * factor;
  };
});

/** True ranges averaged from the first bar on (Tulip), or from the second one. */
function rangeOf(vector: Vector): AverageTrueRange {
  const words = textOf(vector.params['seed'] ?? vector.params['first_bar']);
  return new AverageTrueRange(lengthOf(vector), /high.?-?.?low|tulip|first bar/i.test(words) ? 'bar' : 'none');
}

const averageRange = each((vector) => {
  const range = rangeOf(vector);
  return (bar) => range.add(bar);
});

/** In percent of the close. */
const normalisedRange = each((vector) => {
  const range = rangeOf(vector);
  return (bar) => {
    const value = range.add(bar);
    return value === undefined ? undefined : (100 * value) / bar.close;
  };
});

function lengthOf(vector: Vector): number {
  return parameter(vector, 'n', 'length', 'period') ?? 14;
}

/** Tulip and TA-Lib sum one bar less before their directional movement fades. */
function directional(read: (value: DirectionalValue) => number | undefined, line: VectorRunner): VectorRunner {
  return (vector, data) => {
    const seed = textOf(vector.params['seed']).toLowerCase().replace('-', '');
    if (seed !== 'tulip' && seed !== 'talib') return line(vector, data);
    const movement = new DirectionalMovement(lengthOf(vector), seed);
    return each(() => (bar) => {
      const value = movement.add(bar);
      return value && read(value);
    })(vector, data);
  };
}

/** Directional index before it is averaged. */
const directionalIndex: VectorRunner = (vector, data) => {
  const seed = textOf(vector.params['seed']).toLowerCase().replace('-', '');
  const movement = new DirectionalMovement(lengthOf(vector), seed === 'tulip' || seed === 'talib' ? seed : 'wilder');
  return each(() => (bar) => {
    const value = movement.add(bar);
    if (value === undefined) return undefined;
    const sum = value.plus + value.minus;
    return sum === 0 ? 0 : (100 * Math.abs(value.plus - value.minus)) / sum;
  })(vector, data);
};

/** Change over n bars in percent (`roc`), as a share (`rocp`) or as a ratio (`rocr`). */
function change(of: (ratio: number) => number): VectorRunner {
  return each((vector) => {
    const closes: number[] = [];
    const length = parameter(vector, 'n', 'length', 'period') ?? 10;
    return ({ close }) => {
      closes.push(close);
      const before = closes.at(-1 - length);
      return before === undefined ? undefined : of(close / before);
    };
  });
}

/** Begun with 0, or with the first bar's volume as TA-Lib does. */
const balance = each((vector) => {
  const volume = new OnBalanceVolume(/first|talib|ta-lib/i.test(textOf(vector.params['seed'])));
  return (bar) => volume.add(bar);
});

/** Place of the close within its Bollinger band: 0 at the lower edge, 1 at the upper. */
const percentB = each((vector) => {
  const band = new BollingerBand(parameter(vector, 'n', 'length') ?? 20, parameter(vector, 'k', 'width') ?? 2);
  return ({ close }) => {
    const edges = band.add(close);
    return edges && edges.upper > edges.lower ? (close - edges.lower) / (edges.upper - edges.lower) : undefined;
  };
});

const trueRangeFrom = each((vector) => {
  const words = textOf(vector.params['seed'] ?? vector.params['first_bar']);
  const range = new TrueRange(/high.?-?.?low|tulip|first bar/i.test(words) ? 'bar' : 'none');
  return (bar) => range.add(bar);
});

/** By the `metric` of a vector. */
export const INDICATOR_RUNNERS: Readonly<Record<string, VectorRunner>> = {
  ...Object.fromEntries(INDICATOR_KINDS.map((kind) => [kind, lines(kind, undefined)])),
  ...Object.fromEntries(Object.entries(NAMES).map(([name, [kind, output]]) => [name, lines(kind, output)])),
  stddev_population: deviation,
  stddev: deviation,
  tr: trueRangeFrom,
  true_range: trueRangeFrom,
  trange: trueRangeFrom,
  atr: averageRange,
  natr: normalisedRange,
  adx: directional(({ average }) => average, lines('adx', undefined)),
  plus_di: directional(({ plus }) => plus, lines('adx', 'plus')),
  pdi: directional(({ plus }) => plus, lines('adx', 'plus')),
  minus_di: directional(({ minus }) => minus, lines('adx', 'minus')),
  mdi: directional(({ minus }) => minus, lines('adx', 'minus')),
  dx: directionalIndex,
  roc: change((ratio) => 100 * (ratio - 1)),
  rocp: change((ratio) => ratio - 1),
  rocr: change((ratio) => ratio),
  typprice: each(
    () =>
      ({ high, low, close }) =>
        (high + low + close) / 3,
  ),
  medprice: each(
    () =>
      ({ high, low }) =>
        (high + low) / 2,
  ),
  obv: balance,
  bb_percent_b: percentB,
  percent_b: percentB,
  ema,
  macd,
};
