/** What the process's exit status means; the same table is printed by `--help`. */
export const EXIT: {
  readonly ok: 0;
  readonly findings: 1;
  readonly usage: 2;
  readonly unreadable: 3;
  readonly unreachable: 69;
  readonly internal: 70;
  readonly temporary: 75;
  readonly config: 78;
  readonly interrupted: 130;
} = {
  ok: 0,
  findings: 1,
  usage: 2,
  unreadable: 3,
  unreachable: 69,
  internal: 70,
  temporary: 75,
  config: 78,
  interrupted: 130,
};

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** One line per status, for `--help` and the README. */
export const EXIT_MEANINGS: readonly (readonly [ExitCode, string])[] = [
  [EXIT.ok, 'done'],
  [
    EXIT.findings,
    'done, with a finding: totals differ, something was dropped or is missing, a check or a rule test failed, nothing was found',
  ],
  [EXIT.usage, 'unknown command or option, or an option with a value it cannot take'],
  [EXIT.unreadable, 'a hop of the ledger cannot be read, or wants another token'],
  [EXIT.unreachable, 'something that has to be reached is not there, or wants another token'],
  [EXIT.internal, 'a fault of ours'],
  [EXIT.temporary, 'a resource is taken, such as a port; try again'],
  [EXIT.config, 'input or configuration that cannot be read'],
  [EXIT.interrupted, 'interrupted twice'],
];
