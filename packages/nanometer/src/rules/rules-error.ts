import { AlertingError, FileProblems, type Problem } from '@nanometer/alerting';
import { CliError } from '../cli-error.ts';
import { EXIT } from '../exit-code.ts';

/** A mistake in a file of the user's, for the terminal; anything else is thrown on. */
export function rulesError(error: unknown): CliError & { readonly problems: readonly Partial<Problem>[] } {
  if (!(error instanceof AlertingError)) throw error;
  const problems = error instanceof FileProblems ? error.problems : [{ message: error.message }];
  return Object.assign(new CliError(error.code, EXIT.config, error.message), { problems });
}
