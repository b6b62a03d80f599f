import { parseArgs } from 'node:util';
import { CliError } from '../cli-error.ts';
import { EXIT } from '../exit-code.ts';
import { nearest } from './nearest.ts';
import { type OptionTable, type OptionValues, ValueError } from './option.ts';

/** A command line, read: the words among the options, in their order, and the values of the options. */
export interface Arguments<Table extends OptionTable> {
  readonly words: readonly string[];
  readonly options: OptionValues<Table>;
}

/**
 * Reads a command's arguments against its table. Unknown options, missing or surplus values, values that cannot be
 * read and stray words are usage errors that name the option and say what would be right.
 */
export function parseOptions<Table extends OptionTable>(args: readonly string[], table: Table): OptionValues<Table> {
  const { words, options } = parseArguments(args, table);
  if (words.length > 0) throw unexpected(words[0]);
  return options;
}

/** The error for a word that a command has no use for. */
export function unexpected(word: string | undefined): CliError {
  return usage('UNEXPECTED_ARGUMENT', `unexpected argument "${word}"`, 'options start with "--"');
}

/** The same for a command that takes words, such as files: they may stand before, between and after the options. */
export function parseArguments<Table extends OptionTable>(args: readonly string[], table: Table): Arguments<Table> {
  const { tokens } = parseArgs({
    args: [...args],
    strict: false,
    tokens: true,
    allowPositionals: true,
    options: Object.fromEntries(
      Object.entries(table).map(([name, spec]) => [name, { type: spec.value === undefined ? 'boolean' : 'string' }]),
    ),
  });
  const words: string[] = [];
  const values: Record<string, unknown> = {};
  for (const [name, spec] of Object.entries(table)) values[name] = spec.default;
  for (const token of tokens) {
    if (token.kind === 'option-terminator') continue;
    if (token.kind === 'positional') words.push(token.value);
    else values[token.name] = readOption(token.name, token.rawName, token.value, table);
  }
  return { words, options: values as OptionValues<Table> };
}

function readOption(name: string, rawName: string, given: string | undefined, table: OptionTable): unknown {
  const spec = Object.hasOwn(table, name) ? table[name] : undefined;
  if (spec === undefined || rawName !== `--${name}`) {
    const guess = nearest(name, Object.keys(table));
    const hint = guess === undefined ? 'see --help for the options' : `did you mean "--${guess}"?`;
    throw usage('UNKNOWN_OPTION', `unknown option "${rawName}"`, hint);
  }
  if (spec.value === undefined) {
    if (given !== undefined) throw usage('SURPLUS_VALUE', `--${name} is a flag and takes no value`);
    return spec.read('');
  }
  if (given === undefined) throw usage('MISSING_VALUE', `--${name} needs a value: --${name} ${spec.value}`);
  try {
    return spec.read(given);
  } catch (error) {
    if (!(error instanceof ValueError)) throw error;
    throw usage('INVALID_VALUE', `--${name} cannot be "${given}"`, `expected ${error.message}`);
  }
}

function usage(code: string, message: string, hint?: string): CliError {
  return new CliError(code, EXIT.usage, message, hint);
}
