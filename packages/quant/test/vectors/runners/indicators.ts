import {
  AverageTrueRange,
  type Bar,
  BollingerBand,
  ExponentialMovingAverage,
  Macd,
  type MacdValue,
  Momentum,
  OnBalanceVolume,
  RelativeStrength,
  SimpleMovingAverage,
  WindowDeviation,
} from '@nanometer/quant';
import { csvRows } from '../market-data.ts';
import type { Vector, VectorRunner } from '../vector.ts';

interface DatedBar extends Bar {
  readonly date: string;
}

function barsOf(vector: Vector, data: (file: string) => string | undefined): readonly DatedBar[] {
  const { close, volume, file } = vector.inputs as {
    close?: readonly number[];
    volume?: readonly number[];
    file?: string;
  };
  if (close !== undefined) {
    return close.map((price, at) => ({
      date: String(at),
      open: price,
      high: price,
      low: price,
      close: price,
      volume: volume?.[at] ?? 0,
    }));
  }
  const path = data(`market/${String(file).split(' ')[0]}`);
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

function lengthOf(vector: Vector): number {
  return vector.params['n'] as number;
}

function averageOf(vector: Vector): ExponentialMovingAverage {
  return new ExponentialMovingAverage(
    lengthOf(vector),
    String(vector.params['seed']).startsWith('first') ? 'first' : 'mean',
  );
}

const macd: VectorRunner = (vector, data) => {
  const { fast, slow, signal, seed } = vector.params as { fast: number; slow: number; signal: number; seed: string };
  const indicator = new Macd(fast, slow, signal, seed.startsWith('first') ? 'first' : 'mean');
  const values = barsOf(vector, data)
    .map((bar) => indicator.add(bar.close))
    .filter((value): value is MacdValue => value !== undefined);
  return {
    macd: values.map(({ line }) => line),
    signal: values.map((value) => value.signal),
    hist: values.map(({ histogram }) => histogram),
  };
};

function band(edge: 'lower' | 'upper'): VectorRunner {
  return each((vector) => {
    const indicator = new BollingerBand(lengthOf(vector), vector.params['k'] as number);
    return (bar) => indicator.add(bar.close)?.[edge];
  });
}

function closes(make: (vector: Vector) => { add(close: number): number | undefined }): VectorRunner {
  return each((vector) => {
    const indicator = make(vector);
    return (bar) => indicator.add(bar.close);
  });
}

function bars(make: (vector: Vector) => { add(bar: Bar): number | undefined }): VectorRunner {
  return each((vector) => {
    const indicator = make(vector);
    return (bar) => indicator.add(bar);
  });
}

/** By the `metric` of a vector. */
export const INDICATOR_RUNNERS: Readonly<Record<string, VectorRunner>> = {
  sma: closes((vector) => new SimpleMovingAverage(lengthOf(vector))),
  ema: closes(averageOf),
  stddev_population: closes((vector) => new WindowDeviation(lengthOf(vector))),
  momentum: closes((vector) => new Momentum(lengthOf(vector))),
  rsi_wilder: closes((vector) => new RelativeStrength(lengthOf(vector))),
  obv: bars(() => new OnBalanceVolume()),
  atr: bars((vector) => new AverageTrueRange(lengthOf(vector))),
  bbands_lower: band('lower'),
  bbands_upper: band('upper'),
  bb: band('upper'),
  macd,
};
