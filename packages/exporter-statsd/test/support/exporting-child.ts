import { StatsdExporter, type StatsdExporterOptions } from '@nanometer/exporter-statsd';
import { exported, sumsOf } from './metrics.ts';

/** What the parent asks for: an export of these cumulative values, by series. */
export interface Collection {
  readonly values: readonly number[];
  readonly end: number;
}

/** What the child answers to each. */
export interface Answer {
  readonly end: number;
  readonly failed: boolean;
  readonly uncertain: number;
}

// A process whose producer lives elsewhere and goes on when this one is killed.
const exporter = new StatsdExporter({
  onTrouble: () => {},
  ...(JSON.parse(process.argv[2]!) as StatsdExporterOptions),
});
async function answer({ values, end }: Collection): Promise<void> {
  const points = values.map((value, index) => ({ value, end, name: `m${index}` }));
  const error = await exported(exporter, sumsOf(...points));
  const { incrementsUncertain } = exporter.stats().state;
  process.send?.({ end, failed: error !== undefined, uncertain: incrementsUncertain } satisfies Answer);
}

process.on('message', (collection: Collection) => void answer(collection));
process.send?.({ end: 0, failed: false, uncertain: exporter.stats().state.incrementsUncertain } satisfies Answer);
