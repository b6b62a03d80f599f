import { type Contract, Drawdown, PositionLedger, TradeStatistics } from '@nanometer/quant';
import { drawdownOf } from '../backtest-answers.ts';
import { epochSecondsOf, lastMid, recordedTrades } from '../market-data.ts';
import { faceValueOf, sampledFillAnswers } from '../pnl-answers.ts';
import { parameter, present } from '../terms.ts';
import type { Vector, VectorRunner } from '../vector.ts';

const CONTRACT: Contract = {
  exchange: 'x',
  symbol: 's',
  kind: 'linear',
  multiplier: 1,
  baseCurrency: 'BTC',
  currency: 'USD',
};

interface Step {
  readonly quantity: number;
  readonly price: number;
  readonly fee?: number;
  readonly feeCurrency?: string;
}

/** Trades steps one after the other; `fill` and `mark` are the only ways in, as for any user. */
class Desk {
  readonly ledger = new PositionLedger();
  #count = 0;

  constructor(contract: Partial<Contract> = {}) {
    this.ledger.defineContract({ ...CONTRACT, ...contract });
  }

  trade({ quantity, price, fee = 0, feeCurrency }: Step): number {
    const fill = {
      fillId: `${this.#count++}`,
      strategy: 'a',
      exchange: 'x',
      symbol: 's',
      side: quantity < 0 ? 'sell' : 'buy',
      quantity: Math.abs(quantity),
      price,
      fee,
      ...(feeCurrency === undefined ? {} : { feeCurrency }),
      liquidity: 'taker',
      timeMs: 0,
    } as const;
    const result = this.ledger.applyFill(fill);
    if (result !== 'applied') throw new Error(`fill refused: ${result}`);
    return this.ledger.effect.realizedPnl;
  }

  mark(price: number): void {
    this.ledger.applyMark({ exchange: 'x', symbol: 's', price, timeMs: 0 });
  }

  get position(): NonNullable<ReturnType<PositionLedger['positionAt']>> {
    const position = this.ledger.positionAt(0);
    if (position === undefined) throw new Error('no position');
    return position;
  }

  get realizedAfterFees(): number {
    return this.position.realizedPnl - this.position.fees;
  }
}

function statisticsOf(results: readonly number[]): TradeStatistics {
  const statistics = new TradeStatistics();
  for (const result of results) statistics.add(result);
  return statistics;
}

function eachOf<Value>(inputs: unknown, compute: (results: readonly number[]) => Value): Value | Value[] {
  const rows = inputs as readonly (number | readonly number[])[];
  if (rows.every((row) => typeof row === 'number')) return compute(rows as readonly number[]);
  return rows.map((row) => compute(row as readonly number[]));
}

function expectancy(vector: Vector): unknown {
  if (vector.params['breakeven'] === 'excluded from counts') {
    return eachOf(vector.inputs, (results) => statisticsOf(results.filter((result) => result !== 0)).expectancy);
  }
  if (typeof vector.expected !== 'object' || Array.isArray(vector.expected)) {
    return eachOf(vector.inputs, (results) => statisticsOf(results).expectancy);
  }
  const statistics = statisticsOf(present(vector.inputs));
  return { expectancy: statistics.expectancy, expectancy_ratio: statistics.expectancyRatio };
}

function winRate(vector: Vector): unknown {
  const breakeven = vector.params['breakeven'];
  const inDenominator = typeof breakeven === 'string' && breakeven.startsWith('in the denominator');
  return eachOf(vector.inputs, (results) => {
    const statistics = statisticsOf(results);
    return inDenominator ? statistics.wins / statistics.count : statistics.winRate;
  });
}

function tradingTechnologies(vector: Vector): unknown {
  const desk = new Desk();
  const rate = parameter(vector, 'fee_rate') ?? 0;
  const result: Record<string, number | undefined> = {};
  (vector.inputs as readonly { qty: number; price: number }[]).forEach(({ qty, price }, index) => {
    desk.trade({ quantity: qty, price, fee: Math.abs(qty) * price * rate });
    result[`realized_after_fill_${index + 1}`] = desk.realizedAfterFees;
    result[`avg_after_fill_${index + 1}`] = desk.position.averagePrice;
  });
  return result;
}

function inverse(vector: Vector): unknown {
  const rows = vector.inputs as readonly { side: string; contracts: number; entry: number; mark: number }[];
  return rows.map(({ side, contracts, entry, mark }) => {
    const desk = new Desk({ kind: 'inverse', currency: 'BTC', quoteCurrency: 'USD' });
    desk.trade({ quantity: side === 'short' || side === 'sell' ? -contracts : contracts, price: entry });
    desk.mark(mark);
    return desk.position.unrealizedPnl;
  });
}

function linear(vector: Vector): unknown {
  const rate = parameter(vector, 'fee_rate') ?? 0;
  const desks = (vector.inputs as readonly { qty: number; entry: number; mark: number }[]).map((row) => {
    const desk = new Desk();
    desk.trade({ quantity: row.qty, price: row.entry, fee: Math.abs(row.qty) * row.entry * rate });
    desk.mark(row.mark);
    return desk;
  });
  return {
    unrealized: desks.map((desk) => desk.position.unrealizedPnl),
    fees: desks.map((desk) => desk.position.fees),
  };
}

function baseFee(vector: Vector): unknown {
  return (vector.inputs as readonly { side: string; qty: number; fee_base: number }[]).map((row) => {
    const desk = new Desk();
    const quantity = row.side === 'sell' ? -row.qty : row.qty;
    desk.trade({ quantity, price: 100, fee: row.fee_base, feeCurrency: 'BTC' });
    return desk.position.quantity;
  });
}

function cycles(vector: Vector): unknown {
  const desk = new Desk();
  const results: Record<string, number> = {};
  let cycle = 0;
  for (const { qty, price } of vector.inputs as readonly { qty: number; price: number }[]) {
    desk.trade({ quantity: qty, price });
    if (desk.ledger.effect.outcome !== undefined) results[`cycle${++cycle}`] = desk.ledger.effect.tradeNetPnl;
  }
  return { ...results, total: desk.position.realizedPnl };
}

function rollingDrawdown(vector: Vector): unknown {
  const returns = present(vector.inputs);
  const window = vector.params['window'] as number;
  const starts = Array.from({ length: returns.length - window + 1 }, (_, start) => start);
  return starts.map((start) => -(drawdownOf(returns.slice(start, start + window)).maxRatio ?? 0));
}

function drawdownMoneyAndShare(vector: Vector): unknown {
  const drawdown = new Drawdown(vector.params['starting_balance'] as number);
  let equity = drawdown.equity;
  for (const change of vector.inputs as readonly number[]) drawdown.update((equity += change));
  return {
    by_absolute: { abs: drawdown.max, rel: drawdown.ratioAtMax },
    by_relative: { abs: drawdown.moneyAtMaxRatio, rel: drawdown.maxRatio },
  };
}

/** The market of a vector: its files as inputs, or the file of trades that its source or rule speaks of. */
function stemOf({ id, inputs, ...rest }: Vector): string {
  const stem = /([\w-]+)-(?:trades|bbo)\.csv\.gz/.exec(JSON.stringify([inputs, rest]))?.[1];
  if (stem === undefined) throw new Error(`${id} names no file of trades, such as MARKET-trades.csv.gz`);
  return stem;
}

function pnlOnRealData(vector: Vector, data: (file: string) => string | undefined): unknown {
  const stem = stemOf(vector);
  const trades = data(`market/${stem}-trades.csv.gz`);
  const quotes = data(`market/${stem}-bbo.csv.gz`);
  if (trades === undefined || quotes === undefined) throw new Error(`market data of ${stem} is missing`);
  return sampledFillAnswers(recordedTrades(trades, epochSecondsOf(trades)), lastMid(quotes), faceValueOf(stem));
}

export const LEDGER_RUNNERS: Readonly<Record<string, VectorRunner>> = {
  profit_factor: (vector) => eachOf(vector.inputs, (results) => statisticsOf(results).profitFactor),
  expectancy,
  win_rate: winRate,
  realized_pnl_average_cost: tradingTechnologies,
  unrealized_pnl_inverse: inverse,
  unrealized_pnl_linear: linear,
  spot_base_currency_fee: baseFee,
  realized_pnl_across_cycles: cycles,
  max_drawdown: (vector) => -(drawdownOf(present(vector.inputs)).maxRatio ?? 0),
  max_drawdown_abs: (vector) => drawdownOf(present(vector.inputs)).maxRatio,
  rolling_max_drawdown: rollingDrawdown,
  max_drawdown_currency_vs_percent: drawdownMoneyAndShare,
  pnl_on_real_data: pnlOnRealData,
};
