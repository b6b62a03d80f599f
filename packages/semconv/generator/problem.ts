/** One mistake in a model file, placed so that an editor can jump to it. */
export interface Problem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

export function formatProblem({ file, line, column, message }: Problem): string {
  return `${file}:${line}:${column}: ${message}`;
}

/** Thrown with every problem of every file at once, so that one run shows all there is to mend. */
export class ModelError extends Error {
  readonly code = 'SEMCONV_MODEL_INVALID';
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(problems.map(formatProblem).join('\n'));
    this.name = 'ModelError';
    this.problems = problems;
  }
}
