import { type Contract, type CostMethod, PositionLedger, TradeStatistics } from '@nanometer/quant';
import { given, parameter, present, textOf } from '../terms.ts';
import type { Vector, VectorRunner } from '../vector.ts';

/** A step of a book: a fill (sells negative, or by `side`), a mark, or a payment; the words of several sources. */
type Step = Readonly<Record<string, unknown>>;

const KEY = { exchange: 'x', symbol: 's' } as const;
const METHODS: Readonly<Record<string, CostMethod>> = {
  fifo: 'fifo',
  lifo: 'lifo',
  average: 'average',
  avco: 'average',
};

function methodOf({ metric, params }: Vector): CostMethod {
  const words = `${textOf(params['method'] ?? params['cost_method'])} ${metric}`.toLowerCase();
  return METHODS[Object.keys(METHODS).find((word) => words.includes(word)) ?? 'average']!;
}

function contractOf(vector: Vector): Contract {
  const isInverse = vector.params['contract'] === 'inverse' || vector.metric.includes('inverse');
  const multiplier = parameter(vector, 'multiplier', 'face', 'contract_size') ?? 1;
  const base = { ...KEY, multiplier, baseCurrency: 'BTC' };
  return isInverse
    ? { ...base, kind: 'inverse', currency: 'BTC', quoteCurrency: 'USD' }
    : { ...base, kind: 'linear', currency: 'USD' };
}

function numberIn(step: Step, ...names: readonly string[]): number | undefined {
  return names.map((name) => step[name]).find((value): value is number => typeof value === 'number');
}

/** Plays the steps of a vector; answers by the usual words, also as they were after each fill. */
function book(vector: Vector): unknown {
  const ledger = new PositionLedger({ costMethod: methodOf(vector) });
  ledger.defineContract(contractOf(vector));
  const rate = parameter(vector, 'fee_rate') ?? 0;
  const after: Record<string, number | undefined> = {};
  const { inputs } = vector;
  const steps = (
    Array.isArray(inputs) ? inputs : ((inputs as Step)['steps'] ?? (inputs as Step)['fills'])
  ) as readonly Step[];
  if (!Array.isArray(steps)) throw new Error('its inputs are no list of fills');
  let fills = 0;
  steps.forEach((step, at) => {
    const mark = numberIn(step, 'mark');
    const funding = numberIn(step, 'funding', 'payment');
    const quantity = numberIn(step, 'qty', 'quantity', 'size', 'units');
    if (mark !== undefined) ledger.applyMark({ ...KEY, price: mark, timeMs: at });
    else if (funding !== undefined)
      ledger.applyFunding({ ...KEY, strategy: 'a', paymentId: `${at}`, amount: funding, timeMs: at });
    else {
      const price = numberIn(step, 'price', 'px');
      if (quantity === undefined || price === undefined)
        throw new Error(`step ${at} is neither a fill, a mark nor a payment`);
      const isSell = quantity < 0 || /^s/i.test(textOf(step['side']));
      const size = Math.abs(quantity);
      const result = ledger.applyFill({
        ...KEY,
        fillId: `${at}`,
        strategy: 'a',
        side: isSell ? 'sell' : 'buy',
        quantity: size,
        price,
        fee: numberIn(step, 'fee', 'commission') ?? rate * size * price,
        liquidity: 'taker',
        timeMs: at,
      });
      if (result !== 'applied') throw new Error(`step ${at}: the fill was refused: ${result}`);
      fills++;
      after[`realized_after_fill_${fills}`] = ledger.positionAt(0)?.realizedPnl;
      after[`avg_after_fill_${fills}`] = ledger.positionAt(0)?.averagePrice;
    }
  });
  const mark = parameter(vector, 'mark');
  if (mark !== undefined) ledger.applyMark({ ...KEY, price: mark, timeMs: steps.length });
  return answersOf(vector, ledger, after);
}

function answersOf(vector: Vector, ledger: PositionLedger, after: Readonly<Record<string, unknown>>): unknown {
  const position = ledger.positionAt(0);
  if (position === undefined) throw new Error('it leaves no position');
  const { quantity, averagePrice, realizedPnl, unrealizedPnl, fees, funding } = position;
  if (typeof vector.expected === 'number') return vector.metric.includes('unrealized') ? unrealizedPnl : realizedPnl;
  return {
    ...after,
    position: quantity,
    quantity,
    avg_px: averagePrice,
    average_price: averagePrice,
    realized: realizedPnl,
    realized_gross: realizedPnl,
    unrealized: unrealizedPnl,
    fees,
    funding,
    cost_basis: averagePrice === undefined ? undefined : averagePrice * Math.abs(quantity),
    net_total: realizedPnl + (unrealizedPnl ?? 0) - fees - funding,
  };
}

/** What a position pays: notional times rate, positive for a long position at a positive rate. */
function fundingPayment(vector: Vector): number | undefined {
  const quantity = given(vector, 'qty', 'quantity', 'position', 'size');
  const rate = given(vector, 'rate', 'funding_rate');
  const mark = given(vector, 'mark', 'mark_price', 'price');
  const isShort = /short|sell/i.test(textOf((vector.inputs as Step)['side']));
  if (quantity === undefined || rate === undefined || mark === undefined)
    throw new Error('it needs "qty", "mark" and "rate"');
  const signed = isShort ? -Math.abs(quantity) : quantity;
  const { kind, multiplier } = contractOf(vector);
  const ledger = new PositionLedger();
  ledger.defineContract(contractOf(vector));
  const notional = kind === 'inverse' ? (signed * multiplier) / mark : signed * multiplier * mark;
  ledger.applyFill({
    ...KEY,
    fillId: '0',
    strategy: 'a',
    side: signed < 0 ? 'sell' : 'buy',
    quantity: Math.abs(signed),
    price: mark,
    fee: 0,
    liquidity: 'taker',
    timeMs: 0,
  });
  ledger.applyFunding({ ...KEY, strategy: 'a', paymentId: '0', amount: notional * rate, timeMs: 1 });
  return ledger.positionAt(0)?.funding;
}

function trades(read: (statistics: TradeStatistics) => number | undefined): VectorRunner {
  return (vector) => {
    const { inputs } = vector;
    const nested = Array.isArray(inputs) && inputs.length > 0 && inputs.every((row) => Array.isArray(row));
    const one = (results: readonly number[]): number | undefined => {
      const statistics = new TradeStatistics();
      for (const result of results) statistics.add(result);
      return read(statistics);
    };
    return nested ? (inputs as readonly (readonly number[])[]).map(one) : one(present(inputs));
  };
}

function results(read: (values: readonly number[]) => number | undefined): VectorRunner {
  return (vector) => {
    const { inputs } = vector;
    const nested = Array.isArray(inputs) && inputs.length > 0 && inputs.every((row) => Array.isArray(row));
    return nested ? (inputs as readonly (readonly number[])[]).map(read) : read(present(inputs));
  };
}

function most(compare: (...values: number[]) => number, keep: (value: number) => boolean): VectorRunner {
  return results((values) => {
    const kept = values.filter(keep);
    return kept.length === 0 ? undefined : compare(...kept);
  });
}

function mean(keep: (value: number) => boolean): VectorRunner {
  return results((values) => {
    const kept = values.filter(keep);
    return kept.length === 0 ? undefined : kept.reduce((sum, value) => sum + value, 0) / kept.length;
  });
}

/** Longest run of results of one sign; break-even ends both. */
function streak(sign: 1 | -1): VectorRunner {
  return results((values) => {
    let longest = 0;
    let current = 0;
    for (const value of values) {
      current = value * sign > 0 ? current + 1 : 0;
      longest = Math.max(longest, current);
    }
    return longest;
  });
}

const isWin = (value: number): boolean => value > 0;
const isLoss = (value: number): boolean => value < 0;

/** By the `metric` of a vector. */
export const BOOK_RUNNERS: Readonly<Record<string, VectorRunner>> = {
  position_ledger: book,
  realized_pnl: book,
  realized_pnl_fifo: book,
  realized_pnl_lifo: book,
  realized_pnl_average: book,
  realized_pnl_inverse: book,
  unrealized_pnl: book,
  pnl_fifo: book,
  pnl_lifo: book,
  funding_payment: fundingPayment,
  funding_fee: fundingPayment,
  payoff_ratio: trades(({ payoff }) => payoff),
  profit_loss_ratio: trades(({ payoff }) => payoff),
  win_loss_ratio: trades(({ payoff }) => payoff),
  sqn: trades(({ systemQuality }) => systemQuality),
  system_quality_number: trades(({ systemQuality }) => systemQuality),
  expectancy_ratio: trades(({ expectancyRatio }) => expectancyRatio),
  loss_rate: trades(({ wins, losses }) => (wins + losses === 0 ? undefined : losses / (wins + losses))),
  gross_profit: trades(({ grossProfit }) => grossProfit),
  gross_loss: trades(({ grossLoss }) => -grossLoss),
  kelly_criterion: trades(({ winRate, payoff }) =>
    winRate === undefined || payoff === undefined ? undefined : winRate - (1 - winRate) / payoff,
  ),
  max_winner: most(Math.max, isWin),
  min_winner: most(Math.min, isWin),
  max_loser: most(Math.min, isLoss),
  min_loser: most(Math.max, isLoss),
  avg_winner: mean(isWin),
  avg_loser: mean(isLoss),
  average_win: mean(isWin),
  average_loss: mean(isLoss),
  returns_average_win: mean(isWin),
  returns_average_loss: mean(isLoss),
  returns_avg_win: mean(isWin),
  returns_avg_loss: mean(isLoss),
  max_consecutive_wins: streak(1),
  max_consecutive_winning_trades: streak(1),
  max_consecutive_losses: streak(-1),
  max_consecutive_losing_trades: streak(-1),
};
