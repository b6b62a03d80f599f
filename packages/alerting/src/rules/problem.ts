import { AlertingError, type AlertingErrorCode } from '../errors.ts';

/** One mistake in a file, with its place. */
export interface Problem {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
  /** Characters the caret line underlines, at least 1. */
  readonly length: number;
  readonly message: string;
}

const EXCERPT_MAX = 160;

/** `file:line:column: message`, the line itself and carets under the place. */
export function formatProblem({ file, line, column, length, message }: Problem, text: string): string {
  const whole = text.split('\n')[line - 1] ?? '';
  // Of a line that no screen holds, what is around the place.
  const from = whole.length <= EXCERPT_MAX ? 0 : Math.max(0, column - 1 - EXCERPT_MAX / 4);
  const excerpt = whole.slice(from, from + EXCERPT_MAX);
  const gutter = String(line);
  const carets = '^'.repeat(Math.max(1, Math.min(length, excerpt.length - (column - 1 - from))));
  return [
    `${file}:${line}:${column}: ${message}`,
    `  ${gutter} | ${excerpt}`,
    `  ${' '.repeat(gutter.length)} | ${' '.repeat(column - 1 - from)}${carets}`,
  ].join('\n');
}

/** A file with mistakes: all of them, in the order of their lines. */
export class FileProblems extends AlertingError {
  readonly problems: readonly Problem[];

  constructor(code: AlertingErrorCode, problems: readonly Problem[], text: string) {
    const sorted = [...problems].sort((a, b) => a.line - b.line || a.column - b.column);
    super(code, sorted.map((problem) => formatProblem(problem, text)).join('\n'));
    this.problems = sorted;
  }
}
