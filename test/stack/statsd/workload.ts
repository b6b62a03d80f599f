import { StatsdExporter, type StatsdExporterOptions } from '@nanometer/exporter-statsd';
import { AggregationType, MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import type { ServerSeries } from './series.ts';

// One of each character that some server splits at, deletes or keeps to itself; no two that escaping makes equal.
const SYMBOLS = [
  'BTC/USDT',
  'x,y',
  'pipe|pipe',
  'k:v:w',
  'é漢😀',
  'line\nfeed',
  '#hash@0.1',
  '"quoted"\\back',
  'a=b;c',
  'tab\tand blank',
  '-5|g',
];
const ROUNDS = 20;
const NEVER_MS = 86_400_000;

/** What a server should hold of one metric: the values of its series, sorted. */
export type Expectation = ReadonlyMap<string, readonly number[]>;

/**
 * Records a workload through the stock SDK and an exporter, and returns its own ledger of it by `<kind> <name>`. All
 * amounts are multiples of 1/64, so that sums are exact in whichever order a server forms them.
 */
export async function driveWorkload(options: StatsdExporterOptions, prefix: string): Promise<Expectation> {
  const ledger = new Map<string, Map<string, number>>();
  const entry = (what: string): Map<string, number> => {
    const known = ledger.get(what) ?? new Map<string, number>();
    ledger.set(what, known);
    return known;
  };
  const add = (what: string, symbol: string, amount: number): void =>
    void entry(what).set(symbol, (entry(what).get(symbol) ?? 0) + amount);

  const exporter = new StatsdExporter({ ...options, prefix });
  const provider = new MeterProvider({
    readers: [new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: NEVER_MS })],
    views: [{ instrumentName: 'wide', aggregation: { type: AggregationType.EXPONENTIAL_HISTOGRAM } }],
  });
  const meter = provider.getMeter('workload');
  const fees = meter.createCounter('fees');
  const pnl = meter.createUpDownCounter('pnl');
  const spread = meter.createGauge('spread');
  const narrow = meter.createHistogram('narrow', { unit: 'ms', advice: { explicitBucketBoundaries: [1, 2, 4, 8] } });
  const wide = meter.createHistogram('wide', { unit: 'ms' });
  const isSampled = options.histograms === 'samples';
  const record = (histogram: typeof wide, name: string, symbol: string, value: number): void => {
    histogram.record(value, { symbol });
    if (isSampled) return add(`count ${name}`, symbol, 1);
    add(`counter ${name}.count`, symbol, 1);
    add(`counter ${name}.sum`, symbol, value);
    const extremes: [string, (a: number, b: number) => number][] = [
      ['min', Math.min],
      ['max', Math.max],
    ];
    for (const [suffix, better] of extremes) {
      const held = entry(`gauge ${name}.${suffix}`);
      held.set(symbol, better(held.get(symbol) ?? value, value));
    }
    return undefined;
  };

  for (let round = 1; round <= ROUNDS; round++) {
    for (const [index, symbol] of SYMBOLS.entries()) {
      const fee = ((index + 1) * round) / 64;
      fees.add(fee, { symbol });
      add('counter fees', symbol, fee);
      const change = ((index % 2 === 0 ? -1 : 1) * (index + round)) / 32;
      pnl.add(change, { symbol });
      add('gauge pnl', symbol, change);
      // Ends at zero for the first, below it for some.
      const width = round === ROUNDS && index === 0 ? 0 : (round - 2 * index) / 16;
      spread.record(width, { symbol });
      entry('gauge spread').set(symbol, width);
      // 49 and its multiples have no exact sample rate.
      const count = index === 0 ? 49 * round : round + index;
      for (let each = 0; each < count; each++) {
        record(narrow, 'narrow', symbol, ((each % 5) * 2 + 1) / 2);
        record(wide, 'wide', symbol, ((each % 97) + 1) * 2 ** ((each % 11) - 5));
      }
    }
    await provider.forceFlush();
  }
  const { points, pointsForwarded, pointsDropped } = exporter.stats();
  if (pointsForwarded !== points) throw new Error(`${points} points, dropped ${JSON.stringify(pointsDropped)}`);
  await provider.shutdown();
  return new Map([...ledger].map(([what, series]) => [what, [...series.values()].sort((a, b) => a - b)]));
}

/** What differs, one sentence each. `prefix` as in {@link driveWorkload}; tags are expected as tags or in the name. */
export function workloadDifferences(
  expected: Expectation,
  series: readonly ServerSeries[],
  prefix: string,
  hasTags: boolean,
): string[] {
  const found: string[] = [];
  for (const [what, values] of expected) {
    const [kind = '', metric = ''] = what.split(' ');
    const name = (prefix + metric).replaceAll('.', '_');
    const mine = series.filter(
      (each) => each.kind === kind && (each.name === name || each.name.startsWith(`${name}_symbol_`)),
    );
    const got = mine.map(({ value }) => value).sort((a, b) => a - b);
    if (got.length !== values.length || got.some((value, index) => value !== values[index])) {
      found.push(`${what}: expected ${values.join(' ')}, got ${got.join(' ')}`);
    } else if (mine.some(({ tagCount }) => tagCount !== (hasTags ? 1 : 0))) {
      found.push(`${what}: the server knows ${mine.map(({ tagCount }) => tagCount).join(' ')} tags`);
    }
  }
  return found;
}
