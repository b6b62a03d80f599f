import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Failed, Notice, StopRequest } from '@nanometer/demo';
import { CliError } from '../cli-error.ts';
import { type ExitCode, EXIT } from '../exit-code.ts';

type Report = { readonly type: string } | Failed | Notice;

/** A forked process of the demo that reports by messages. */
export interface Child<R extends Report> {
  /** Resolves with the first report of a type; rejects with the child's failure when it fails or ends before that. */
  first<T extends R['type']>(type: T): Promise<Extract<R, { type: T }>>;
  /** Asks for a graceful end: the slice under way, flush, totals. */
  stop(): void;
  /** Ends it at once. */
  kill(): void;
}

/**
 * Forks an entry point of @nanometer/demo and sends it `start`. The child gets a process group of its own, so that
 * Ctrl-C reaches only the parent, which then stops its children in order; a child whose parent is gone ends itself.
 */
export function startChild<R extends Report>(
  name: string,
  entry: string,
  start: object,
  onReport: (report: R) => void,
): Child<R> {
  const process = fork(fileURLToPath(import.meta.resolve(entry)), { detached: true, execArgv: [] });
  const reports: R[] = [];
  const waiting = new Map<string, { resolve: (report: R) => void; reject: (error: Error) => void }[]>();
  let failure: Error | undefined;

  const fail = (error: Error): void => {
    failure ??= error;
    for (const waiters of waiting.values()) for (const { reject } of waiters) reject(failure);
    waiting.clear();
  };
  process.on('message', (message) => {
    const report = message as R;
    if (report.type === 'failed') fail(failureOf(report as Failed));
    reports.push(report);
    for (const { resolve } of waiting.get(report.type) ?? []) resolve(report);
    waiting.delete(report.type);
    onReport(report);
  });
  process.on('error', (error) => fail(new CliError('CHILD_FAILED', EXIT.internal, `the ${name}: ${error.message}`)));
  process.on('exit', (code, signal) => {
    const how = signal === null ? `with exit code ${code}` : `by ${signal}`;
    fail(new CliError('CHILD_ENDED', EXIT.internal, `the ${name} ended ${how} before it was done`));
  });
  process.send(start);

  return {
    first: (type) =>
      new Promise((resolve, reject) => {
        const seen = reports.find((report) => report.type === type);
        if (seen !== undefined) resolve(seen as Extract<R, { type: typeof type }>);
        else if (failure !== undefined) reject(failure);
        else {
          const waiters = waiting.get(type) ?? [];
          waiters.push({ resolve: resolve as (report: R) => void, reject });
          waiting.set(type, waiters);
        }
      }),
    stop: () => {
      if (process.connected) process.send({ type: 'stop' } satisfies StopRequest);
    },
    kill: () => process.kill('SIGKILL'),
  };
}

const EXIT_BY_CODE: Readonly<Record<string, ExitCode>> = {
  port_in_use: EXIT.temporary,
  invalid_option: EXIT.usage,
  exchange_unreachable: EXIT.unreachable,
  exchange_lost: EXIT.unreachable,
  protocol: EXIT.internal,
  internal: EXIT.internal,
};

/** What would be right, by the option of the desk that its message begins with. */
const HINTS: Readonly<Record<string, string>> = {
  stateDirectory: 'choose another folder with --state DIR',
  walDirectory: 'choose another folder with --wal DIR',
};

// What is left are the codes of ReplayError: input that cannot be read.
function failureOf({ code, message }: Failed): CliError {
  const option = /^\w+(?=: )/.exec(message)?.[0] ?? '';
  return new CliError(code.toUpperCase(), EXIT_BY_CODE[code] ?? EXIT.config, message, HINTS[option]);
}
