#!/usr/bin/env node
import { CliError } from './cli-error.ts';
import { runCli } from './cli.ts';
import { EXIT } from './exit-code.ts';
import { createTerminal } from './output/terminal.ts';

const terminal = createTerminal(process.stdout, process.stderr);
const interrupt = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    // The first asks for a graceful end with totals; whoever asks twice does not want to wait.
    if (interrupt.signal.aborted) process.exit(EXIT.interrupted);
    interrupt.abort();
  });
}

// A reader that has seen enough (`| head`) closes the pipe: that ends the output and is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  interrupt.abort();
});

const args = process.argv.slice(2);
try {
  process.exitCode = await runCli(args, { terminal, interrupted: interrupt.signal, columns: process.stdout.columns });
} catch (error) {
  process.exitCode = report(error);
}

function report(error: unknown): number {
  if (!(error instanceof CliError)) {
    terminal.err(
      `nanometer: internal error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    );
    return EXIT.internal;
  }
  const { code, message, hint, exitCode } = error;
  if (args.includes('--json')) terminal.out(JSON.stringify({ error: { code, message, hint } }));
  terminal.err(`nanometer: ${message}${hint === undefined ? '' : `\n  ${hint}`} [${code}]`);
  return exitCode;
}
