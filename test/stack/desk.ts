import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { sharedData } from '@nanometer/testing';
import { CHECKOUT } from './paths.ts';
import { RunningProcess } from './process.ts';
import type { Ports } from './servers.ts';
import type { Totals } from './totals.ts';

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

const SIMULATED_SECONDS = 20;

/** Starts the desk on recorded market data at full speed, or on the simulated market where there is none. */
export function startDesk(ports: Ports, folder: string): RunningProcess {
  const main = join(CHECKOUT, 'packages', 'nanometer', 'dist', 'main.js');
  if (!existsSync(main)) throw new Error(`${main} is missing; npm run build makes it`);
  const market = sharedData('market');
  return new RunningProcess({
    name: 'desk',
    command: process.execPath,
    args: [
      main,
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

/** Reads the desk's report. Throws with how the desk ended and what it printed when there is none. */
export function deskReport(desk: Pick<RunningProcess, 'stdout' | 'tail' | 'ended'>): DeskReport {
  try {
    return JSON.parse(desk.stdout) as DeskReport;
  } catch {
    throw new Error(`the desk ended with ${desk.ended} and without one JSON document on stdout:\n${desk.tail}`);
  }
}
