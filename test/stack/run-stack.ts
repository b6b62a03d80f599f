import { allExpressions, type Expression, withoutVariables } from '@nanometer/grafana';
import { ownAlertArrives } from './alerts.ts';
import type { Checks } from './checks.ts';
import { collectorCounts } from './collector-accounting.ts';
import { checkConfiguration } from './configuration-checks.ts';
import { type DeskReport, startDesk, waitForReport } from './desk.ts';
import { ledgerIsComplete } from './ledger.ts';
import { LiveTotals } from './live-totals.ts';
import type { Programs } from './programs/programs.ts';
import { PrometheusApi } from './prometheus-api.ts';
import { choosePorts, type Ports, stageServices, startServers } from './servers.ts';
import { readCompose } from './staging.ts';
import { statsdBadLines, statsdState, statsdTotals } from './statsd-server.ts';
import { differences, type Totals } from './totals.ts';
import { waitFor } from './wait-for.ts';

const DESK_LIMIT_MS = 5 * 60_000;
const DESK_END_LIMIT_MS = 60_000;
const ARRIVAL_LIMIT_MS = 180_000;
const EXPRESSIONS_LIMIT_MS = 180_000;
const LEAST_UPDATES_PER_SECOND = 10_000;
const RATE_WINDOW = '5m';

/** Starts everything, lets the desk trade, and compares what every output ended with. */
export async function runStack(
  programs: Programs,
  folder: string,
  checks: Checks,
  progress: (line: string) => void,
  onStart: (stoppable: { stop(): Promise<void> }) => void,
): Promise<void> {
  const ports = await choosePorts();
  const staged = stageServices(readCompose(), ports, folder);
  await checkConfiguration(programs, staged, folder, checks);

  progress('starting the servers');
  const servers = await startServers(programs, staged, ports, folder, onStart);
  const live = new LiveTotals(`ws://127.0.0.1:${ports.page}/live`);
  onStart({ stop: () => Promise.resolve(live.close()) });
  progress('the desk trades');
  const desk = startDesk(ports, folder);
  onStart(desk);
  const ledgerRead = checks.run('nanometer ledger finds nothing missing at any hop while the desk trades', () =>
    ledgerIsComplete(ports),
  );
  const report = await waitForReport(desk, DESK_LIMIT_MS);
  await ledgerRead;

  await checks.run('the ledger has fills, so that equal totals prove something', () => {
    if (!(report.ledger.fills > 0)) throw new Error('nothing was traded');
    return `${report.mode}, ${report.ledger.fills} fills in ${report.durationSeconds.toFixed(1)} s`;
  });
  await checks.run('the desk ends by itself with exit code 0, although a subscriber stays connected', async () => {
    const ending = await desk.end(DESK_END_LIMIT_MS);
    if (ending !== 'exit code 0') throw new Error(`it ended with ${ending}`);
  });
  await checks.run(`at least ${LEAST_UPDATES_PER_SECOND} metric updates per second`, () => {
    const rate = Math.round(report.updatesPerSecond);
    if (!(rate >= LEAST_UPDATES_PER_SECOND)) throw new Error(`${rate} per second`);
    return `${rate} per second, ${report.updates} in all`;
  });
  await checks.run('the desk counts no drops', () => {
    if (report.drops !== 0) throw new Error(`${report.drops} drops`);
  });
  const prometheus = new PrometheusApi(`http://127.0.0.1:${ports.prometheus}`);
  await compareTotals(report, prometheus, live, ports, checks);
  await checks.run('the collector passed on every point it accepted', () => collectorBalances(ports));
  await checkExpressions(prometheus, checks);
  await checks.run('an alert reaches the receiver through Alertmanager', () =>
    alertArrives(prometheus, ports, servers.notifications),
  );
  await checks.run('an alert of ours reaches it as well, under the fingerprint that Alertmanager computes', () =>
    ownAlertArrives(`http://127.0.0.1:${ports.alertmanager}`, servers.notifications),
  );
}

async function compareTotals(
  report: DeskReport,
  prometheus: PrometheusApi,
  live: LiveTotals,
  ports: Ports,
  checks: Checks,
): Promise<void> {
  const { ledger } = report;
  const arrives = async (read: () => Totals | Promise<Totals>): Promise<void> => {
    let last: readonly string[] = [];
    try {
      await waitFor(
        'the totals are equal',
        async () => {
          last = differences(ledger, await read());
          return last.length === 0;
        },
        ARRIVAL_LIMIT_MS,
      );
    } catch (error) {
      throw last.length > 0 ? new Error(last.join('\n')) : error;
    }
  };
  await checks.run('Prometheus ends with the totals of the ledger', () => arrives(() => prometheus.totals()));
  await checks.run('the statsd server ends with the totals of the ledger', async () => {
    await arrives(async () => statsdTotals(await statsdState(ports.statsdAdmin)));
    const bad = statsdBadLines(await statsdState(ports.statsdAdmin));
    if (bad !== 0) throw new Error(`it could not read ${bad} lines`);
  });
  await checks.run('the WebSocket client ends with the totals of the ledger', async () => {
    await arrives(() => live.totals);
    return `${live.frames} frames`;
  });
  await checks.run("the bridge's Prometheus endpoint ended with the totals of the ledger", () => {
    if (report.prometheus === null) throw new Error('the desk did not report it');
    const found = differences(ledger, report.prometheus);
    if (found.length > 0) throw new Error(found.join('\n'));
  });
}

async function collectorBalances(ports: Ports): Promise<string> {
  const counts = await waitFor(
    'the queues are empty',
    async () => {
      const now = await collectorCounts(ports.collectorMetrics);
      return now.queued === 0 ? now : undefined;
    },
    ARRIVAL_LIMIT_MS,
  );
  if (counts.accepted === 0) throw new Error('it accepted nothing');
  if (counts.lost !== 0) throw new Error(`it lost ${counts.lost} points`);
  for (const exporter of ['otlp_http/prometheus', 'otlp_http/bridge']) {
    const sent = counts.sent.get(exporter) ?? 0;
    if (sent !== counts.accepted) throw new Error(`accepted ${counts.accepted}, sent ${sent} by ${exporter}`);
  }
  return `${counts.accepted} points`;
}

async function checkExpressions(prometheus: PrometheusApi, checks: Checks): Promise<void> {
  const expressions = allExpressions();
  await checks.run(`all ${expressions.length} expressions of board and rules have a result`, async () => {
    let missing: readonly string[] = [];
    const allHaveResults = async (): Promise<boolean> => {
      missing = (await Promise.all(expressions.map((each) => problemOf(prometheus, each)))).filter(
        (text) => text !== '',
      );
      return missing.length === 0;
    };
    // A rate needs two scrapes of the collector.
    await waitFor('every expression has a result', allHaveResults, EXPRESSIONS_LIMIT_MS).catch((error: Error) => {
      throw missing.length > 0 ? new Error(missing.join('\n')) : error;
    });
  });
}

async function problemOf(prometheus: PrometheusApi, { where, expression }: Expression): Promise<string> {
  const plain = withoutVariables(expression, RATE_WINDOW);
  try {
    const samples = await prometheus.query(plain);
    return samples.some(({ value }) => !Number.isNaN(value)) ? '' : `${where}: no result\n  ${plain}`;
  } catch (error) {
    return `${where}: ${(error as Error).message}\n  ${plain}`;
  }
}

async function alertArrives(
  prometheus: PrometheusApi,
  ports: Ports,
  notifications: readonly string[],
): Promise<string> {
  const base = `http://127.0.0.1:${ports.alertmanager}`;
  await waitFor('Prometheus has found Alertmanager', async () =>
    (await prometheus.alertmanagers()).some((url) => url.startsWith(base)),
  );
  const alertname = 'StackTest';
  const response = await fetch(`${base}/api/v2/alerts`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify([{ labels: { alertname, severity: 'critical' } }]),
  });
  if (!response.ok) throw new Error(`Alertmanager answers ${response.status}: ${await response.text()}`);
  const sentAt = performance.now();
  await waitFor('the receiver has the alert', () => notifications.some((body) => body.includes(alertname)));
  return `after ${Math.round(performance.now() - sentAt)} ms`;
}
