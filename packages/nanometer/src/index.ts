export { CliError } from './cli-error.ts';
export { runCli } from './cli.ts';
export type { Surroundings } from './commands/command.ts';
export { EXIT, type ExitCode } from './exit-code.ts';
export { createTerminal, type Terminal } from './output/terminal.ts';
