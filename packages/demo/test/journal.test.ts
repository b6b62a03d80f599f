import { appendFileSync, mkdtempSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Fill } from '@nanometer/quant';
import { Journal, type JournalMarket, readDeskState } from '../src/desk/journal.ts';

const MARKET: JournalMarket = { mode: 'simulated', name: 'seed-1', symbols: ['sim/BTCUSDT'] };
let directory = '';

beforeEach(() => {
  directory = join(mkdtempSync(join(tmpdir(), 'desk-state-')), 'made', 'on demand');
});
afterEach(() => rmSync(join(directory, '..', '..'), { recursive: true }));

function fill(fillId: string): Fill {
  const market = { strategy: 's', exchange: 'sim', symbol: 'BTCUSDT' };
  return {
    ...market,
    fillId,
    side: 'buy',
    quantity: 0.1,
    price: 60_000.1,
    fee: -1e-9,
    liquidity: 'maker',
    timeMs: 1.5,
  };
}

const path = (): string => join(directory, 'desk.jsonl');

test('there is no state where nothing was committed', () => {
  expect(readDeskState(directory)).toBeUndefined();
  const journal = new Journal(directory, MARKET);
  journal.fill(fill('1'), 60_000);
  journal.close();
  expect(readDeskState(directory)).toBeUndefined();
  expect(new Journal(directory, MARKET)).toMatchObject({ run: 1, marketTimeMs: 0, entries: [] });
});

test('what was committed is there again, with the number of the desk', () => {
  const first = new Journal(directory, MARKET);
  const period = { endMs: 2000, marks: [[0, 60_000.05]] as const, orders: { s: 3 } };
  first.fill(fill('1'), 60_000);
  first.commit(50);
  first.period(period);
  first.commit(100);
  first.fill(fill('2'), 60_000);
  first.close();
  const second = new Journal(directory, MARKET);
  expect(second).toMatchObject({ run: 2, marketTimeMs: 100, entries: [{ fill: fill('1'), mid: 60_000 }, { period }] });
  second.commit(150);
  second.close();
  expect(readDeskState(directory)).toMatchObject({ market: MARKET, marketTimeMs: 150, runs: 2 });
});

test('quiet slices are written once a second', () => {
  const journal = new Journal(directory, MARKET);
  journal.commit(50);
  for (let timeMs = 100; timeMs <= 2_500; timeMs += 50) journal.commit(timeMs);
  journal.close();
  expect(readFileSync(path(), 'utf8').match(/"slice":\d+/g)).toEqual(['"slice":50', '"slice":1050', '"slice":2050']);
});

test('cut anywhere, it holds whole slices only, and goes on after them', () => {
  const journal = new Journal(directory, MARKET);
  for (let at = 1; at <= 3; at++) {
    journal.fill(fill(String(at)), 60_000);
    journal.commit(at * 50);
  }
  journal.close();
  const whole = readFileSync(path());
  for (let length = whole.length; length >= 0; length--) {
    truncateSync(path(), length);
    const slices = whole.toString('utf8', 0, length).match(/"slice":\d+\}\n/g)?.length ?? 0;
    const state = readDeskState(directory);
    expect(state?.entries.length ?? 0).toBe(slices);
    expect(state?.marketTimeMs ?? 0).toBe(slices * 50);
  }
  appendFileSync(path(), whole.subarray(0, whole.length - 5));
  const next = new Journal(directory, MARKET);
  next.fill(fill('again'), 60_000);
  next.commit(400);
  next.close();
  expect(readDeskState(directory)?.entries).toEqual(
    [fill('1'), fill('2'), fill('again')].map((each) => ({ fill: each, mid: 60_000 })),
  );
});

test.each([
  ['of another market', { ...MARKET, name: 'seed-2' }, '', /holds the state of simulated seed-1, and the market is/],
  ['with a line that is none', MARKET, 'hello\n', /desk\.jsonl:\d+: expected a JSON object, found "hello"/],
])('a state %s is refused', (_case, market, appended, message) => {
  const journal = new Journal(directory, MARKET);
  journal.commit(50);
  journal.close();
  appendFileSync(path(), appended);
  expect(() => new Journal(directory, market)).toThrow(
    expect.objectContaining({ code: 'invalid_option', message: expect.stringMatching(message) }),
  );
});

test('a folder that cannot be made is told by the option', () => {
  appendFileSync(join(directory, '..', '..', 'file'), '');
  expect(() => new Journal(join(directory, '..', '..', 'file', 'x'), MARKET)).toThrow(/^stateDirectory: /);
});
