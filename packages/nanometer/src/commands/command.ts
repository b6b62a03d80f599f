import type { ExitCode } from '../exit-code.ts';
import type { CommandHelp } from '../options/help-text.ts';
import type { Terminal } from '../output/terminal.ts';

/** What a command runs with besides its options. */
export interface Surroundings {
  readonly terminal: Terminal;
  /** Aborted at the first interrupt: finish gracefully. */
  readonly interrupted: AbortSignal;
  /** Width of the terminal on standard output; left out where there is none. */
  readonly columns?: number | undefined;
}

/** A command of the `nanometer` binary. */
export interface Command {
  readonly help: CommandHelp;
  run(args: readonly string[], surroundings: Surroundings): Promise<ExitCode>;
}
