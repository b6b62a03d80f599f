import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { sharedData } from '@nanometer/testing';
import { CHECKOUT } from './paths.ts';
import { RunningProcess } from './process.ts';
import type { Ports } from './servers.ts';
import type { Totals } from './totals.ts';
import { waitFor } from './wait-for.ts';

/** The document `nanometer demo --json` ends with; the parts that are checked. */
export interface DeskReport {
  readonly mode: 'replay' | 'simulated';
  readonly ledger: Totals;
  readonly prometheus: Totals | null;
  readonly websocket: Totals | null;
  readonly updates: number;
  readonly updatesPerSecond: number;
  readonly drops: number;
  readonly durationSeconds: number;
}

const SIMULATED_SECONDS = 120;

/** The built command line. */
export function nanometerMain(): string {
  const main = join(CHECKOUT, 'packages', 'nanometer', 'dist', 'main.js');
  if (!existsSync(main)) throw new Error(`${main} is missing; npm run build makes it`);
  return main;
}

/** Starts the desk on recorded market data at full speed, or on the simulated market where there is none. */
export function startDesk(ports: Ports, folder: string): RunningProcess {
  const market = sharedData('market');
  return new RunningProcess({
    name: 'desk',
    command: process.execPath,
    args: [
      nanometerMain(),
      'demo',
      ...(market === undefined ? ['--duration', String(SIMULATED_SECONDS), '--seed', '1'] : ['--replay', market]),
      '--speed=max',
      '--json',
      `--collector=127.0.0.1:${ports.collectorGrpc}`,
      `--statsd=127.0.0.1:${ports.statsd}`,
      `--port=${ports.page}`,
      `--metrics-port=${ports.deskMetrics}`,
      `--otlp-grpc-port=${ports.bridgeGrpc}`,
      `--otlp-http-port=${ports.bridgeHttp}`,
    ],
    cwd: folder,
  });
}

/** Starts a desk without a bridge of its own, as docker-compose.yml does, on half a minute of simulated market. */
export function startDeskBeside(ports: Ports, folder: string): RunningProcess {
  return new RunningProcess({
    name: 'desk',
    command: process.execPath,
    args: [
      nanometerMain(),
      'demo',
      '--duration=30',
      '--speed=max',
      '--json',
      `--collector=127.0.0.1:${ports.collectorGrpc}`,
      `--bridge=http://127.0.0.1:${ports.page}/`,
      `--metrics-port=${ports.deskMetrics}`,
    ],
    cwd: folder,
  });
}

/** Waits for the report that the desk prints when all of its outputs have settled. */
export async function waitForReport(desk: RunningProcess, limitMs: number): Promise<DeskReport> {
  await waitFor('the desk reports', () => desk.ended !== undefined || desk.stdout.endsWith('}\n'), limitMs);
  return deskReport(desk);
}

/** Reads the desk's report. Throws with how the desk ended and what it printed when there is none. */
export function deskReport(desk: Pick<RunningProcess, 'stdout' | 'tail' | 'ended'>): DeskReport {
  try {
    return JSON.parse(desk.stdout) as DeskReport;
  } catch {
    throw new Error(`the desk ended with ${desk.ended} and without one JSON document on stdout:\n${desk.tail}`);
  }
}
