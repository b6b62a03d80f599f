/** One option of a command: how it is read and what `--help` says of it. */
export interface OptionSpec<T = unknown> {
  /** The placeholder in `--help`, such as `HOST:PORT`; without it the option is a flag. */
  readonly value?: string;
  readonly help: string;
  /** Turns the text into a value. Throws a `ValueError` that says what would be right. */
  readonly read: (text: string) => T;
  /** Shown in `--help`; the command applies it. */
  readonly default?: T;
}

/** The table of a command's options, by name without dashes. */
export type OptionTable = Readonly<Record<string, OptionSpec>>;

/** What a command receives: the value of every option given, and the default of those that have one. */
export type OptionValues<Table extends OptionTable> = {
  readonly [Name in keyof Table]: Table[Name] extends { readonly default: infer D }
    ? D extends undefined
      ? ReturnType<Table[Name]['read']> | undefined
      : ReturnType<Table[Name]['read']>
    : ReturnType<Table[Name]['read']> | undefined;
};

/** Thrown by `read`; the parser adds which option it was. */
export class ValueError extends Error {
  constructor(expected: string) {
    super(expected);
    this.name = 'ValueError';
  }
}
