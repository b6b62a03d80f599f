import { CliError } from './cli-error.ts';
import type { Command, Surroundings } from './commands/command.ts';
import { demo } from './commands/demo.ts';
import { doctor } from './commands/doctor.ts';
import { ledger } from './commands/ledger.ts';
import { query } from './commands/query.ts';
import { rules } from './commands/rules.ts';
import { top } from './commands/top.ts';
import { up } from './commands/up.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { helpText } from './options/help-text.ts';
import { nearest } from './options/nearest.ts';
import { VERSION } from './version.ts';

const COMMANDS: ReadonlyMap<string, Command> = new Map([
  ['up', up],
  ['demo', demo],
  ['ledger', ledger],
  ['doctor', doctor],
  ['top', top],
  ['query', query],
  ['rules', rules],
]);

/** Runs one command line (without node and script) and resolves with the exit status; rejects with a `CliError` for what the user can mend. */
export async function runCli(args: readonly string[], surroundings: Surroundings): Promise<ExitCode> {
  const [name, ...rest] = args;
  if (name === undefined || name === '--help' || name === 'help') {
    surroundings.terminal.out(overview());
    return name === undefined ? EXIT.usage : EXIT.ok;
  }
  if (name === '--version') {
    surroundings.terminal.out(VERSION);
    return EXIT.ok;
  }
  const command = COMMANDS.get(name);
  if (command === undefined) {
    const guess = nearest(name, [...COMMANDS.keys()]);
    const hint =
      guess === undefined ? `commands: ${[...COMMANDS.keys()].join(', ')}` : `did you mean "nanometer ${guess}"?`;
    throw new CliError('UNKNOWN_COMMAND', EXIT.usage, `unknown command "${name}"`, hint);
  }
  if (rest.includes('--help')) {
    surroundings.terminal.out(helpText(command.help));
    return EXIT.ok;
  }
  return command.run(rest, surroundings);
}

function overview(): string {
  const rows = [...COMMANDS].map(([name, { help }]) => `  nanometer ${name.padEnd(6)}  ${help.summary}`);
  return [
    'OpenTelemetry metrics at nanosecond cost, made for trading systems.',
    '',
    ...rows,
    '',
    'nanometer COMMAND --help says more.',
  ].join('\n');
}
