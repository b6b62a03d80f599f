import { EXIT_MEANINGS } from '../exit-code.ts';
import type { OptionTable } from './option.ts';

/** What `--help` of a command prints: usage, examples first, options with defaults, exit codes. */
export interface CommandHelp {
  readonly usage: string;
  readonly summary: string;
  readonly examples: readonly (readonly [command: string, meaning: string])[];
  readonly options: OptionTable;
}

/** Fewer columns than this beside the left column, and what is said goes below it. */
const COLUMNS_BESIDE_MIN = 40;

/** For a terminal of so many `columns`; undefined where there is none, such as a pipe: each row is one line then. */
export function helpText({ usage, summary, examples, options }: CommandHelp, columns?: number): string {
  const width = columns ?? Number.POSITIVE_INFINITY;
  const optionRows = Object.entries(options).map(([name, spec]) => {
    const fallback =
      spec.default === undefined || spec.default === false ? '' : ` (default ${spec.default as string | number})`;
    return [`--${name}${spec.value === undefined ? '' : ` ${spec.value}`}`, `${spec.help}${fallback}`] as const;
  });
  return [
    `Usage: ${usage}`,
    '',
    ...wrapped(summary, width),
    ...section('Examples', examples, width),
    ...section('Options', optionRows, width),
    ...section(
      'Exit codes',
      EXIT_MEANINGS.map(([code, meaning]) => [String(code), meaning] as const),
      width,
    ),
  ].join('\n');
}

/** Rows of two columns: beside each other where there is room for the right one, else below each other. */
export function section(title: string, rows: readonly (readonly [string, string])[], columns: number): string[] {
  const left = Math.max(...rows.map(([each]) => each.length));
  const beside = columns - left - 4;
  const row =
    beside >= COLUMNS_BESIDE_MIN || left < COLUMNS_BESIDE_MIN / 4
      ? ([name, meaning]: readonly [string, string]): string[] =>
          wrapped(meaning, beside).map((line, index) => `  ${(index === 0 ? name : '').padEnd(left)}  ${line}`)
      : ([name, meaning]: readonly [string, string]): string[] => [
          `  ${name}`,
          ...wrapped(meaning, columns - 6).map((line) => `      ${line}`),
        ];
  return ['', `${title}:`, ...rows.flatMap(row)];
}

/** In lines of at most `columns`, broken at spaces; a longer word has a line of its own, so that it can be copied. */
function wrapped(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > columns) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}
