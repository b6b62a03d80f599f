import {
  Drawdown,
  type ForecastMethod,
  HistoricalRisk,
  ValueAtRiskBacktest,
  ValueAtRiskForecast,
} from '@nanometer/quant';
import { csvRows } from './market-data.ts';

const METHODS: readonly (readonly [key: string, method: ForecastMethod])[] = [
  ['historical', 'historical'],
  ['parametric_normal', 'normal'],
  ['ewma094_normal', 'ewma'],
  ['fhs_ewma094', 'filtered-historical'],
];
const TAILS = [0.05, 0.01];
const WINDOW = 250;

/** Simple returns of adjusted closes by symbol, in order of date. */
export function dailyReturns(file: string): ReadonlyMap<string, readonly number[]> {
  const closes = new Map<string, number[]>();
  for (const row of csvRows(file)) {
    const symbol = row[0] as string;
    if (!closes.has(symbol)) closes.set(symbol, []);
    // A day without a price is no day of trading: the return runs over it.
    const close = Number(row[8]);
    if (row[8] !== undefined && row[8] !== '' && close > 0 && close < Infinity) closes.get(symbol)!.push(close);
  }
  return new Map(
    [...closes].map(([symbol, prices]) => [symbol, prices.slice(1).map((price, at) => price / prices[at]! - 1)]),
  );
}

/** Backtests of every method at every tail, and the last window's tail, of one return series; returns keep their sign. */
export function backtestAnswers(returns: readonly number[], window = WINDOW): object {
  const forecast = new ValueAtRiskForecast(window, 0.94);
  const tests = TAILS.flatMap((p) =>
    METHODS.map(([key, method]) => ({
      key: `${key}_${p}`,
      method,
      p,
      test: new ValueAtRiskBacktest(p),
      last: Number.NaN,
    })),
  );
  for (const value of returns) {
    for (const entry of tests) {
      const valueAtRisk = forecast.valueAtRisk(entry.method, entry.p);
      if (valueAtRisk === undefined) continue;
      entry.test.add(valueAtRisk, value);
      entry.last = -valueAtRisk;
    }
    forecast.add(value);
  }
  const last = new HistoricalRisk(window);
  for (const value of returns.slice(-window)) last.add(value);
  return {
    ...(returns.length > window ? {} : { note: `${returns.length} returns: a window of ${window} makes no forecast` }),
    ...Object.fromEntries(
      tests.map(({ key, test, last: lastVarReturn }) => [
        key,
        // Without a forecast there is nothing to count, which is not the same as no exceptions.
        test.count === 0
          ? { T: 0 }
          : {
              T: test.count,
              exceptions: test.exceptions,
              lr_pof: test.kupiec,
              ...test.transitions,
              lr_ind: test.independence,
              last_var_return: lastVarReturn,
            },
      ]),
    ),
    [`last${window}`]: {
      es95_mean_of_returns_le_quantile7: negated(last.meanTailLoss(0.05)),
      'quantile7_0.05': negated(last.valueAtRisk(0.05)),
      max_drawdown_full: returns.length === 0 ? undefined : -(drawdownOf(returns).maxRatio ?? 0),
    },
  };
}

function negated(value: number | undefined): number | undefined {
  return value === undefined ? undefined : -value;
}

/** The drawdown of wealth that starts at 1 and compounds these returns. */
export function drawdownOf(returns: readonly number[]): Drawdown {
  const drawdown = new Drawdown(1);
  let wealth = 1;
  for (const change of returns) drawdown.update((wealth *= 1 + change));
  return drawdown;
}
