/** Where something is, so that an editor can jump to it; lines and columns count from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** One mistake, at its place. */
export interface Problem extends Place {
  readonly message: string;
}

/** `file:line:column` */
export function formatPlace({ file, line, column }: Place): string {
  return `${file}:${line}:${column}`;
}

/** Thrown with every problem of every file at once, so that one run shows all there is to mend. */
export class ModelError extends Error {
  readonly code = 'SEMCONV_MODEL_INVALID';
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(problems.map((problem) => `${formatPlace(problem)}: ${problem.message}`).join('\n'));
    this.name = 'ModelError';
    this.problems = problems;
  }
}
