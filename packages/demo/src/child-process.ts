import { codeOf } from './errors.ts';
import type { DeskReport, ExchangeReport, Failed, StopRequest } from './options.ts';

/** A forked process's connection to its parent. */
export interface ParentLink<Start, Report> {
  /** Resolves with the parent's first message. */
  readonly start: Promise<Start>;
  /** Sends a report; does nothing when the parent is gone. */
  send(report: Report): void;
  /** Called on the parent's `stop`, and when the parent is gone. */
  onStop(stop: () => void): void;
  /** Ends the process when everything sent has reached the parent. */
  exit(code: number): void;
}

/** Connects a forked process to its parent. */
export function connectToParent<Start, Report extends ExchangeReport | DeskReport>(): ParentLink<Start, Report> {
  let stop: (() => void) | undefined;
  let stopped = false;
  const start = new Promise<Start>((resolve) => {
    process.on('message', (message: { type: string }) => {
      if (message.type === 'start') resolve(message as Start);
      else if (message.type === ('stop' satisfies StopRequest['type'])) onStopRequest();
    });
  });
  const onStopRequest = (): void => {
    stopped = true;
    stop?.();
  };
  process.on('disconnect', onStopRequest);
  // The parent decides what Ctrl-C means: both processes get the signal, and the parent then asks for a graceful end.
  process.on('SIGINT', () => undefined);
  return {
    start,
    send: (report) => {
      if (process.connected) process.send?.(report);
    },
    onStop: (callback) => {
      stop = callback;
      if (stopped) callback();
    },
    exit: (code) => {
      process.exitCode = code;
      if (process.connected) process.disconnect();
    },
  };
}

/** The report of an error that ended the process. */
export function failureOf(error: unknown): Failed {
  const code = codeOf(error);
  if (!(error instanceof Error)) return { type: 'failed', code, message: String(error) };
  // The stack is for our own bugs; a user's mistake is told by its message.
  return { type: 'failed', code, message: code === 'internal' ? (error.stack ?? error.message) : error.message };
}
