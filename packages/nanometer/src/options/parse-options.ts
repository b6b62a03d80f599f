import { parseArgs } from 'node:util';
import { CliError } from '../cli-error.ts';
import { EXIT } from '../exit-code.ts';
import { nearest } from './nearest.ts';
import { type OptionTable, type OptionValues, ValueError } from './option.ts';

/**
 * Reads a command's arguments against its table. Unknown options, missing or surplus values, values that cannot be
 * read and stray words are usage errors that name the option and say what would be right.
 */
export function parseOptions<Table extends OptionTable>(args: readonly string[], table: Table): OptionValues<Table> {
  const { tokens } = parseArgs({
    args: [...args],
    strict: false,
    tokens: true,
    allowPositionals: true,
    options: Object.fromEntries(
      Object.entries(table).map(([name, spec]) => [name, { type: spec.value === undefined ? 'boolean' : 'string' }]),
    ),
  });
  const values: Record<string, unknown> = {};
  for (const [name, spec] of Object.entries(table)) values[name] = spec.default;
  for (const token of tokens) {
    if (token.kind === 'option-terminator') continue;
    if (token.kind === 'positional') {
      throw usage('UNEXPECTED_ARGUMENT', `unexpected argument "${token.value}"`, 'options start with "--"');
    }
    values[token.name] = readOption(token.name, token.rawName, token.value, table);
  }
  return values as OptionValues<Table>;
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
