import { afterEach, expect, test } from '@jest/globals';
import type {
  CorrelationMatrixEvent,
  CorrelationMethod,
  CorrelationOptions,
  RiskInstrumentation,
} from '@nanometer/risk';
import {
  correlationOf,
  HayashiYoshida,
  largestEigenvalueShare,
  ledoitWolf,
  populationCovariance,
} from '@nanometer/quant';
import { until } from '@nanometer/testing';
import { correlationSettings } from '../src/correlation/correlation-options.ts';
import { RecordRing } from '../src/correlation/record-ring.ts';
import { TickFeed } from '../src/correlation/tick-feed.ts';
import { CONTRACT, type Desk, desk, fill } from './desk.ts';

const SIZE = 4;
const STEPS = 40;
const contracts = Array.from({ length: SIZE }, (_, at) => ({ ...CONTRACT, symbol: `S${at}` }));

/** Prices that move together, each with a part of its own. */
function priceOf(instrument: number, step: number): number {
  return 100 * Math.exp(0.01 * Math.sin(step * 1.3) * (instrument + 1) + 0.01 * Math.sin(step * (2 + instrument)));
}

const open: RiskInstrumentation[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((risk) => risk.close()));
});

interface Run extends Desk {
  readonly events: CorrelationMatrixEvent[];
}

function start(correlation: CorrelationOptions): Run {
  const events: CorrelationMatrixEvent[] = [];
  const made = desk({
    contracts,
    correlation: { gridStepMs: 1000, matrixPrecision: 'float64', minimumSteps: 5, ...correlation },
    onCorrelationMatrix: (event) => events.push(event),
  });
  open.push(made.risk);
  return { ...made, events };
}

/** Marks every instrument once per step; returns the log returns of the grid, oldest first. */
function feed(risk: RiskInstrumentation): number[][] {
  const rows: number[][] = [];
  for (let step = 0; step < STEPS; step++) {
    for (let at = 0; at < SIZE; at++) {
      risk.onMark({
        exchange: 'venue',
        symbol: `S${at}`,
        price: priceOf(at, step),
        timeMs: step * 1000 + 100 * at + 1,
      });
    }
    if (step > 0) {
      rows.push(Array.from({ length: SIZE }, (_, at) => Math.log(priceOf(at, step) / priceOf(at, step - 1))));
    }
  }
  risk.onMark({ exchange: 'venue', symbol: 'S0', price: 100, timeMs: STEPS * 1000 + 1 });
  return rows;
}

/** Correlations of zero-mean fading products, from the first return on. */
function fading(rows: readonly number[][], lambda: number): Float64Array {
  const cells = new Float64Array(SIZE * SIZE);
  for (const row of rows) {
    for (let i = 0; i < SIZE; i++) {
      for (let j = 0; j < SIZE; j++)
        cells[i * SIZE + j] = lambda * cells[i * SIZE + j]! + (1 - lambda) * row[i]! * row[j]!;
    }
  }
  return correlationOf({ size: SIZE, cells }).cells;
}

const EXPECTED: Readonly<Record<Exclude<CorrelationMethod, 'hayashi_yoshida'>, (rows: number[][]) => Float64Array>> = {
  ewma: (rows) => fading(rows, 0.9),
  windowed: (rows) => correlationOf(populationCovariance(rows.slice(-20), SIZE)).cells,
  ledoit_wolf: (rows) => correlationOf(ledoitWolf(rows.slice(-20), SIZE)!.covariance).cells,
};

async function workerGivesWhatHandsDo(method: keyof typeof EXPECTED): Promise<void> {
  const { risk, recording, events } = start({ method, lambda: 0.9, windowSteps: 20, pairLimit: 2 });
  // Exposure comes first, so that every step knows its pairs.
  risk.onFill(fill(3, 100, { symbol: 'S1' }));
  risk.onFill(fill(-9, 100, { symbol: 'S3' }));
  risk.onFill(fill(1, 100, { symbol: 'S0' }));
  const rows = feed(risk);
  const lastMs = STEPS * 1000;
  await until('the step is there', () => risk.correlation()?.timeMs === lastMs);
  const expected = EXPECTED[method](rows);
  const event = events.at(-1)!;
  expect(event).toMatchObject({ timeMs: lastMs, method });
  // Instruments are numbered as they come: by the fills first.
  const order = event.symbols.map((name) => Number(name.at(-1)));
  expect(order).toEqual([1, 3, 0, 2]);
  const cellOf = (a: number, b: number): number => expected[a * SIZE + b]!;
  for (let i = 0; i < SIZE; i++) {
    for (let j = 0; j < SIZE; j++) {
      expect(event.matrix[i * SIZE + j]).toBeCloseTo(cellOf(order[i]!, order[j]!), 9);
    }
  }
  let sum = 0;
  for (let i = 0; i < SIZE; i++) for (let j = 0; j < i; j++) sum += cellOf(i, j);
  const { average, largestEigenvalueShare: share, pairs } = risk.correlation()!;
  expect(average).toBeCloseTo(sum / 6, 9);
  expect(share).toBeCloseTo(largestEigenvalueShare({ size: SIZE, cells: expected })!, 6);
  expect(pairs).toEqual([
    { first: 'venue/S3', second: 'venue/S1', correlation: expect.closeTo(cellOf(3, 1), 9) },
    { first: 'venue/S3', second: 'venue/S0', correlation: expect.closeTo(cellOf(3, 0), 9) },
  ]);
  const series = await recording.series('risk.correlation');
  expect(series).toMatchObject({
    [`risk.correlation.average{${method}}`]: average,
    [`risk.correlation.largest_eigenvalue_share{${method}}`]: share,
    [`risk.correlation.step.count{${method}}`]: STEPS,
    [`risk.correlation.step.duration{${method}}`]: [events.length, expect.any(Number)],
    [`risk.correlation.pair{venue/S3,${method},venue/S1}`]: pairs[0]!.correlation,
  });
  expect(series[`risk.correlation.step.dropped{${method}}`]).toBeUndefined();
}

test('a worker computes what the same returns give by hand', async () => {
  for (const method of ['ewma', 'windowed', 'ledoit_wolf'] as const) await workerGivesWhatHandsDo(method);
});

test('pairs are those with the most exposure', async () => {
  const { risk } = start({ method: 'ewma', pairLimit: 1 });
  feed(risk);
  await until('the step is there', () => risk.correlation()?.timeMs === STEPS * 1000);
  expect(risk.correlation()?.pairs).toEqual([]);
  risk.onFill(fill(3, 100, { symbol: 'S2' }));
  risk.onFill(fill(-9, 100, { symbol: 'S0', strategy: 'a' }));
  risk.onFill(fill(4, 100, { symbol: 'S0', strategy: 'b' }));
  risk.onMark({ exchange: 'venue', symbol: 'S0', price: 100, timeMs: STEPS * 1000 + 5000 });
  await until('the step is there', () => (risk.correlation()?.pairs.length ?? 0) > 0);
  expect(risk.correlation()?.pairs[0]).toMatchObject({ first: 'venue/S0', second: 'venue/S2' });
});

test('ticks that come at different moments need no grid by the method of Hayashi and Yoshida', async () => {
  const { risk, events } = start({ method: 'hayashi_yoshida', lambda: 0.999_999_999 });
  feed(risk);
  await until('the step is there', () => events.at(-1)?.timeMs === STEPS * 1000);
  const byHand = new HayashiYoshida();
  for (let step = 0; step < STEPS; step++) for (const side of [0, 1] as const) byHand.tick(side, priceOf(side, step));
  expect(events.at(-1)!.matrix[1]).toBeCloseTo(byHand.correlation!, 6);
});

test('marks of more instruments than there may be are counted, and the others go on', async () => {
  const { risk, recording, events } = start({ symbolLimit: 2 });
  feed(risk);
  await until('the step is there', () => events.at(-1)?.timeMs === STEPS * 1000);
  expect(events.at(-1)!.symbols).toEqual(['venue/S0', 'venue/S1']);
  expect(await recording.series('risk.event')).toEqual({ 'risk.event.dropped{symbol_limit}': 2 * STEPS });
});

test('a callback that throws is counted, and the next step comes', async () => {
  let calls = 0;
  const { risk, recording } = desk({
    contracts,
    correlation: { gridStepMs: 1000 },
    onCorrelationMatrix: () => {
      calls++;
      throw new Error('mine');
    },
  });
  open.push(risk);
  feed(risk);
  await until('the step is there', () => calls > 1);
  const { 'risk.event.dropped{callback_failed}': counted } = await recording.series('risk.event');
  expect(counted).toBeGreaterThan(1);
});

test('a full ring drops and counts, and never waits', () => {
  let dropped = 0;
  const settings = correlationSettings({ symbolLimit: 2, gridStepMs: 10, stepQueueLimit: 4 });
  const tickFeed = new TickFeed(settings, () => dropped++);
  for (let step = 0; step < 10; step++) {
    tickFeed.mark({ exchange: 'x', symbol: 'a', price: 100 + step, timeMs: step * 10 + 1 });
  }
  expect([tickFeed.ring.size, dropped]).toEqual([4, 5]);
  const { ring } = tickFeed;
  const first = ring.peek();
  expect([...ring.body.subarray(first, first + 4)]).toEqual([10, 1, 100, Number.NaN]);
  ring.release();
  // A gap of years costs no more steps than the ring holds.
  tickFeed.mark({ exchange: 'x', symbol: 'a', price: 1, timeMs: 1e12 });
  expect(ring.size).toBe(4);
  expect(dropped).toBeLessThan(10);
});

test('a clock that was set back goes on from where it is', () => {
  const settings = correlationSettings({ symbolLimit: 2, gridStepMs: 10 });
  const tickFeed = new TickFeed(settings, () => undefined);
  for (const timeMs of [1000, 1011, 1021]) tickFeed.mark({ exchange: 'x', symbol: 'a', price: 1, timeMs });
  expect(tickFeed.ring.size).toBe(3);
  tickFeed.mark({ exchange: 'x', symbol: 'a', price: 1, timeMs: 505 });
  tickFeed.mark({ exchange: 'x', symbol: 'a', price: 1, timeMs: 511 });
  expect(tickFeed.ring.size).toBe(4);
});

test('records of a ring come out in order, over the wrap of its counters', () => {
  const ring = RecordRing.allocate(3, 2);
  new Int32Array(ring.memory.header).fill(2 ** 31 - 2, 0, 2);
  const seen: number[] = [];
  for (let at = 0; at < 12; at++) {
    const place = ring.claim();
    ring.body[place] = at;
    ring.publish();
    if (at % 3 !== 2) continue;
    for (let next = ring.peek(); next >= 0; next = ring.peek()) {
      seen.push(ring.body[next]!);
      ring.release();
    }
  }
  expect(seen).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
});

test('a closed instrumentation goes on taking events without its worker', async () => {
  const { risk } = start({});
  feed(risk);
  await risk.close();
  await risk.close();
  expect(risk.onFill(fill(1, 100, { symbol: 'S1' }))).toBe('applied');
  expect(risk.exposure().total.gross).toBeGreaterThan(0);
});

test.each<[CorrelationOptions, RegExp]>([
  [{ method: 'magic' as 'ewma' }, /correlation.method is magic; there are ewma, windowed/],
  [{ gridStepMs: 0 }, /correlation.gridStepMs is 0/],
  [{ lambda: 1 }, /correlation.lambda is 1/],
  [{ symbolLimit: 1 }, /correlation.symbolLimit is 1/],
  [
    { symbolLimit: 5001 },
    /correlation.symbolLimit is 5001; it must be 5000 at most, or correlation.maxima.symbolLimit be raised/,
  ],
  [{ windowSteps: 1.5 }, /correlation.windowSteps is 1.5/],
  [{ windowSteps: 100_001 }, /correlation.windowSteps is 100001; it must be 100000 at most/],
  [{ pairLimit: 1001 }, /correlation.pairLimit is 1001; it must be 1000 at most/],
  [{ stepQueueLimit: 65_537 }, /correlation.stepQueueLimit is 65537; it must be 65536 at most/],
  [{ tickQueueLimit: 2 ** 24 + 1 }, /correlation.tickQueueLimit is 16777217; it must be 16777216 at most/],
  [{ maxima: { symbolLimit: 16_001 } }, /correlation.maxima.symbolLimit is 16001; it must be 16000 at most/],
  [{ maxima: { symbolLimit: 1 } }, /correlation.maxima.symbolLimit is 1; it must be a whole number of at least 2/],
  [{ maxima: { windowSteps: Number.NaN } }, /correlation.maxima.windowSteps is NaN/],
  [{ maxima: { pairLimit: -1 } }, /correlation.maxima.pairLimit is -1/],
  [{ maxima: { stepQueueLimit: Infinity } }, /correlation.maxima.stepQueueLimit is Infinity/],
  [{ maxima: { tickQueueLimit: 2 ** 53 } }, /correlation.maxima.tickQueueLimit is 9007199254740992/],
  [{ maxima: { symbolLimit: 100 } }, /correlation.symbolLimit is 500; it must be 100 at most/],
  [{ maxima: { symbolLimit: 100 }, symbolLimit: 101 }, /correlation.symbolLimit is 101; it must be 100 at most/],
  [
    { maxima: { stepQueueLimit: 2 ** 24, symbolLimit: 16_000 }, stepQueueLimit: 2 ** 24, symbolLimit: 16_000 },
    /the queue of the correlations takes \d+ bytes, more than can be had; lower correlation.stepQueueLimit/,
  ],
  [
    { method: 'windowed', maxima: { windowSteps: 2 ** 24 }, windowSteps: 2 ** 24, symbolLimit: 65 },
    /correlation.windowSteps is 16777216; with a symbolLimit of 65 it must be 16519104 at most/,
  ],
  [{ matrixPrecision: 'float16' as 'float32' }, /correlation.matrixPrecision is float16/],
])('an option that cannot be used is an error: %j', (correlation, message) => {
  expect(() => desk({ correlation })).toThrow(message);
  expect(() => desk({ correlation })).toThrow(expect.objectContaining({ code: 'RISK_OPTION_INVALID' }));
});

test.each<CorrelationOptions>([
  { symbolLimit: 5001, pairLimit: 1001, stepQueueLimit: 2 },
  { method: 'windowed', windowSteps: 100_001, symbolLimit: 5, stepQueueLimit: 65_537 },
  { method: 'hayashi_yoshida', symbolLimit: 5, tickQueueLimit: 2 ** 24 + 1 },
])('an option beyond the usual maximum is taken once that is raised: %j', async (raised) => {
  const { method: _, ...maxima } = raised;
  const { risk, recording } = start({ ...raised, maxima });
  // The work of a step with the whole matrix is not what this is about.
  if (raised.symbolLimit === 5) feed(risk);
  await risk.close();
  const dropped = await recording.series('risk.event.dropped');
  expect(dropped['risk.event.dropped{correlation_failed}']).toBeUndefined();
});
