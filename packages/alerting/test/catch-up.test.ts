// After this process has been away, what came meanwhile waits in the sockets while the timer already has its turn.
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { type Alert, AlertService, type WatchedSeries } from '@nanometer/alerting';
import { rulesOf } from './support.ts';

const absent = { kind: 'absence', after: '30s', tiers: ['bridge'] };
const stale = { kind: 'staleness', after: '30s', tiers: ['bridge'] };

let alerts: Alert[] = [];
let service: AlertService | undefined;

beforeEach(() => {
  jest.useFakeTimers({ now: 1_700_000_000_000 });
  alerts = [];
});
afterEach(async () => {
  await service?.close();
  jest.useRealTimers();
});

async function watch(...rules: Readonly<Record<string, unknown>>[]): Promise<(k: string) => WatchedSeries> {
  const options = { rules: rulesOf(...rules), onAlert: (alert: Alert) => void alerts.push(alert) };
  service = await AlertService.open({ ...options, tier: 'bridge', now: Date.now });
  return (k) => service!.watch({ name: 'x', attributes: { k } });
}

/** The process is stopped for so long: the clock goes on, its timers do not. */
const freeze = (millis: number): void => jest.setSystemTime(Date.now() + millis);
const run = async (millis: number): Promise<void> => jest.advanceTimersByTimeAsync(millis);
const told = (): string[] => alerts.map(({ state, labels }) => [state, labels['k']].filter(Boolean).join(' '));

describe('after a freeze', () => {
  test('what came meanwhile and is read in the next turn was never absent', async () => {
    const series = (await watch(absent))('a');
    series.update(1);
    await run(1000);
    freeze(60_000);
    await run(100);
    expect(told()).toEqual([]);
    series.update(1);
    await run(29_000);
    expect(told()).toEqual([]);
  });

  test('what is missing indeed is told of an interval later, and ends with its first point', async () => {
    const series = (await watch(absent))('a');
    series.update(1);
    await run(1000);
    freeze(60_000);
    await run(199);
    expect(told()).toEqual([]);
    await run(1);
    expect(told()).toEqual(['firing']);
    freeze(60_000);
    series.update(1);
    expect(told()).toEqual(['firing', 'resolved']);
  });

  test('one series that is read before the others does not make them stale', async () => {
    const of = await watch({ ...stale, aggregate: 'max', by: [] });
    const [first, second] = [of('a'), of('b')];
    for (const series of [first, second]) series.update(1);
    await run(1000);
    freeze(60_000);
    // Sockets had their turn before the timer.
    first.update(1);
    await run(100);
    first.update(1);
    second.update(1);
    await run(1000);
    expect(told()).toEqual([]);
  });

  test('a reader that collects some does not make the others stale', async () => {
    const of = await watch(stale);
    for (const k of ['a', 'b']) of(k).update(1);
    await run(1000);
    freeze(60_000);
    service!.takeCollected({ resource: { attributes: {} }, scopeMetrics: [] });
    expect(told()).toEqual([]);
    await run(200);
    expect(told()).toEqual(['firing a', 'firing b']);
  });

  test('an alert does not end for want of points that have not been read', async () => {
    const above = { kind: 'threshold', above: 1, lookback: '30s', tiers: ['bridge'] };
    const series = (await watch(above))('a');
    series.update(2);
    await run(1000);
    freeze(60_000);
    await run(100);
    series.update(2);
    await run(1000);
    expect(told()).toEqual(['firing a']);
  });

  test('a second one during the first one’s interval counts as well', async () => {
    const series = (await watch(absent))('a');
    series.update(1);
    await run(1000);
    for (let count = 0; count < 5; count++) {
      freeze(20_000);
      await run(100);
    }
    series.update(1);
    await run(1000);
    expect(told()).toEqual([]);
  });

  test('a clock that is set back meanwhile does not make it last', async () => {
    (await watch(absent))('a').update(1);
    await run(1000);
    freeze(3_600_000);
    await run(100);
    freeze(-3_600_000);
    await run(31_000);
    expect(told()).toEqual(['firing']);
  });
});

test('an event loop that is always late hides nothing for longer than ten of its turns', async () => {
  (await watch(absent))('a').update(1);
  for (let count = 0; count < 130; count++) {
    // 100 ms of the timer, 200 ms of work in each turn.
    freeze(200);
    await run(100);
  }
  expect(told()).toEqual(['firing']);
});

test('silence from before the start counts from the start', async () => {
  await watch(stale);
  const { engine } = service!;
  const beforeMs = Date.now() - 600_000;
  engine.begin(engine.register({ name: 'x', attributes: { k: 'a' } }, beforeMs), beforeMs, 1);
  service!.evaluate(Date.now());
  await run(30_000);
  expect(told()).toEqual([]);
  await run(200);
  expect(told()).toEqual(['firing a']);
});
