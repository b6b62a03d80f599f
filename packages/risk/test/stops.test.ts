import { expect, test } from '@jest/globals';
import type { StopFill, StopOrder, StopTrigger } from '@nanometer/risk';
import { desk, mark } from './desk.ts';

const STOP: StopOrder = {
  stopId: 'one',
  strategy: 'maker',
  exchange: 'venue',
  symbol: 'BTCUSDT',
  side: 'sell',
  kind: 'trailing',
  price: 95,
  timeMs: 0,
};
const KEY = '{venue,trailing,maker,BTCUSDT}';

const at = (price: number, timeMs: number): ReturnType<typeof mark> => ({ ...mark(price), timeMs });

test('distance is that of the nearest stop, in basis points and in average true ranges', async () => {
  const { risk, recording } = desk();
  risk.onStop(STOP);
  expect(await recording.series('risk.stop.distance')).toEqual({});
  risk.onMark(at(100, 1));
  expect(await recording.series('risk.stop.distance')).toEqual({ [`risk.stop.distance${KEY}`]: 500 });
  risk.onAverageTrueRange({ exchange: 'venue', symbol: 'BTCUSDT', value: 2 });
  risk.onStop({ ...STOP, stopId: 'two', price: 98 });
  risk.onStop({ ...STOP, stopId: 'short', side: 'buy', kind: 'fixed', price: 110 });
  expect(await recording.series('risk.stop.distance')).toEqual({
    [`risk.stop.distance${KEY}`]: 200,
    [`risk.stop.distance.atr${KEY}`]: 1,
    'risk.stop.distance{venue,fixed,maker,BTCUSDT}': 1000,
    'risk.stop.distance.atr{venue,fixed,maker,BTCUSDT}': 5,
  });
  // A trailing stop moves; a cancelled one counts no more; beyond a stop the distance is negative.
  risk.onStop({ ...STOP, price: 99 });
  risk.onStopCancelled('two');
  risk.onMark(at(90, 2));
  expect(await recording.series('risk.stop.distance{', 'risk.stop.distance.atr')).toMatchObject({
    [`risk.stop.distance.atr${KEY}`]: -4.5,
  });
  expect(risk.stopCount).toBe(2);
});

test('trigger, delay and slippage of a stop are recorded once', async () => {
  const { risk, recording } = desk();
  risk.onStop(STOP);
  risk.onStop({ ...STOP, stopId: 'buys', side: 'buy', kind: 'fixed', price: 200 });
  risk.onMark(at(94, 1000));
  expect(risk.onStopTriggered({ stopId: 'one', timeMs: 1010 })).toBe('applied');
  expect(risk.onStopTriggered({ stopId: 'one', timeMs: 1011 })).toBe('duplicate_trigger');
  expect(risk.onStopFilled({ stopId: 'one', price: 93.1, timeMs: 1260 })).toBe('applied');
  expect(risk.onStopFilled({ stopId: 'one', price: 93.1, timeMs: 1260 })).toBe('unknown_stop');
  risk.onStopTriggered({ stopId: 'buys', timeMs: 2000 });
  risk.onStopFilled({ stopId: 'buys', price: 199, timeMs: 2000 });
  expect(
    await recording.series('risk.stop.trigger', 'risk.stop.fill', 'risk.stop.slippage', 'risk.stop.missed'),
  ).toEqual({
    [`risk.stop.trigger.count${KEY}`]: 1,
    'risk.stop.trigger.count{venue,fixed,maker,BTCUSDT}': 1,
    'risk.stop.fill.duration{trailing,maker}': [1, 0.25],
    'risk.stop.fill.duration{fixed,maker}': [1, 0],
    'risk.stop.slippage{trailing,cost,maker}': [1, expect.closeTo(200, 6)],
    'risk.stop.slippage{fixed,improvement,maker}': [1, expect.closeTo(50, 6)],
  });
  expect(risk.stopCount).toBe(0);
});

test('a stop is missed when its price was crossed and nothing happened in time', async () => {
  const { risk, recording } = desk({ missedStopMs: 500 });
  const missed = async (): Promise<unknown> =>
    (await recording.series('risk.stop.missed'))[`risk.stop.missed.count${KEY}`];
  risk.onStop(STOP);
  risk.onMark(at(95, 1000));
  // The market came back, but the stop should have been sent.
  risk.onMark(at(99, 1400));
  risk.onMark(at(99, 1500));
  expect(await missed()).toBeUndefined();
  risk.onMark(at(99, 1501));
  risk.onMark(at(90, 3000));
  expect(await missed()).toBe(1);
  // A trigger that comes too late has been missed as well.
  risk.onStop({ ...STOP, stopId: 'late' });
  risk.onMark(at(90, 4000));
  risk.onStopTriggered({ stopId: 'late', timeMs: 4501 });
  expect(await missed()).toBe(2);
  // In time, and moved away from the market before it was due.
  risk.onStop({ ...STOP, stopId: 'good' });
  risk.onStop({ ...STOP, stopId: 'moved' });
  risk.onMark(at(90, 5000));
  risk.onStopTriggered({ stopId: 'good', timeMs: 5400 });
  risk.onStop({ ...STOP, stopId: 'moved', price: 80 });
  risk.onMark(at(90, 9000));
  expect(await missed()).toBe(2);
});

test('what cannot be used is refused by reason and bounded', async () => {
  const { risk, recording } = desk({ stopLimit: 2 });
  const results = [
    risk.onStop(null as unknown as StopOrder),
    risk.onStop({ ...STOP, stopId: '' }),
    risk.onStop({ ...STOP, strategy: '' }),
    risk.onStop({ ...STOP, symbol: '' }),
    risk.onStop({ ...STOP, kind: '' }),
    risk.onStop({ ...STOP, side: 'hold' as 'buy' }),
    ...[0, -1, Number.NaN, Infinity, 5e-324].map((price) => risk.onStop({ ...STOP, price })),
    risk.onStop({ ...STOP, timeMs: Number.NaN }),
    risk.onStopTriggered(undefined as unknown as StopTrigger),
    risk.onStopTriggered({ stopId: 'unknown', timeMs: 1 }),
    risk.onStopFilled(5 as unknown as StopFill),
    risk.onStopCancelled('unknown'),
    risk.onAverageTrueRange({ exchange: 'venue', symbol: 'BTCUSDT', value: 0 }),
  ];
  expect(results).not.toContain('applied');
  expect(risk.onStop(STOP)).toBe('applied');
  expect(risk.onStopTriggered({ stopId: 'one', timeMs: Number.NaN })).toBe('invalid_time');
  expect(risk.onStopFilled({ stopId: 'one', price: Number.NaN, timeMs: 1 })).toBe('invalid_price');
  expect(risk.onStop({ ...STOP, stopId: 'two', symbol: 'OTHER' })).toBe('applied');
  expect(risk.onStop({ ...STOP, stopId: 'three' })).toBe('stop_limit');
  expect(risk.onAverageTrueRange({ exchange: 'venue', symbol: 'THIRD', value: 1 })).toBe('stop_limit');
  const series = await recording.series('risk.event');
  expect(series).toMatchObject({
    'risk.event.dropped{invalid_event}': 3,
    'risk.event.dropped{invalid_price}': 7,
    'risk.event.dropped{unknown_stop}': 2,
    'risk.event.dropped{stop_limit}': 2,
  });
  expect(risk.dropped).toBe(results.length + 4);
});
