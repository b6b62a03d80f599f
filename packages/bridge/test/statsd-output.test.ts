import { afterEach, describe, expect, test } from '@jest/globals';
import { until } from '@nanometer/testing';
import { cleanUp, post, startBridge } from './support/bridge.ts';
import { request } from './support/otlp.ts';
import { NEVER, receiver, sum, counter, absentPort } from './support/outputs.ts';

afterEach(cleanUp);

describe('StatsD', () => {
  test('a flush sends one state per changed series; what it supersedes counts with it', async () => {
    const statsd = await receiver();
    const bridge = await startBridge({ statsd: { port: statsd.port, flushIntervalMillis: NEVER } });
    for (let time = 1n; time <= 5n; time++) await post(bridge, request([counter(Number(time), time)]));
    expect(bridge.stats().outputs.statsd).toEqual({ received: 5, forwarded: 0, held: 5, dropped: {} });
    await bridge.flush();
    await until('it arrives', () => statsd.counter('fills') === 5);
    expect(statsd.lineCount).toBe(1);
    expect(bridge.stats().outputs.statsd).toEqual({ received: 5, forwarded: 5, held: 0, dropped: {} });
    await bridge.flush();
    expect(bridge.stats().statsd!.linesSent).toBe(1);
  });

  test('points sent again, late or from before a restart are counted once', async () => {
    const statsd = await receiver();
    const bridge = await startBridge({ statsd: { port: statsd.port, flushIntervalMillis: NEVER } });
    const send = async (value: number, start: bigint, time: bigint): Promise<void> => {
      await post(bridge, request([counter(value, time, { start })]));
      await bridge.flush();
    };
    await send(10, 1n, 10n);
    await send(10, 1n, 10n);
    await send(9, 1n, 9n);
    await send(4, 20n, 30n);
    await send(11, 1n, 40n);
    await send(5, 20n, 50n);
    await until('it arrives', () => statsd.counter('fills') === 15);
    expect(bridge.stats().outputs.statsd!.dropped).toEqual({ duplicate_point: 1, stale_point: 2 });
  });

  test('what a producer had counted before it restarted between two flushes is sent too, also of a histogram', async () => {
    const statsd = await receiver();
    const bridge = await startBridge({ statsd: { port: statsd.port, flushIntervalMillis: NEVER } });
    const send = (total: number, start: bigint, time: bigint): Promise<Response> =>
      post(
        bridge,
        request([
          counter(total, time, { start }),
          { name: 'pnl', histogram: [{ count: total, sum: -2 * total, start, time }] },
        ]),
      );
    await send(10, 1n, 10n);
    await bridge.flush();
    await send(13, 1n, 20n);
    await send(4, 30n, 31n);
    await send(2, 40n, 41n);
    await send(5, 40n, 42n);
    await bridge.flush();
    await until('it arrives', () => statsd.counter('pnl.sum') <= -44);
    const counted = ['fills', 'pnl.count', 'pnl.sum'].map((name) => statsd.counter(name));
    expect(counted).toEqual([22, 22, -44]);
    expect(bridge.stats().outputs.statsd).toEqual({ received: 10, forwarded: 10, held: 0, dropped: {} });
  });

  test('a count that falls under the same start begins a histogram’s sum anew too', async () => {
    const statsd = await receiver();
    const bridge = await startBridge({ statsd: { port: statsd.port, flushIntervalMillis: NEVER } });
    for (const [count, sum, time] of [
      [3, 30, 2n],
      [2, 5, 3n],
      [4, 9, 4n],
    ] as const) {
      await post(bridge, request([{ name: 'size', histogram: [{ count, sum, time }] }]));
      await bridge.flush();
    }
    await until('it arrives', () => statsd.counter('size.count') >= 7);
    expect([statsd.counter('size.count'), statsd.counter('size.sum')]).toEqual([7, 39]);
  });

  test.each([Number.NaN, Infinity, -Infinity])(
    'a total of %d is dropped, those before and behind it are sent',
    async (bad) => {
      const statsd = await receiver();
      const bridge = await startBridge({ statsd: { port: statsd.port, flushIntervalMillis: NEVER } });
      await post(bridge, request([counter(3, 2n), { name: 'size', histogram: [{ count: 1, sum: 7, time: 2n }] }]));
      await post(bridge, request([counter(bad, 3n), { name: 'size', histogram: [{ count: 2, sum: bad, time: 3n }] }]));
      await bridge.flush();
      await until(
        'what was before it arrives',
        () => statsd.counter('fills') === 3 && statsd.counter('size.sum') === 7,
      );
      expect(statsd.counter('size.count')).toBe(2);
      expect(bridge.stats().outputs.statsd).toEqual({ received: 4, forwarded: 3, held: 0, dropped: { non_finite: 1 } });
      await post(bridge, request([counter(5, 4n), { name: 'size', histogram: [{ count: 3, sum: 8, time: 4n }] }]));
      await bridge.flush();
      await until('what is behind it arrives', () => statsd.counter('fills') === 5 && statsd.counter('size.sum') === 8);
    },
  );

  test('what has no StatsD form is dropped there, and only there', async () => {
    const statsd = await receiver();
    const bridge = await startBridge({ statsd: { port: statsd.port, flushIntervalMillis: NEVER, mtuBytes: 100 } });
    const body = request([
      { name: 'a', gauge: [{ value: Number.NaN }] },
      { name: 'b', gauge: [{ value: Infinity }] },
      { name: 'c', gauge: [{ value: 1, attributes: { long: 'x'.repeat(200) } }] },
      { name: 'd', gauge: [{ value: 5e-324 }, { value: -5, attributes: { x: 1n } }] },
      {
        name: 'e',
        gauge: [
          { value: -0, attributes: { k: 'a|b' } },
          { value: 2, attributes: { k: 'a,b' } },
        ],
      },
    ]);
    await post(bridge, body);
    await bridge.flush();
    const { statsd: ledger, prometheus } = bridge.stats().outputs;
    // The smallest double takes 326 digits without an exponent.
    expect(ledger).toMatchObject({ forwarded: 2, held: 0 });
    expect(ledger!.dropped).toEqual({ non_finite: 2, line_too_long: 2, name_collision: 1 });
    expect(prometheus).toMatchObject({ forwarded: 7, dropped: {} });
    await until('it arrives', () => statsd.gauge('e') === 0);
    expect(statsd.gauge('d')).toBe(-5);
  });

  test('while no server listens points are held, said once; when it comes it gets the whole', async () => {
    const port = await absentPort();
    const bridge = await startBridge({ statsd: { port, flushIntervalMillis: NEVER } });
    await post(bridge, request([counter(3, 1n), { name: 'level', gauge: [{ value: 7 }] }]));
    await bridge.flush();
    await until('the refusal has come back', async () => {
      await post(bridge, request([counter(4, 2n)]));
      await bridge.flush();
      return bridge.troubles.length > 0;
    });
    const absent = bridge.stats().outputs.statsd!;
    expect(absent.held).toBeGreaterThan(0);
    expect(sum(absent)).toBe(absent.received);
    expect(bridge.troubles).toHaveLength(1);
    expect(bridge.troubles[0]).toContain(`nothing listens at the StatsD server 127.0.0.1:${port}`);
    const statsd = await receiver(port);
    await until('nothing is held', async () => {
      await post(bridge, request([counter(5, 3n)]));
      await bridge.flush();
      return bridge.stats().outputs.statsd!.held === 0;
    });
    await until('it arrives', () => statsd.counter('fills') === 5);
  });

  test('flushes asked for during a flush become one more, and each caller waits for its own points', async () => {
    const statsd = await receiver();
    const bridge = await startBridge({
      statsd: { port: statsd.port, flushIntervalMillis: NEVER, packetsPerSecond: 50 },
    });
    // More datagrams than one burst: the first flush takes its time.
    const points = Array.from({ length: 1000 }, (_, n) => ({
      value: 1,
      attributes: { pad: 'x'.repeat(40), n: BigInt(n) },
    }));
    await post(bridge, request([{ name: 'wide', gauge: points }]));
    const first = bridge.flush();
    await post(bridge, request([counter(1, 1n)]));
    const others = Array.from({ length: 100 }, () => bridge.flush());
    expect(new Set(others).size).toBe(1);
    await first;
    await others[0];
    expect(bridge.stats().outputs.statsd).toMatchObject({ forwarded: 1001, held: 0 });
    await until('it arrives', () => statsd.counter('fills') === 1 && statsd.gauges().length === 1000);
  });

  test('closing sends what is held, and what no server takes is dropped as closed', async () => {
    const statsd = await receiver();
    const there = await startBridge({ statsd: { port: statsd.port, flushIntervalMillis: NEVER } });
    await post(there, request([counter(3, 1n)]));
    await there.close();
    await until('it arrives', () => statsd.counter('fills') === 3);
    expect(there.stats().outputs.statsd).toEqual({ received: 1, forwarded: 1, held: 0, dropped: {} });

    const absent = await startBridge({ statsd: { host: 'name.invalid', flushIntervalMillis: NEVER } });
    await post(absent, request([counter(3, 1n)]));
    await absent.close();
    expect(absent.stats().outputs.statsd).toEqual({ received: 1, forwarded: 0, held: 0, dropped: { closed: 1 } });
    expect(absent.troubles[0]).toContain('name.invalid:8125 cannot be resolved or reached');
  });

  test('flushes by itself', async () => {
    const statsd = await receiver();
    const bridge = await startBridge({ statsd: { port: statsd.port, flushIntervalMillis: 1, prefix: 'prod.' } });
    await post(bridge, request([counter(3, 1n)]));
    await until('it arrives', () => statsd.counter('prod.fills') === 3);
  });
});
