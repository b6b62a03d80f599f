import type { DeskTotals } from '@nanometer/demo';
import type { Terminal } from '../output/terminal.ts';
import { totalsTable } from './table.ts';
import type { Totals } from './totals.ts';

/** The document `nanometer demo --json` prints. */
export interface DemoReport {
  readonly mode: string;
  readonly seed: number;
  readonly ledger: Totals;
  readonly prometheus: Totals;
  /** `null` when StatsD went to a server of the user's, which this process cannot read. */
  readonly statsd: Totals | null;
  readonly websocket: Totals;
  /** Every output that can be read holds what the ledger holds. */
  readonly equal: boolean;
  /** Calls of `add` and `record` in the desk. */
  readonly updates: number;
  readonly updatesPerSecond: number;
  /** Everything that was dropped anywhere, whatever the cause. */
  readonly drops: number;
  /** The same by place: the desk's packages, the bridge, lines the StatsD server could not read. */
  readonly dropsBy: Readonly<Record<string, number>>;
  readonly durationSeconds: number;
  readonly addresses: Readonly<Record<string, string>>;
}

/** Prints the final table, or the document when `json` is set. */
export function printReport(report: DemoReport, desk: DeskTotals, json: boolean, terminal: Terminal): void {
  if (desk.flushError !== undefined) terminal.err(`the last export failed: ${desk.flushError}`);
  if (json) {
    terminal.out(JSON.stringify(report));
    return;
  }
  terminal.out(
    totalsTable([
      ['ledger of the desk', report.ledger],
      ['Prometheus endpoint', report.prometheus],
      ['StatsD server', report.statsd ?? undefined],
      ['WebSocket client', report.websocket],
    ]),
  );
  terminal.out('');
  for (const [strategy, { orders, buys, sells }] of Object.entries(desk.strategies)) {
    terminal.out(`${strategy}: ${orders} orders, ${buys} buys and ${sells} sells filled`);
  }
  const { updates, updatesPerSecond, durationSeconds, drops, dropsBy, equal } = report;
  const rate = `${updates.toLocaleString('en-US')} metric updates in ${durationSeconds.toFixed(1)} s (${updatesPerSecond.toLocaleString('en-US')}/s)`;
  terminal.out(`${report.mode} market, seed ${report.seed}: ${rate}, drops ${drops}`);
  for (const [place, count] of Object.entries(dropsBy)) if (count > 0) terminal.out(`  dropped by ${place}: ${count}`);
  terminal.out(equal ? 'All outputs equal the ledger.' : 'OUTPUTS DIFFER FROM THE LEDGER.');
}
