import {
  type Direction,
  implementationShortfall,
  orderFlow,
  type Quote,
  RollSpread,
  type VolumeBucket,
  Vpin,
} from '@nanometer/quant';
import { answersOfMarket, correlationOfMarkets } from '../market-answers.ts';
import type { Vector, VectorRunner } from '../vector.ts';

interface PrintedQuote {
  readonly bid: number;
  readonly bid_qty: number;
  readonly ask: number;
  readonly ask_qty: number;
}

function orderFlowSteps(vector: Vector): unknown {
  const quotes = (vector.inputs as readonly PrintedQuote[]).map((row): Quote => ({
    bid: row.bid,
    bidSize: row.bid_qty,
    ask: row.ask,
    askSize: row.ask_qty,
  }));
  return quotes.slice(1).map((quote, at) => orderFlow(quotes[at] as Quote, quote));
}

function volumeImbalance(vector: Vector): unknown {
  const buckets: VolumeBucket[] = [];
  const vpin = new Vpin(vector.params['bucket_volume'] as number, vector.params['n'] as number, (bucket) =>
    buckets.push(bucket),
  );
  for (const [side, quantity] of vector.inputs as readonly [string, number][]) vpin.add(quantity, /^b/i.test(side));
  return { buckets_buy_sell: buckets.map(({ buy, sell }) => [buy, sell]), vpin: vpin.value };
}

function roll(vector: Vector): unknown {
  const spread = new RollSpread();
  for (const price of vector.inputs as readonly number[]) spread.add(price);
  return spread.value;
}

interface PrintedOrder {
  readonly qty: number;
  readonly fills: readonly (readonly [quantity: number, price: number])[];
  readonly decision: number;
  readonly arrival: number;
  readonly end: number;
  readonly fees: number;
}

function shortfalls(vector: Vector): unknown {
  const side = vector.params['side'];
  const direction: Direction = typeof side === 'string' && side.startsWith('sell') ? -1 : 1;
  return Object.fromEntries(
    Object.entries(vector.inputs as Record<string, PrintedOrder>).map(([name, order]) => {
      const shortfall = implementationShortfall({
        direction,
        quantity: order.qty,
        fills: order.fills.map(([quantity, price]) => ({ quantity, price })),
        decisionPrice: order.decision,
        arrivalPrice: order.arrival,
        endPrice: order.end,
        fees: order.fees,
      });
      const {
        total,
        delay = Number.NaN,
        trading = Number.NaN,
        opportunity = Number.NaN,
        fees = Number.NaN,
      } = shortfall ?? {};
      return [
        name,
        { perold: total, delay, trading, opportunity, fees, wagner_total: delay + trading + opportunity + fees },
      ];
    }),
  );
}

function fileIn(data: (file: string) => string | undefined, name: string): string {
  const path = data(`market/${name}`);
  if (path === undefined) throw new Error(`market/${name} is missing`);
  return path;
}

/** By the `metric` of a vector. */
export const MICROSTRUCTURE_RUNNERS: Readonly<Record<string, VectorRunner>> = {
  order_flow_imbalance: orderFlowSteps,
  vpin: volumeImbalance,
  roll_spread: roll,
  implementation_shortfall: shortfalls,
  microstructure_on_real_data: (vector, data) => {
    const [quotes = '', trades = ''] = (vector.inputs as { files: readonly string[] }).files;
    return answersOfMarket(fileIn(data, quotes), fileIn(data, trades));
  },
  correlation_on_real_data: (vector, data) => {
    const { files } = vector.inputs as { files: readonly string[] };
    const { order } = vector.expected as { order: readonly string[] };
    return { ...correlationOfMarkets(files.map((name) => fileIn(data, name))), order };
  },
};
