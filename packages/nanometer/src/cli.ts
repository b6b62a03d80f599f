import { CliError } from './cli-error.ts';
import type { Command, Surroundings } from './commands/command.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { helpText, section } from './options/help-text.ts';
import { nearest } from './options/nearest.ts';
import { VERSION } from './version.ts';

/**
 * By name, and loaded when they are called for; each in turn loads what it runs once its options are read: servers take a second to
 * load, which no help and no mistyped option needs.
 */
const COMMANDS: ReadonlyMap<string, () => Promise<Command>> = new Map([
  ['up', async () => (await import('./commands/up.ts')).up],
  ['demo', async () => (await import('./commands/demo.ts')).demo],
  ['ledger', async () => (await import('./commands/ledger.ts')).ledger],
  ['doctor', async () => (await import('./commands/doctor.ts')).doctor],
  ['top', async () => (await import('./commands/top.ts')).top],
  ['query', async () => (await import('./commands/query.ts')).query],
  ['rules', async () => (await import('./commands/rules.ts')).rules],
]);

/** Runs one command line (without node and script) and resolves with the exit status; rejects with a `CliError` for what the user can mend. */
export async function runCli(args: readonly string[], surroundings: Surroundings): Promise<ExitCode> {
  // `help COMMAND` is how git, npm and docker are asked, too.
  const [name, ...rest] = args[0] === 'help' && args.length > 1 ? [...args.slice(1), '--help'] : args;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    surroundings.terminal.out(await overview(surroundings.columns));
    return name === undefined ? EXIT.usage : EXIT.ok;
  }
  if (name === '--version' || name === '-V' || name === '-v' || name === 'version') {
    surroundings.terminal.out(VERSION);
    return EXIT.ok;
  }
  const command = await COMMANDS.get(name)?.();
  if (command === undefined) {
    const guess = nearest(name, [...COMMANDS.keys()]);
    const hint =
      guess === undefined ? `commands: ${[...COMMANDS.keys()].join(', ')}` : `did you mean "nanometer ${guess}"?`;
    throw new CliError('UNKNOWN_COMMAND', EXIT.usage, `unknown command "${name}"`, hint);
  }
  if (rest.includes('--help') || rest.includes('-h')) {
    surroundings.terminal.out(helpText(command.help, surroundings.columns));
    return EXIT.ok;
  }
  return command.run(rest, surroundings);
}

async function overview(columns: number | undefined): Promise<string> {
  const row = async ([name, load]: readonly [string, () => Promise<Command>]): Promise<readonly [string, string]> => [
    `nanometer ${name}`,
    (await load()).help.summary,
  ];
  const rows = await Promise.all([...COMMANDS].map(row));
  return [
    'OpenTelemetry metrics at nanosecond cost, made for trading systems.',
    ...section('Commands', rows, columns ?? Number.POSITIVE_INFINITY),
    '',
    'nanometer COMMAND --help says more.',
  ].join('\n');
}
