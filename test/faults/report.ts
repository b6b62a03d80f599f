import type { ReceiverAccount } from './alert-receiver.ts';
import type { Comparison, Missing } from './compare.ts';
import type { LinkTrouble } from './fault.ts';
import type { LosslessAccount } from './lossless-subscriber.ts';
import { Timeline, type Happening } from './timeline.ts';

/** What a run came to; the document of `--json`. */
export interface FaultReport extends Comparison {
  readonly seed: number;
  readonly faults: number;
  readonly passed: boolean;
  readonly seconds: number;
  readonly lives: number;
  readonly batches: number;
  /** What ended although nobody ended it. */
  readonly desertions: readonly string[];
  /** Points that the desk's exporter dropped, by cause, in lives that ended by themselves. */
  readonly deskDrops: Readonly<Record<string, number>>;
  /** The lossless subscriber, and the troubles that connections of its link met. */
  readonly lossless: LosslessAccount & { readonly links: Readonly<Record<LinkTrouble, number>> };
  readonly alerts: ReceiverAccount;
  readonly timeline: readonly Happening[];
}

/** Updates by output, life and cause: several causes of one shortage are named together. */
export function byCause(missing: readonly Missing[]): Map<string, number> {
  const updatesOf = new Map<string, number>();
  for (const { output, life, causes, updates } of missing) {
    const key = `${output}, life ${life}: ${causes.join(' or ')}`;
    updatesOf.set(key, (updatesOf.get(key) ?? 0) + updates);
  }
  return updatesOf;
}

/** The last lines of a run. */
export function summary(report: FaultReport): string {
  const lines: string[] = [];
  if (!report.passed) {
    lines.push('what happened when:', ...report.timeline.map((happening) => Timeline.line(happening)), '');
    lines.push(...report.wrong.map((line) => `WRONG ${line}`), ...report.desertions.map((line) => `WRONG ${line}`));
  }
  lines.push(
    `${report.recorded} updates recorded in ${report.lives} lives of the desk, ${report.batches} batches`,
    `${report.notYetInLog} recorded, not yet in the log when their life was ended`,
  );
  for (const [cause, updates] of byCause(report.missing)) lines.push(`${updates} missing in ${cause}`);
  for (const [cause, exports] of byCause(report.pointsMissing)) {
    lines.push(`${exports} exports without a point, made good by later ones, in ${cause}`);
  }
  for (const [cause, updates] of byCause(report.repeated)) lines.push(`${updates} twice in ${cause}`);
  if (report.missing.length === 0)
    lines.push('nothing else is missing: Prometheus, StatsD and subscribers equal the ledger');
  const { updates, reconnects, recoveries, links } = report.lossless;
  const { acknowledged, repeated, answers } = report.alerts;
  lines.push(
    `lossless subscriber: ${updates} updates; links ${counts(links)}; ${reconnects} reconnects, then ${counts(recoveries)}`,
    `alerts: ${acknowledged} acknowledged, ${repeated} again where the answer was lost; messages answered ${counts(answers)}`,
    `${report.passed ? 'PASS' : 'FAIL'}  seed ${report.seed}, ${report.faults} faults in ${report.seconds.toFixed(0)} s`,
    `again: npm run test:faults -- --seed ${report.seed} --faults ${report.faults}`,
  );
  return lines.join('\n');
}

function counts(byName: Readonly<Record<string, number>>): string {
  return Object.entries(byName)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ');
}
