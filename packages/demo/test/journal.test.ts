import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Fill } from '@nanometer/quant';
import { type JournalMarket, readDeskState } from '../src/desk/desk-state.ts';
import { Journal } from '../src/desk/journal.ts';

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
    const slices = whole.toString('utf8', 0, length).match(/"slice":\d+,"crc":\d+\}\n/g)?.length ?? 0;
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

test('a state of another market is refused', () => {
  const journal = new Journal(directory, MARKET);
  journal.commit(50);
  journal.close();
  const message = /holds the state of simulated seed-1, and the market is simulated seed-2/;
  expect(() => new Journal(directory, { ...MARKET, name: 'seed-2' })).toThrow(
    expect.objectContaining({ code: 'invalid_option', message: expect.stringMatching(message) }),
  );
});

test('a damaged state is put aside and told, and the desk starts from empty', () => {
  const journal = new Journal(directory, MARKET);
  journal.fill(fill('1'), 60_000);
  journal.commit(50);
  journal.close();
  const whole = readFileSync(path());
  const lines = whole.toString().split('\n');
  const damages: readonly (readonly [Buffer, RegExp])[] = [
    [
      Buffer.from(`${whole.toString()}hello\n`),
      /^state_damaged: .*desk\.jsonl:5: expected a JSON object, found "hello"; it is kept/,
    ],
    [Buffer.from(`${whole.toString()}null\n`), /^state_damaged: .*:5: expected a JSON object, found "null"/],
    [Buffer.from(whole.toString().replace('0.1', '0.2')), /^state_damaged: .*:4: expected checksum \d+, found \d+/],
    [Buffer.from(lines.toSpliced(2, 1).join('\n')), /^state_damaged: .*:3: expected checksum/],
    [Buffer.from('{"slice":50}\n'), /^state_damaged: .*:1: expected checksum \d+, found undefined/],
  ];
  for (const [bytes, message] of damages) {
    writeFileSync(path(), bytes);
    expect(readDeskState(directory)).toBeUndefined();
    const notices: string[] = [];
    const next = new Journal(directory, MARKET, { onNotice: (text) => notices.push(text) });
    expect(notices).toEqual([expect.stringMatching(message)]);
    expect(next).toMatchObject({ run: 1, marketTimeMs: 0, entries: [] });
    expect(readFileSync(`${path()}.damaged`)).toEqual(bytes);
    next.fill(fill('2'), 60_000);
    next.commit(75);
    next.close();
    expect(readDeskState(directory)).toMatchObject({ marketTimeMs: 75, runs: 1, entries: [{ fill: fill('2') }] });
  }
});

test('with any byte changed it gives no entry that was not written, and throws nothing', () => {
  const journal = new Journal(directory, MARKET);
  for (let at = 1; at <= 2; at++) {
    journal.fill(fill(String(at)), 60_000);
    journal.commit(at * 50);
  }
  journal.close();
  const whole = readFileSync(path());
  const written = [fill('1'), fill('2')].map((each) => ({ fill: each, mid: 60_000 }));
  for (let at = 0; at < whole.length; at++) {
    const bytes = Buffer.from(whole);
    bytes[at]! ^= at % 2 === 0 ? 1 : 0x20;
    writeFileSync(path(), bytes);
    const state = readDeskState(directory);
    const slices = state?.entries.length ?? 0;
    expect(slices).toBeLessThan(2);
    expect([state?.entries ?? [], state?.marketTimeMs ?? 0]).toEqual([written.slice(0, slices), slices * 50]);
  }
});

test('a full state keeps what it has, says so once, and the next desk goes on from there', () => {
  const first = new Journal(directory, MARKET);
  first.fill(fill('1'), 60_000);
  first.commit(50);
  first.close();
  const bytesLimit = readFileSync(path()).length + 10;
  const notices: string[] = [];
  for (let life = 1; life <= 2; life++) {
    const journal = new Journal(directory, MARKET, { bytesLimit, onNotice: (text) => notices.push(text) });
    expect(journal).toMatchObject({ marketTimeMs: 50, isKept: true });
    for (const timeMs of [100, 150, 200]) {
      journal.fill(fill('2'), 60_000);
      journal.commit(timeMs);
      expect(journal.isKept).toBe(false);
    }
    journal.close();
    expect(notices).toHaveLength(life);
    expect(notices.at(-1)).toMatch(/^state_full: the state has reached its limit of \d+ bytes \(stateBytesLimit\)/);
    expect(readDeskState(directory)).toMatchObject({ marketTimeMs: 50, runs: 1, entries: [{ fill: fill('1') }] });
  }
});

test.each([0, -1, 1.5, Number.NaN, Infinity, 2 ** 53])(
  'a limit of %p bytes is an error of the option',
  (bytesLimit) => {
    expect(() => new Journal(directory, MARKET, { bytesLimit })).toThrow(
      expect.objectContaining({ code: 'invalid_option', message: expect.stringContaining('stateBytesLimit') }),
    );
    expect(existsSync(directory)).toBe(false);
  },
);

test('a folder that cannot be made is told by the option', () => {
  appendFileSync(join(directory, '..', '..', 'file'), '');
  expect(() => new Journal(join(directory, '..', '..', 'file', 'x'), MARKET)).toThrow(/^stateDirectory: /);
});
