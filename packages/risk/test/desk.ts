import {
  type Contract,
  type Fill,
  type Mark,
  RiskInstrumentation,
  type RiskInstrumentationOptions,
} from '@nanometer/risk';
import { Recording, SDKS } from '@nanometer/testing';

export const CONTRACT: Contract = {
  exchange: 'venue',
  symbol: 'BTCUSDT',
  kind: 'linear',
  multiplier: 1,
  baseCurrency: 'BTC',
  currency: 'USDT',
};
export const INVERSE: Contract = {
  ...CONTRACT,
  symbol: 'BTCUSD',
  kind: 'inverse',
  multiplier: 100,
  currency: 'BTC',
  quoteCurrency: 'USD',
};

let nextId = 0;

export function fill(quantity: number, price: number, rest: Partial<Fill> = {}): Fill {
  return {
    fillId: `fill-${nextId++}`,
    strategy: 'maker',
    exchange: 'venue',
    symbol: 'BTCUSDT',
    side: quantity < 0 ? 'sell' : 'buy',
    quantity: Math.abs(quantity),
    price,
    fee: 0,
    liquidity: 'maker',
    timeMs: 1000,
    ...rest,
  };
}

export function mark(price: number, symbol = 'BTCUSDT'): Mark {
  return { exchange: 'venue', symbol, price, timeMs: 1000 };
}

export interface Desk {
  readonly risk: RiskInstrumentation;
  readonly recording: Recording;
}

export function desk(options: Partial<RiskInstrumentationOptions> = {}, Provider = SDKS[0]?.[1]): Desk {
  const recording = new Recording(Provider);
  const risk = new RiskInstrumentation({
    meterProvider: recording.meterProvider,
    initialCapital: 10_000,
    contracts: [CONTRACT, INVERSE],
    durationSampling: 0,
    // Memory for the default, 65,536 fills, takes longer to get and to collect than most tests run.
    fillIdLimit: 1000,
    ...options,
  });
  risk.onRate({ currency: 'USDT', rate: 1, timeMs: 0 });
  return { risk, recording };
}
