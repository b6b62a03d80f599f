import { TradingInstrumentation, type TradingInstrumentationOptions } from '@nanometer/trading';
import { CONTRACT, INVERSE } from './events.ts';
import { Recording, SDKS } from '@nanometer/testing';

export interface Desk {
  readonly trading: TradingInstrumentation;
  readonly recording: Recording;
}

/** An instrumentation of both contracts, and what its meter provider collects. */
export function desk(options: TradingInstrumentationOptions = {}, Provider = SDKS[0]?.[1]): Desk {
  const recording = new Recording(Provider);
  const { meterProvider } = recording;
  // Memory for the default, 65,536 fills, takes longer to get and to collect than most tests run.
  const fillIdLimit = 1000;
  const trading = new TradingInstrumentation({
    meterProvider,
    contracts: [CONTRACT, INVERSE],
    fillIdLimit,
    ...options,
  });
  return { trading, recording };
}
