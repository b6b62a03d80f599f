import { execFile } from 'node:child_process';
import { nanometerMain } from './desk.ts';
import type { Ports } from './servers.ts';
import { waitFor } from './wait-for.ts';

const DESK_ANSWERS_LIMIT_MS = 180_000;
/** The exit code of `nanometer ledger` for a hop that does not answer, yet. */
const UNREADABLE = 3;

/**
 * Runs `nanometer ledger` over the whole chain while the desk trades. Throws with what it prints when something is missing; returns
 * the points that passed.
 */
export async function ledgerIsComplete(ports: Ports): Promise<string> {
  const { code, out } = await waitFor(
    'every hop of the ledger answers',
    async () => {
      const result = await ledger(ports);
      return result.code === UNREADABLE ? undefined : result;
    },
    DESK_ANSWERS_LIMIT_MS,
  );
  if (code !== 0) throw new Error(`exit code ${code}\n${out}`);
  const points = /^bridge +([\d,]+)/m.exec(out)?.[1];
  if (points === undefined || points === '0') throw new Error(`no points passed\n${out}`);
  return `${points} points`;
}

function ledger(ports: Ports): Promise<{ code: number; out: string }> {
  const args = [
    nanometerMain(),
    'ledger',
    `--service=http://127.0.0.1:${ports.deskMetrics}/metrics`,
    `--collector=http://127.0.0.1:${ports.agentMetrics}/metrics,http://127.0.0.1:${ports.collectorMetrics}/metrics`,
    `--prometheus=http://127.0.0.1:${ports.prometheus}/`,
    `--bridge=http://127.0.0.1:${ports.page}/`,
    '--settle=30',
  ];
  return new Promise((resolve) => {
    execFile(process.execPath, args, (error, out, err) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
      resolve({ code, out: out + err });
    });
  });
}
