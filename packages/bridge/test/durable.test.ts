import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, credentials, Metadata, type ServiceError, status } from '@grpc/grpc-js';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { Bridge } from '@nanometer/bridge';
import { StatsdReceiver } from '@nanometer/exporter-statsd';
import { OtlpExporter } from '@nanometer/exporter-otlp';
import { LiveServer } from '@nanometer/live';
import { until } from '@nanometer/testing';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import * as fc from 'fast-check';
import { BridgeState } from '../src/bridge-state.ts';
import { journaledIntake } from '../src/intake.ts';
import { decodeEntry, encodeEntry } from '../src/journal/entry-format.ts';
import { DurableJournal } from '../src/journal/durable-journal.ts';
import type { Entry } from '../src/journal/journal.ts';
import { checkedOptions } from '../src/options.ts';
import { StatsdFlusher } from '../src/outputs/statsd-flusher.ts';
import type { BridgeStatsdOptions } from '../src/outputs/statsd-options.ts';
import { UNCONFIRMED } from '../src/outputs/statsd-outcome.ts';
import { atEnd, cleanUp, post, scrape, startBridge } from './support/bridge.ts';
import { sampleOf } from './support/exposition.ts';
import { KillableBridge } from './support/killable-bridge.ts';
import { type MetricInput, request } from './support/otlp.ts';

afterEach(cleanUp);

const NEVER = 3_600_000;

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'bridge-state-'));
  atEnd(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

/** Copies a folder whose owner is at work: a segment or a snapshot may be deleted between being listed and being copied. */
function copyLive(from: string, to: string): void {
  for (;;) {
    try {
      cpSync(from, to, { recursive: true });
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || !existsSync(from)) throw error;
      rmSync(to, { recursive: true, force: true });
    }
  }
}

/** What a kill at this moment would leave: the files as they are, and a lock whose owner is gone. */
function wreckOf(directory: string): string {
  const wreck = folder();
  copyLive(directory, wreck);
  rmSync(join(wreck, 'lock'), { force: true });
  return wreck;
}

async function statsdReceiver(): Promise<StatsdReceiver> {
  const receiver = new StatsdReceiver();
  await receiver.start();
  atEnd(() => receiver.close());
  return receiver;
}

const fills = (value: number, time: bigint): MetricInput => ({
  name: 'fills',
  monotonic: true,
  sum: [{ value, start: 1n, time }],
});
const increment = (value: number, time: bigint): MetricInput => ({
  name: 'ticks',
  monotonic: true,
  temporality: 1,
  sum: [{ value, start: time - 1n, time }],
});

describe('a bridge with a state directory', () => {
  test.each(['closed', 'killed'])('that was %s goes on where it ended', async (ending) => {
    const receiver = await statsdReceiver();
    const statsd = { port: receiver.port, flushIntervalMillis: NEVER };
    let stateDirectory = folder();
    const first = await startBridge({ stateDirectory, statsd });
    await post(first, request([fills(3, 2n), increment(2, 2n)]));
    await first.flush();
    await post(first, request([fills(5, 3n), increment(4, 3n)]));
    if (ending === 'closed') await first.close();
    else stateDirectory = wreckOf(stateDirectory);
    const second = await startBridge({ stateDirectory, statsd });
    expect(second.troubles).toEqual([]);
    expect(sampleOf(await scrape(second), 'fills_total')).toBe(5);
    expect(sampleOf(await scrape(second), 'ticks_total')).toBe(6);
    expect(second.stats().receivedBy.http).toBe(4);
    // Sent again, as by a sender that did not get the answer.
    await post(second, request([fills(5, 3n), increment(4, 3n)]));
    await post(second, request([fills(9, 4n), increment(1, 4n)]));
    await second.flush();
    await until('all has arrived', () => receiver.counter('fills') === 9 && receiver.counter('ticks') === 7);
    const { statsd: ledger } = second.stats().outputs;
    expect(ledger).toEqual({ received: 8, forwarded: 6, held: 0, dropped: { duplicate_point: 2 } });
  });

  test('says no to a second bridge on the same folder', async () => {
    const stateDirectory = folder();
    await startBridge({ stateDirectory });
    await expect(startBridge({ stateDirectory })).rejects.toMatchObject({
      code: 'STATE_IN_USE',
      option: 'stateDirectory',
    });
  });

  test('says which folder cannot be used', async () => {
    const file = join(folder(), 'file');
    writeFileSync(file, '');
    await expect(startBridge({ stateDirectory: file })).rejects.toMatchObject({ code: 'STATE_UNUSABLE' });
  });

  test('answers "unavailable" while a request does not fit the log, and takes it again once there is room', async () => {
    const bridge = await startBridge({ stateDirectory: folder(), stateLogLimitBytes: 64 * 1024 });
    const wide = (time: bigint): Buffer =>
      request([{ name: 'level', gauge: [{ value: Number(time), time }] }], { pad: 'x'.repeat(20_000) });
    const huge = request(Array.from({ length: 4000 }, (_, n) => ({ name: `huge${n}`, gauge: [{ value: 1 }] })));
    const refused = await post(bridge, huge);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1']);
    expect(await grpcCode(bridge, huge)).toBe(status.UNAVAILABLE);
    expect(bridge.stats()).toMatchObject({ receivedBy: { http: 0, grpc: 0 }, series: 0 });
    let unavailable = 0;
    for (let time = 2n; time < 20n; time++) {
      await until('it is taken', async () => {
        const { status: code } = await post(bridge, wide(time));
        if (code === 503) unavailable++;
        return code === 200;
      });
    }
    expect(unavailable).toBeGreaterThan(0);
    expect(sampleOf(await scrape(bridge), 'level')).toBe(19);
    expect(bridge.troubles.join('\n')).toContain('senders are asked to try again');
  });

  test.each(['http/protobuf', 'grpc'] as const)(
    'asks an exporter over %s to wait a second, and it does',
    async (protocol) => {
      const bridge = await startBridge({ stateDirectory: folder(), stateLogLimitBytes: 64 * 1024 });
      const { otlpHttp, otlpGrpc } = bridge.addresses;
      const waits: number[] = [];
      const exporter = new OtlpExporter({
        protocol,
        url: protocol === 'grpc' ? `http://${otlpGrpc}` : `${otlpHttp}/v1/metrics`,
        random: () => 0,
        clock: {
          now: () => Date.now(),
          wait: (ms, signal) => {
            waits.push(ms);
            return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
          },
        },
      });
      atEnd(() => exporter.shutdown({ timeoutMillis: 1 }).catch(() => {}));
      const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: NEVER });
      const provider = new MeterProvider({ readers: [reader] });
      // More than fits the log, ever.
      const level = provider.getMeter('desk').createGauge('level');
      for (let n = 0; n < 1500; n++) level.record(n, { pad: 'x'.repeat(50), n });
      await reader.collect().then(({ resourceMetrics }) => exporter.export(resourceMetrics, () => {}));
      await until('it waits', () => waits.length > 0);
      expect(waits).toEqual([1000]);
    },
  );

  test('killed again and again while it is written to: nothing acknowledged is lost, StatsD is sent nothing twice', async () => {
    const receiver = await statsdReceiver();
    const stateDirectory = folder();
    const options = {
      stateDirectory,
      stateSnapshotBytes: 64 * 1024,
      statsd: { port: receiver.port, flushIntervalMillis: 5 },
    };
    let bridge = await KillableBridge.start(options);
    atEnd(() => bridge.kill());
    const seed = Date.now() % 1e6;
    const random = lehmer(seed);
    const SERIES = 20;
    let sent = 0;
    for (let round = 0; round < 3; round++) {
      const killAfter = 2 + Math.floor(random() * 16);
      for (let n = 0; n < 20; n++) {
        const time = BigInt(round * 100 + n + 2);
        const points = Array.from({ length: SERIES }, (_, series) => ({
          value: 1,
          start: time - 1n,
          time,
          attributes: { series },
        }));
        const body = request([{ name: 'ticks', monotonic: true, temporality: 1, sum: points }]);
        const delivered = deliver(() => bridge, body);
        if (n === killAfter) {
          // At some point of what it does with the request.
          for (let turn = Math.floor(random() * 30); turn > 0; turn--) await new Promise(setImmediate);
          await bridge.kill();
          bridge = await KillableBridge.start(options);
        }
        await delivered;
        sent += SERIES;
      }
    }
    const total = async (): Promise<number> => {
      const text = await (await fetch(bridge.addresses.metrics)).text();
      return [...text.matchAll(/^ticks_total\{.*\} (\d+)$/gm)].reduce((sum, [, value]) => sum + Number(value), 0);
    };
    expect({ seed, total: await total() }).toEqual({ seed, total: sent });
    await until('StatsD has what is held', async () => (await bridge.stats()).outputs.statsd!.held === 0);
    const { outputs } = await bridge.stats();
    const { unconfirmed = 0, duplicate_point: duplicates = 0 } = outputs.statsd!.dropped;
    // Each increment is 1, so points and their sum are one number.
    const counted = (): number =>
      [...receiver.counters()].reduce((sum, { name, value }) => sum + (name === 'ticks' ? value : 0), 0);
    await until('datagrams have arrived', () => counted() + unconfirmed >= sent);
    expect({ seed, most: counted() <= sent }).toEqual({ seed, most: true });
    expect(outputs.statsd!.received).toBe(sent + duplicates);
    if (unconfirmed === 0) expect({ seed, counted: counted() }).toEqual({ seed, counted: sent });
  });
});

/** Sends until it is acknowledged, as an exporter with a log does. */
async function deliver(bridge: () => KillableBridge, body: Buffer): Promise<void> {
  for (;;) {
    try {
      const response = await fetch(`${bridge().addresses.otlpHttp}/v1/metrics`, {
        method: 'POST',
        headers: { 'content-type': 'application/x-protobuf' },
        body: new Uint8Array(body),
        signal: AbortSignal.timeout(60_000),
      });
      await response.arrayBuffer();
      if (response.ok) return;
    } catch {
      // The bridge is gone or going: the next one takes it.
    }
    await new Promise(setImmediate);
  }
}

function lehmer(seed: number): () => number {
  let state = (seed % 2147483646) + 1;
  return () => (state = (state * 48271) % 2147483647) / 2147483647;
}

function grpcCode(bridge: Bridge, body: Buffer): Promise<number | undefined> {
  const client = new Client(bridge.addresses.otlpGrpc, credentials.createInsecure());
  const pass = (bytes: Buffer): Buffer => bytes;
  const path = '/opentelemetry.proto.collector.metrics.v1.MetricsService/Export';
  return new Promise((resolve) => {
    client.makeUnaryRequest(path, pass, pass, body, new Metadata(), (error: ServiceError | null) => {
      client.close();
      resolve(error?.code);
    });
  });
}

/** A state and its journal without sockets. */
class Life {
  readonly directory: string;
  readonly state: BridgeState;
  readonly journal: DurableJournal;
  readonly troubles: string[];

  private constructor(directory: string, state: BridgeState, journal: DurableJournal, troubles: string[]) {
    this.directory = directory;
    this.state = state;
    this.journal = journal;
    this.troubles = troubles;
  }

  static async begin(directory: string, statsd: BridgeStatsdOptions = {}): Promise<Life> {
    const options = checkedOptions({ stateDirectory: directory, stateFsync: 'never', statsd, seriesLimit: 30 });
    const troubles: string[] = [];
    const journal = await DurableJournal.open(
      options.durable!,
      () => 7,
      (text) => void troubles.push(text),
    );
    const state = new BridgeState(options, new LiveServer({ server: createServer() }), journal.startedAtMs);
    await journal.recover(state);
    return new Life(directory, state, journal, troubles);
  }

  async do(entry: Entry): Promise<void> {
    if (entry.kind !== 'request') await this.journal.commit(entry, () => this.state.replay(entry));
    else await journaledIntake(this.state.ingest, this.journal, () => entry.timeMs)(entry.bytes, entry.transport);
  }

  /** A send of which nothing is delivered, as while no server listens. */
  async sendInVain(): Promise<void> {
    const sentBefore = new Map([...this.state.store.series].map((each) => [each, this.state.statsd!.saved(each)]));
    const changed = this.state.statsd!.savedQueue(
      new Map([...sentBefore.keys()].map((each, at) => [each, at])),
    ).changed;
    await this.do({ kind: 'statsdTake', seriesCount: changed.length });
    const failed = changed.map((number, index) => {
      const { slot, sumSlot } = [...sentBefore.values()][number]!;
      return { index, fate: 'held' as const, sent: slot?.sent ?? 0, sentSum: sumSlot?.sent ?? 0 };
    });
    await this.do({ kind: 'statsdOutcome', outcome: { unconfirmed: false, failed } });
  }

  /** All that can be seen of the state. */
  shown(): object {
    const { state } = this;
    return {
      text: state.prometheus
        .text()
        .split('\n')
        .sort((a, b) => (a < b ? -1 : 1)),
      receivedBy: { ...state.ingest.receivedBy },
      expired: state.seriesExpired,
      series: state.store.size,
      accounts: state.accounts.map(([name, account]) => [name, account.ledger(0)]),
      statsd: [state.statsd!.held, state.statsd!.changedCount, state.statsd!.inDoubt],
      saved: [...state.store.series]
        .sort((a, b) => a.order - b.order)
        .map((series) => [series.metric.name, series.seenMs, series.timeLow, state.statsd!.saved(series)]),
    };
  }

  checkBalance(): void {
    for (const [name, account] of this.state.accounts) {
      const { received, forwarded, dropped } = account.ledger(0);
      const held = name === 'statsd' ? this.state.statsd!.held : 0;
      const sum = forwarded + held + Object.values(dropped).reduce((a, b) => a + b, 0);
      expect({ name, received }).toEqual({ name, received: sum });
    }
  }
}

const NAMES = ['a', 'b', 'c'];
const time = fc.integer({ min: 2, max: 40 }).map(BigInt);
const name = fc.constantFrom(...NAMES);
const instance = fc.constantFrom('1', '2', '3');
const number = fc.oneof(fc.integer({ min: 0, max: 9 }), fc.constantFrom(Number.NaN, Infinity, -0, 5e-324, 2 ** 53 + 2));
const metric: fc.Arbitrary<MetricInput> = fc.oneof(
  fc
    .record({ name, time, value: number })
    .map(({ name: n, time: t, value }) => ({ name: n, gauge: [{ value, time: t }] })),
  fc.record({ name, time, value: number, temporality: fc.constantFrom(1, 2) }).map((r) => ({
    name: `${r.name}.sum${r.temporality}`,
    monotonic: true,
    temporality: r.temporality,
    sum: [{ value: r.value, time: r.time }],
  })),
  fc.record({ name, time, low: fc.nat(9), high: fc.nat(9), temporality: fc.constantFrom(1, 2) }).map((r) => ({
    name: `${r.name}.histogram${r.temporality}`,
    temporality: r.temporality,
    histogram: [
      { time: r.time, count: r.low + r.high, sum: r.high * 2, min: 0, max: 3, bounds: [1], counts: [r.low, r.high] },
    ],
  })),
  fc
    .record({ name, time, counts: fc.array(fc.nat(5), { maxLength: 5 }), offset: fc.integer({ min: -3, max: 3 }) })
    .map((r) => ({
      name: `${r.name}.exponential`,
      temporality: 1,
      exponential: [
        {
          time: r.time,
          count: r.counts.reduce((a, b) => a + b, 0),
          scale: 2,
          positive: { offset: r.offset, counts: r.counts },
        },
      ],
    })),
  name.map((n) => ({ name: n, summary: 2 })),
);
const fate = fc.constantFrom(
  'held' as const,
  'queue_full' as const,
  'resolve_failed' as const,
  'send_failed' as const,
  'refused' as const,
  'unconfirmed' as const,
  'closed' as const,
);
const entry: fc.Arbitrary<Entry> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc
      .record({ metrics: fc.array(metric, { maxLength: 4 }), id: instance, timeMs: fc.nat(100) })
      .map((r) => ({
        kind: 'request' as const,
        transport: 'http' as const,
        timeMs: r.timeMs,
        bytes: request(r.metrics, { 'service.instance.id': r.id }),
      })),
  },
  {
    weight: 3,
    arbitrary: fc.integer({ min: 1, max: 6 }).map((seriesCount) => ({ kind: 'statsdTake' as const, seriesCount })),
  },
  {
    weight: 3,
    arbitrary: fc
      .array(fc.record({ index: fc.nat(5), fate, sent: fc.nat(9), sentSum: fc.nat(9) }), { maxLength: 2 })
      .map((failed) => ({
        kind: 'statsdOutcome' as const,
        outcome: {
          unconfirmed: false,
          failed: failed.filter((f, at) => failed.findIndex(({ index }) => index === f.index) === at),
        },
      })),
  },
  { weight: 1, arbitrary: fc.nat(60).map((beforeMs) => ({ kind: 'expire' as const, beforeMs })) },
);
const step = fc.oneof(
  { weight: 12, arbitrary: entry },
  { weight: 1, arbitrary: fc.constantFrom('save' as const, 'kill' as const) },
);

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

describe('the state on disk', () => {
  test('whatever happens, and whenever the bridge is killed, is the state in memory; the accounts balance at every moment', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        let life = await Life.begin(folder());
        for (const each of steps) {
          if (each === 'save') await life.journal.save();
          else if (each !== 'kill') await life.do(each);
          else {
            const before = life.shown();
            const wreck = wreckOf(life.directory);
            await life.journal.close();
            life = await Life.begin(wreck);
            expect(life.shown()).toEqual(before);
            expect(life.troubles).toEqual([]);
          }
          life.checkBalance();
        }
        const before = life.shown();
        await life.journal.close();
        const last = await Life.begin(life.directory);
        expect(last.shown()).toEqual(before);
        await last.journal.close();
      }),
      { numRuns: 60 },
    );
  });

  test('entries that come at once take effect in their order, before and after a snapshot', async () => {
    const life = await Life.begin(folder());
    const order: number[] = [];
    const commits = Array.from({ length: 200 }, (_, n) => {
      if (n === 90) void life.journal.save();
      return life.journal.commit({ kind: 'expire', beforeMs: 0 }, () => void order.push(n));
    });
    await Promise.all(commits);
    expect(order).toEqual(Array.from({ length: 200 }, (_, n) => n));
    await life.journal.close();
  });

  test('bytes that were changed or cut cost what they held, are told, and nothing else', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(entry, { minLength: 5, maxLength: 25 }),
        fc.nat(),
        fc.nat(),
        fc.constantFrom('flip', 'cut', 'append'),
        async (entries, which, where, how) => {
          const life = await Life.begin(folder());
          for (const [index, each] of entries.entries()) {
            await life.do(each);
            if (index % 7 === 6) await life.journal.save();
          }
          const wreck = wreckOf(life.directory);
          const whole = life.shown();
          await life.journal.close();
          damage(wreck, which, where, how);
          const after = await Life.begin(wreck);
          after.checkBalance();
          // A log that was cut between two records looks like one that had not got further.
          if (how !== 'cut' && JSON.stringify(after.shown()) !== JSON.stringify(whole)) {
            expect(after.troubles.join('\n')).not.toBe('');
          }
          // And it goes on from there.
          await after.do({ kind: 'request', transport: 'http', timeMs: 1, bytes: request([fills(99, 99n)]) });
          after.checkBalance();
          await after.journal.close();
        },
      ),
      { numRuns: 60 },
    );
  });

  test('a snapshot that is damaged is replaced by the one before, and loses nothing', async () => {
    const life = await Life.begin(folder());
    for (let time = 2n; time < 6n; time++) {
      await life.do({ kind: 'request', transport: 'http', timeMs: 1, bytes: request([increment(1, time)]) });
      await life.journal.save();
    }
    const before = life.shown();
    const wreck = wreckOf(life.directory);
    await life.journal.close();
    const snapshots = readdirSync(wreck)
      .filter((file) => file.startsWith('state-'))
      .sort();
    expect(snapshots).toHaveLength(2);
    truncateSync(join(wreck, snapshots[1]!), 100);
    const after = await Life.begin(wreck);
    expect(after.shown()).toEqual(before);
    expect(after.troubles.join()).toContain('is damaged; the one before is used');
    await after.journal.close();
  });

  test('a log stays short however much goes through it', async () => {
    const bridge = await startBridge({ stateDirectory: folder(), stateSnapshotBytes: 64 * 1024, stateFsync: 'never' });
    const body = (time: bigint): Buffer =>
      request([
        { name: 'level', gauge: Array.from({ length: 200 }, (_, n) => ({ value: n, time, attributes: { n } })) },
      ]);
    for (let time = 2n; time < 60n; time++) expect((await post(bridge, body(time))).status).toBe(200);
    expect(bridge.stats().state!.snapshots).toBeGreaterThan(1);
    expect(bridge.stats().state!.refused).toBe(0);
  });

  test.each([
    ['held', { forwarded: 0, held: 1, dropped: {} }],
    ['refused', { forwarded: 0, held: 0, dropped: { refused: 1 } }],
    ['unconfirmed', { forwarded: 0, held: 0, dropped: { unconfirmed: 1 } }],
  ] as const)('points of a send that were %s are that, before and after a kill', async (what, ledger) => {
    const life = await Life.begin(folder());
    await life.do({ kind: 'request', transport: 'http', timeMs: 1, bytes: request([fills(3, 2n)]) });
    await life.do({ kind: 'statsdTake', seriesCount: 1 });
    const failed = [{ index: 0, fate: what, sent: what === 'held' ? 0 : 3, sentSum: 0 }];
    await life.do({ kind: 'statsdOutcome', outcome: { unconfirmed: false, failed } });
    const wreck = wreckOf(life.directory);
    await life.journal.close();
    const next = await Life.begin(wreck);
    for (const { state } of [life, next]) {
      expect(state.statsd!.account.ledger(state.statsd!.held)).toEqual({ received: 1, ...ledger });
      expect(state.statsd!.changedCount).toBe(ledger.held);
    }
    await next.journal.close();
  });

  test('every entry comes back from its bytes as it was, and no bytes make reading throw', () => {
    fc.assert(
      fc.property(
        entry,
        fc.integer({ min: 1, max: 2 ** 40 }),
        fc.array(fc.tuple(fc.nat(), fc.nat())),
        (made, no, ranges) => {
          const voided = ranges.map(([from, to]) => ({ from, to }));
          const bytes = encodeEntry({ number: no, voided, entry: made });
          const read = decodeEntry(bytes);
          expect(read).toEqual({ number: no, voided, entry: made });
          for (let length = 0; length < Math.min(bytes.length, 60); length++) decodeEntry(bytes.subarray(0, length));
        },
      ),
    );
    const failed = [{ index: 0, fate: 'closed' as const, sent: 1, sentSum: 1 }];
    const outcome = { unconfirmed: false, failed };
    const unknown = encodeEntry({ number: 1, voided: [], entry: { kind: 'statsdOutcome', outcome } });
    unknown[14]!++;
    expect(decodeEntry(unknown)).toBeUndefined();
    fc.assert(fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => void decodeEntry(bytes)));
  });
});

function damage(directory: string, which: number, where: number, how: 'flip' | 'cut' | 'append'): void {
  const files = readdirSync(directory)
    .filter((file) => file.endsWith('.wal') || file.endsWith('.bin'))
    .sort();
  const path = join(directory, files[which % files.length]!);
  const { size } = statSync(path);
  if (how === 'cut') truncateSync(path, where % (size + 1));
  else if (how === 'append') writeFileSync(path, Buffer.alloc(1 + (where % 100), where), { flag: 'a' });
  else {
    const bytes = readFileSync(path);
    const at = where % size;
    bytes[at] = bytes[at]! ^ (1 << (where % 8));
    writeFileSync(path, bytes);
  }
}
