import { afterEach, describe, expect, test } from '@jest/globals';
import { until } from '@nanometer/testing';
import * as fc from 'fast-check';
import { StatsdFlusher } from '../src/outputs/statsd-flusher.ts';
import { UNCONFIRMED } from '../src/outputs/statsd-outcome.ts';
import { cleanUp } from './support/bridge.ts';
import { type MetricInput, request } from './support/otlp.ts';
import { folder, wreckOf, statsdReceiver, Life } from './support/durable.ts';

afterEach(cleanUp);

/** What happens to producers of running totals, their bridge and its StatsD server. */
const event = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constantFrom('count' as const, 'count' as const, 'restart' as const, 'fall' as const),
      producer: fc.nat(2),
      by: fc.integer({ min: 1, max: 9 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc
      .constantFrom('flush', 'outage', 'kill', 'killInSend', 'killInOutage', 'save')
      .map((kind) => ({ kind, producer: 0, by: 0 })),
  },
);

/** A service that counts fills and their values. */
class Producer {
  #start = 1;
  #time = 1;
  count = 0;
  /** Of all its lives. */
  countOfAll = 0;

  add(by: number): void {
    this.count += by;
    this.countOfAll += by;
  }

  /** Totals begin anew from zero; unless it says so by another start, only a lower count shows it. */
  restart(by: number, saysSo: boolean): void {
    if (saysSo) this.#start = this.#time + 1;
    else if (by >= this.count) return;
    this.count = 0;
    this.add(by);
  }

  next(): MetricInput[] {
    this.#time += 2;
    const point = { start: BigInt(this.#start), time: BigInt(this.#time) };
    const { count } = this;
    return [
      { name: 'fills', monotonic: true, sum: [{ ...point, value: count }] },
      { name: 'pnl', histogram: [{ ...point, count, sum: 0 - 3 * count }] },
    ];
  }
}

describe('what StatsD has counted', () => {
  test('is what all lives of all producers have, whatever restarts, outages and kills there were', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(event, { maxLength: 30 }), async (events) => {
        const receiver = await statsdReceiver();
        const statsd = { port: receiver.port };
        let life = await Life.begin(folder(), statsd);
        let linesSent = 0;
        const producers = [new Producer(), new Producer(), new Producer()];
        const kill = async (): Promise<void> => {
          const wreck = wreckOf(life.directory);
          await life.journal.close();
          await life.state.statsd!.close();
          linesSent += life.state.statsd!.senderStats().linesSent;
          life = await Life.begin(wreck, statsd);
          if (life.state.statsd!.inDoubt > 0) await life.do({ kind: 'statsdOutcome', outcome: UNCONFIRMED });
        };
        for (const { kind, producer: which, by } of events) {
          const producer = producers[which]!;
          if (kind === 'count') producer.add(by);
          else if (kind === 'restart' || kind === 'fall') producer.restart(by, kind === 'restart');
          else if (kind === 'flush') await new StatsdFlusher(life.state.statsd!, life.journal, 1e6).flush();
          else if (kind === 'outage' || kind === 'killInOutage') {
            await life.sendInVain();
            if (kind !== 'outage') await kill();
          } else if (kind === 'killInSend') {
            let send: (() => Promise<unknown>) | undefined;
            await life.journal.commit({ kind: 'statsdTake', seriesCount: 100 }, () => {
              send = life.state.statsd!.take(100);
            });
            await send!();
            await kill();
          } else if (kind === 'save') await life.journal.save();
          else await kill();
          if (by === 0) continue;
          const bytes = request(producer.next(), { 'service.instance.id': String(which) });
          await life.do({ kind: 'request', transport: 'http', timeMs: 1, bytes });
        }
        await new StatsdFlusher(life.state.statsd!, life.journal, 1e6).flush();
        life.checkBalance();
        expect(life.state.statsd!.held).toBe(0);
        linesSent += life.state.statsd!.senderStats().linesSent;
        const expected = producers.map(({ countOfAll }) => [countOfAll, countOfAll, 0 - 3 * countOfAll]);
        const counted = (): number[][] =>
          producers.map((_, which) =>
            ['fills', 'pnl.count', 'pnl.sum'].map(
              (name) => receiver.counter(name, { 'service.instance.id': String(which) }) || 0,
            ),
          );
        await until('the last datagram arrives', () => receiver.lineCount >= linesSent);
        expect(counted()).toEqual(expected);
        await life.journal.close();
        await life.state.statsd!.close();
      }),
      { numRuns: 60 },
    );
  });
});
