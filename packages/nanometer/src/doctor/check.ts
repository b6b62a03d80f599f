import { printable } from '../output/printable.ts';

/** How a check came out: `warn` works but deserves a look, `skip` was not asked for or does not apply. */
export type CheckStatus = 'ok' | 'warn' | 'fail' | 'skip';

/** One line of the doctor's report. */
export interface Check {
  /** Stable, for programs. */
  readonly id: string;
  readonly status: CheckStatus;
  readonly detail: string;
  /** What to do about it. */
  readonly fix?: string;
  /** Milliseconds it took, where that says something. */
  readonly durationMs?: number;
}

const MARKS: Readonly<Record<CheckStatus, string>> = { ok: '✓', warn: '!', fail: '✗', skip: '–' };

/** A check as a line for people, and the way to mend it on the next. */
export function checkText({ id, status, detail, fix, durationMs }: Check): string {
  const took =
    durationMs === undefined ? '' : ` (${durationMs < 10 ? durationMs.toFixed(1) : Math.round(durationMs)} ms)`;
  const line = `${MARKS[status]} ${id.padEnd(20)} ${printable(detail)}${took}`;
  return fix === undefined ? line : `${line}\n    ${fix}`;
}
