import type { LoadDeskReport } from './desk.ts';
import type { Usage } from './usage.ts';

/** What a run measured; the document of `--json` with the verdict. */
export interface LoadResult {
  readonly pointsPerSecondAsked: number;
  readonly series: number;
  readonly desk: LoadDeskReport;
  /** Sums and points that arrived. */
  readonly prometheus: { readonly sum: number; readonly points: number };
  readonly bridge: {
    readonly sum: number;
    readonly received: number;
    readonly dropped: Readonly<Record<string, number>>;
  };
  readonly collector: { readonly accepted: number; readonly lost: number };
  /** Seconds from the desk's end until everything had arrived. */
  readonly drainSeconds: number;
  readonly usage: readonly Usage[];
}

// Between two garbage collections a heap is as much larger as it likes; what leaks grows by more than this in minutes.
const GROWTH_FACTOR = 1.25;
const GROWTH_MIB = 64;
const LEAST_SHARE = 0.98;

/** Points per second that the log took. */
export function pointsPerSecond({ desk, series }: LoadResult): number {
  return (desk.exports * series) / desk.seconds;
}

/** What was not as promised; empty when the run has passed. */
export function shortfalls(result: LoadResult): string[] {
  const { desk, series, prometheus, bridge, collector, usage, pointsPerSecondAsked } = result;
  const rate = pointsPerSecond(result);
  const points = desk.exports * series;
  const lines: string[] = [];
  const unless = (holds: boolean, text: string): void => void (holds || lines.push(text));
  unless(rate >= LEAST_SHARE * pointsPerSecondAsked, `${Math.round(rate)} points/s of ${pointsPerSecondAsked}`);
  unless(desk.undelivered === undefined, `the desk did not deliver: ${desk.undelivered}`);
  unless(Object.keys(desk.dropped).length === 0, `the desk dropped ${JSON.stringify(desk.dropped)}`);
  unless(collector.lost === 0, `the collector lost ${collector.lost} points`);
  unless(prometheus.sum === desk.recorded, `Prometheus has ${prometheus.sum} of ${desk.recorded}`);
  unless(prometheus.points >= points, `Prometheus has ${prometheus.points} of ${points} points`);
  unless(bridge.sum === desk.recorded, `the bridge has ${bridge.sum} of ${desk.recorded}`);
  const lost = Object.entries(bridge.dropped).filter(([cause]) => cause !== 'duplicate_point');
  unless(lost.length === 0, `the bridge dropped ${JSON.stringify(Object.fromEntries(lost))}`);
  for (const { name, rssMibEarly, rssMibLate } of usage) {
    const flat = rssMibLate <= rssMibEarly * GROWTH_FACTOR + GROWTH_MIB;
    unless(flat, `memory of ${name} grew from ${rssMibEarly.toFixed(0)} to ${rssMibLate.toFixed(0)} MiB`);
  }
  return lines;
}
