import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import {
  DeltaStore,
  formatNumber,
  histogramFrames,
  lineFrame,
  type PacketSender,
  readAs,
  type Reading,
  SampleBacklog,
  sampleShares,
  SERVERS_OF_DIALECT,
  STATSD_DIALECTS,
  StatsdBatch,
  type StatsdDialect,
  type StatsdServer,
} from '@nanometer/exporter-statsd';

const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
const hostileText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.string({ unit: fc.constantFrom(...Array.from(' \t\n\r:|@#,;=[]/\\"\'{}_.-0a+é漢😀\u0000\u2028')), maxLength: 20 }),
  fc.constantFrom('__name__', 'quantile', 'le', '', '0', '#a:b', '1|c', 'a:1|c\nb:2|c'),
);
const hostileTags = fc.uniqueArray(fc.tuple(hostileText, fc.oneof(hostileText, finite, fc.boolean())), {
  maxLength: 6,
  selector: ([key]) => key,
});

/** Keeps the datagrams of a batch, and takes them all. */
class Captured implements PacketSender {
  readonly refusals = 0;
  readonly datagrams: string[] = [];
  readonly lengths: number[] = [];

  send({ bytes }: { readonly bytes: Buffer }, settled: (failure: undefined) => void = (): void => {}): void {
    this.datagrams.push(bytes.toString('utf8'));
    this.lengths.push(bytes.length);
    settled(undefined);
  }

  drained = (): Promise<void> => Promise.resolve();
  recovered = (): void => {};
  close = (): Promise<void> => Promise.resolve();
  stats = (): never => {
    throw new Error('not counted');
  };

  get lines(): string[] {
    return this.datagrams.flatMap((datagram) => datagram.split('\n'));
  }
}

function read(server: StatsdServer, line: string): readonly Reading[] {
  const readings = readAs(server, line);
  if (typeof readings === 'string') throw new Error(`${server}: ${readings}: ${JSON.stringify(line)}`);
  return readings;
}

/** What the server holds of each series after all lines. */
function held(server: StatsdServer, lines: readonly string[]): Map<string, number> {
  const values = new Map<string, number>();
  for (const { kind, name, tags, value, relative } of lines.flatMap((line) => read(server, line))) {
    const key = JSON.stringify([kind, name, tags]);
    const known = values.get(key) ?? 0;
    values.set(key, kind === 'counter' || (kind === 'gauge' && relative) ? known + value : value);
  }
  return values;
}

const pairs = STATSD_DIALECTS.flatMap((dialect) =>
  SERVERS_OF_DIALECT[dialect].map((server) => [dialect, server] as const),
);

describe.each(pairs)('%s lines as %s reads them', (dialect: StatsdDialect, server: StatsdServer) => {
  test('counters and gauges with hostile names and tags keep their numbers', async () => {
    await fc.assert(
      fc.asyncProperty(
        hostileText,
        hostileTags,
        fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }),
        fc.array(finite, { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 64, max: 2000 }),
        async (name, tags, count, gauges, mtuBytes) => {
          const sender = new Captured();
          const store = new DeltaStore();
          const batch = new StatsdBatch(store, sender, mtuBytes);
          const counterFrame = lineFrame(dialect, name, tags, '.c');
          const gaugeFrame = lineFrame(dialect, name, tags, '.g');
          const counted = batch.counter(counterFrame, store.open(), 1, 0, count);
          const set = gauges.map((value) => batch.gauge(gaugeFrame, value));
          await batch.send();
          for (const length of sender.lengths) expect(length).toBeLessThanOrEqual(mtuBytes);
          const values = [...held(server, sender.lines)];
          const ofKind = (kind: string): number[] =>
            values.flatMap(([key, value]) => (key.startsWith(`["${kind}`) ? [value] : []));
          expect(ofKind('counter')).toEqual(counted === 'packed' ? [count] : []);
          const last = gauges.findLast((_, index) => set[index] === 'packed');
          expect(ofKind('gauge').map((value) => value + 0)).toEqual(last === undefined ? [] : [last + 0]);
          for (const reading of sender.lines.flatMap((line) => read(server, line))) {
            expect(reading.tags).toHaveLength(dialect === 'etsy' ? 0 : tags.length);
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  test('sampled histograms keep the exact count, and values within their bucket', async () => {
    const type = dialect === 'dogstatsd' ? 'd' : dialect === 'influx' ? 'h' : 'ms';
    // Only servers of DogStatsD 1.1 read packed values.
    const packsValues = dialect === 'dogstatsd' && server !== 'statsdreceiver';
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(100_000), { minLength: 2, maxLength: 12 }),
        fc.integer({ min: 64, max: 1432 }),
        fc.integer({ min: 1, max: 20_000 }),
        async (counts, mtuBytes, countLimit) => {
          const sender = new Captured();
          const batch = new StatsdBatch(new DeltaStore(), sender, mtuBytes);
          const bounds = counts.slice(1).map((_, index) => (index + 1) ** 2 / 7);
          const max = bounds.at(-1)! * 2;
          const backlog = new SampleBacklog();
          backlog.add({ bounds, counts }, 0, max);
          const frame = lineFrame(dialect, 'm', [['k', 'v']]);
          const format = { frame, type, scale: 1, packsValues, countLimit, mtuBytes } as const;
          // A flush of that many lines is not what is tested.
          fc.pre(counts.every((count) => count / countLimit < 50));
          backlog.write(batch, format);
          await batch.send();
          const got = counts.map(() => 0);
          for (const { value, count } of sender.lines.flatMap((line) => read(server, line))) {
            const actual = server === 'statsd_exporter' && type === 'ms' ? value * 1000 : value;
            const index = bounds.findIndex((bound) => actual <= bound);
            got[index < 0 ? counts.length - 1 : index]! += count;
          }
          expect(got).toEqual(counts);
          for (const length of sender.lengths) expect(length).toBeLessThanOrEqual(mtuBytes);
        },
      ),
      { numRuns: 200 },
    );
  });

  test('every line of a histogram summary is read', async () => {
    const sender = new Captured();
    const batch = new StatsdBatch(new DeltaStore(), sender, 1432);
    const frames = histogramFrames(dialect, 'latency', [['symbol', 'BTC/USDT']]);
    for (const frame of [frames.count, frames.sum, frames.min, frames.max, ...frames.percentiles])
      batch.gauge(frame, 1.5);
    await batch.send();
    expect(sender.lines.flatMap((line) => read(server, line))).toHaveLength(8);
  });
});

test('sample rates state every count exactly, whether a server cuts the fraction off or keeps it', () => {
  fc.assert(
    fc.property(fc.nat(2 ** 31), fc.integer({ min: 1, max: 2 ** 31 }), (count, limit) => {
      fc.pre(count / limit < 100);
      const shares = sampleShares(count, limit);
      for (const share of shares) {
        const counted = share.rate === '' ? 1 : 1 / Number(share.rate);
        expect(counted).toBe(share.count);
        expect(share.count).toBeLessThanOrEqual(limit);
      }
      expect(shares.reduce((sum, share) => sum + share.count, 0)).toBe(count);
    }),
  );
  for (let count = 0; count <= 5000; count++) {
    expect(sampleShares(count, 10_000).reduce((sum, share) => sum + share.count, 0)).toBe(count);
  }
  expect(sampleShares(49, 100)).toEqual([
    { count: 48, rate: formatNumber(1 / 48) },
    { count: 1, rate: '' },
  ]);
});

test.each<[StatsdServer, string]>([
  ['statsd', 'a:1|h'],
  ['statsd', 'a:1|d|#k:v'],
  ['statsd', 'a:1:2|c'],
  ['statsd', 'a:1|c|T12'],
  ['statsd', 'a:1|c|#k:v|c:id'],
  ['statsd', 'a,k=v:1|c'],
  ['statsd', 'a:-1|ms'],
  ['statsd', 'a:1|c|@-1'],
  ['statsd', 'a:1|c|#k:é'],
  ['statsd', 'a'],
  ['statsd', ':1|c'],
  ['statsd', 'a:1e3|c'],
  ['statsd_exporter', 'a:-1|c'],
  ['statsd_exporter', 'a;k=v:1|c'],
  ['statsd_exporter', 'a,k=v:1|c|#k:v'],
  ['statsd_exporter', 'a:1|c|T12'],
  ['statsd_exporter', 'a:1|s'],
  ['statsd_exporter', 'a:1:2|c'],
  ['statsd_exporter', 'a:1|c|#k'],
  ['statsd_exporter', 'a:1|c|#a.b:1,a_b:2'],
  ['statsd_exporter', 'a:1|c|#__name__:v'],
  ['statsd_exporter', 'a:1|d|#quantile:v'],
  ['statsd_exporter', `a:1|c|#k:${'v'.repeat(4096)}`],
  ['statsdreceiver', 'a:1:2|d'],
  ['statsdreceiver', 'a:1|s'],
  ['statsdreceiver', 'a:1|d|T12'],
  ['statsdreceiver', 'a:1|c|e:x'],
  ['statsdreceiver', 'a,k=v:1|c'],
  ['statsdreceiver', 'a:1|c|#k'],
  ['statsdreceiver', 'a:|c'],
  ['statsdreceiver', `a:${'9'.repeat(400)}|c`],
  ['dogstatsd', 'a b:1|c'],
  ['dogstatsd', 'a:1:2|g'],
  ['dogstatsd', 'a:1|d|T12'],
  ['dogstatsd', 'a:1|c|#k:v|@0.5'],
  ['dogstatsd', 'a:1|g|@0.5'],
  ['dogstatsd', 'a:1|x'],
  ['dogstatsd', 'a:1|c\nb:1|c'],
])('%s would misread %s', (server, line) => {
  expect(typeof readAs(server, line)).toBe('string');
});

test('fields of newer DogStatsD protocols are read where they are known', () => {
  expect(read('dogstatsd', 'a:1:2|d|@0.5|#k:v|c:id')).toMatchObject([
    { value: 1, count: 2 },
    { value: 2, count: 2 },
  ]);
  expect(read('dogstatsd', 'a:-1|g|T17')).toMatchObject([{ value: -1, relative: false }]);
  expect(read('statsdreceiver', 'a:1|c|#k:v|c:id|T17')).toMatchObject([
    {
      tags: [
        ['k', 'v'],
        ['container.id', 'id'],
      ],
    },
  ]);
  expect(read('statsd_exporter', 'a:1:2|d|#k:v|c:id')).toHaveLength(2);
});

test('keys that escaping makes equal stay apart', () => {
  const keys = (dialect: StatsdDialect): string =>
    lineFrame(dialect, 'a', [
      ['k.x', 1],
      ['k_x', 2],
      ['k x', 3],
      ['__name__', 4],
    ]).tail;
  expect(keys('dogstatsd')).toBe('|#_name__:4,k_x:3,k.x_2:1,k_x_3:2');
});
