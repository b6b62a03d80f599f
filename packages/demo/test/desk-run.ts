import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll } from '@jest/globals';
import type { Fill } from '@nanometer/quant';
import {
  type DeskOptions,
  type DeskTotals,
  type ExchangeOptions,
  type ExchangeTotals,
  type RunningDesk,
  startDesk,
  startExchange,
  type WallClock,
} from '../src/index.ts';
import { type OtlpStub, startOtlpStub } from './otlp-stub.ts';

// Whole markets are traded, also where other work shares the processor.
export const folder = mkdtempSync(join(tmpdir(), 'nanometer-desk-'));

export let otlp: OtlpStub;

export const cleanUps: (() => Promise<unknown> | void)[] = [];

/** A clock on which every wait is over at once. */
export function fastClock(): WallClock {
  let nowMs = 0;
  return {
    now: () => nowMs,
    wait: async (ms) => {
      nowMs += ms;
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

export interface Run {
  readonly exchange: ExchangeTotals;
  readonly desk: DeskTotals;
  readonly fills: readonly Fill[];
  readonly notices: readonly string[];
}

export async function run(
  exchangeOptions: ExchangeOptions,
  deskOptions: Partial<DeskOptions> = {},
  whileRunning: (desk: RunningDesk) => Promise<void> | void = () => undefined,
  clock: WallClock = fastClock(),
): Promise<Run> {
  const exchange = await startExchange({ speed: 'max', ...exchangeOptions }, clock);
  cleanUps.push(() => exchange.close());
  const fills: Fill[] = [];
  const notices: string[] = [];
  const desk = await startDesk(
    { exchangeUrl: exchange.url, metricsPort: 0, otlpEndpoint: otlp.endpoint, infra: false, ...deskOptions },
    { onFill: (fill) => fills.push(fill), onNotice: (text) => notices.push(text) },
  );
  await whileRunning(desk);
  const deskTotals = await desk.finished;
  return { exchange: await exchange.finished, desk: deskTotals, fills, notices };
}

beforeAll(async () => {
  otlp = await startOtlpStub();
});

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
});

afterAll(async () => {
  await otlp.close();
  rmSync(folder, { recursive: true });
});
