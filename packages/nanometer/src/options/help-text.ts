import { EXIT_MEANINGS } from '../exit-code.ts';
import type { OptionTable } from './option.ts';

/** What `--help` of a command prints: usage, examples first, options with defaults, exit codes. */
export interface CommandHelp {
  readonly usage: string;
  readonly summary: string;
  readonly examples: readonly (readonly [command: string, meaning: string])[];
  readonly options: OptionTable;
}

export function helpText({ usage, summary, examples, options }: CommandHelp): string {
  const optionRows = Object.entries(options).map(([name, spec]) => {
    const fallback =
      spec.default === undefined || spec.default === false ? '' : ` (default ${spec.default as string | number})`;
    return [`--${name}${spec.value === undefined ? '' : ` ${spec.value}`}`, `${spec.help}${fallback}`] as const;
  });
  return [
    `Usage: ${usage}`,
    '',
    summary,
    ...section('Examples', examples),
    ...section('Options', optionRows),
    ...section(
      'Exit codes',
      EXIT_MEANINGS.map(([code, meaning]) => [String(code), meaning] as const),
    ),
  ].join('\n');
}

function section(title: string, rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length));
  return ['', `${title}:`, ...rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`)];
}
