import { type Recorded, SYMBOLS } from './workload.ts';

/** Where updates must arrive. */
export const OUTPUTS = ['prometheus', 'statsd', 'subscriber', 'lossless'] as const;
export type Output = (typeof OUTPUTS)[number];

/** What one life of the desk recorded, from its own file. */
export interface LifeTruth {
  readonly life: number;
  readonly begun: number;
  readonly durable: number;
  /** Exports that the log took: as many points of every series. */
  readonly exports: number;
  /** No two of them can have the same time, since the clock was not set back. */
  readonly timesUnique: boolean;
  /** Totals after each batch; index 0 is nothing. */
  readonly totals: readonly Recorded[];
}

/** What an output ended with, by life. */
export type Arrived = ReadonlyMap<number, Recorded>;

/** Something that can make updates of some lives miss some outputs, and did happen. */
export interface Cause {
  readonly name: string;
  readonly outputs: readonly Output[];
  /** The lives it could touch. */
  readonly lives: ReadonlySet<number>;
  /** Takes any part of an export, not the whole: totals in between are then possible. */
  readonly partial?: true;
  /** What it may have made arrive twice, at most. */
  readonly repeatable?: Arrived;
}

/** Updates that an output lacks, or has twice, with what is known to have done it. */
export interface Missing {
  readonly output: Output;
  readonly life: number;
  readonly updates: number;
  readonly causes: readonly string[];
}

/** The verdict. */
export interface Comparison {
  /** Updates that the desk recorded in all lives. */
  readonly recorded: number;
  /** Of those, in no log yet when their life ended. */
  readonly notYetInLog: number;
  readonly missing: readonly Missing[];
  /** Updates that arrived twice, with what made them. */
  readonly repeated: readonly Missing[];
  /** Exports that Prometheus has no point of, although later ones made their updates arrive. */
  readonly pointsMissing: readonly Missing[];
  /** What no cause explains; empty when the run has passed. */
  readonly wrong: readonly string[];
}

const NOTHING: Recorded = { fills: SYMBOLS.map(() => 0), quantity: SYMBOLS.map(() => 0) };
const FIELDS = ['fills', 'quantity'] as const;
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/**
 * Holds what arrived against what the desk wrote down. Every number must be one that the desk had after some batch, at most
 * the last it had begun; below what its log had taken, a cause must name why. Which of the batches after the last confirmed
 * one the log still took is known from the output that has most.
 */
export function compare(
  lives: readonly LifeTruth[],
  arrived: Readonly<Record<Output, Arrived>>,
  causes: readonly Cause[],
  prometheusPoints: ReadonlyMap<number, number>,
): Comparison {
  const missing: Missing[] = [];
  const repeated: Missing[] = [];
  const pointsMissing: Missing[] = [];
  const wrong: string[] = [];
  let [recorded, notYetInLog] = [0, 0];
  for (const truth of lives) {
    const last = truth.totals[truth.begun] ?? NOTHING;
    const logged = loggedTotals(truth, arrived);
    recorded += sum(last.fills);
    const gap = truth.timesUnique ? truth.exports - (prometheusPoints.get(truth.life) ?? 0) : 0;
    if (gap > 0) {
      const able = causes.filter((cause) => cause.outputs.includes('prometheus') && cause.lives.has(truth.life));
      const names = able.map(({ name }) => name);
      if (names.length > 0) pointsMissing.push({ output: 'prometheus', life: truth.life, updates: gap, causes: names });
      else wrong.push(`prometheus, life ${truth.life}: no points of ${gap} of ${truth.exports} exports`);
    }
    notYetInLog += sum(last.fills) - sum(logged.fills);
    const short = Object.fromEntries(
      OUTPUTS.map((output) => [output, shortage(logged, arrived[output].get(truth.life) ?? NOTHING)]),
    ) as Record<Output, Shortage>;
    for (const output of OUTPUTS) {
      const able = causes.filter((cause) => cause.outputs.includes(output) && cause.lives.has(truth.life));
      const found = arrived[output].get(truth.life) ?? NOTHING;
      wrong.push(...impossible(truth, output, found, able));
      const excess = sum(found.fills.map((value, symbol) => Math.max(0, value - (last.fills[symbol] ?? 0))));
      const repeaters = able.filter((cause) => cause.repeatable !== undefined).map(({ name }) => name);
      if (excess > 0) repeated.push({ output, life: truth.life, updates: excess, causes: repeaters });
      if (!short[output].any) continue;
      // What was lost before the ways part is missing in all of its outputs: one that has it clears the cause.
      const credible = able.filter((cause) => cause.outputs.every((each) => short[each].any));
      const { updates } = short[output];
      if (credible.length === 0) {
        wrong.push(`${output}, life ${truth.life}: ${updates} updates are missing and nothing explains it`);
      } else {
        missing.push({ output, life: truth.life, updates, causes: credible.map(({ name }) => name) });
      }
    }
  }
  const known = new Set(lives.map(({ life }) => life));
  for (const output of OUTPUTS) {
    for (const life of arrived[output].keys()) if (!known.has(life)) wrong.push(`${output}: unknown life ${life}`);
  }
  return { recorded, notYetInLog, missing, repeated, pointsMissing, wrong };
}

/** The most that any output has of a life, at least what its log confirmed. */
function loggedTotals(truth: LifeTruth, arrived: Readonly<Record<Output, Arrived>>): Recorded {
  let logged = truth.totals[truth.durable] ?? NOTHING;
  for (let batch = truth.begun; batch > truth.durable; batch -= 1) {
    const totals = truth.totals[batch] ?? NOTHING;
    if (OUTPUTS.some((output) => equal(totals, arrived[output].get(truth.life) ?? NOTHING))) {
      logged = totals;
      break;
    }
  }
  return logged;
}

function equal(a: Recorded, b: Recorded): boolean {
  return FIELDS.every((field) => a[field].every((value, symbol) => value === b[field][symbol]));
}

interface Shortage {
  readonly any: boolean;
  readonly updates: number;
}

function shortage(logged: Recorded, found: Recorded): Shortage {
  let [any, updates] = [false, 0];
  for (const field of FIELDS) {
    for (const [symbol, expected] of logged[field].entries()) {
      const lacking = expected - (found[field][symbol] ?? 0);
      if (!(lacking > 0)) continue;
      any = true;
      if (field === 'fills') updates += lacking;
    }
  }
  return { any, updates };
}

function impossible(truth: LifeTruth, output: Output, found: Recorded, able: readonly Cause[]): string[] {
  const lines: string[] = [];
  const last = truth.totals[truth.begun] ?? NOTHING;
  for (const field of FIELDS) {
    for (const [symbol, name] of SYMBOLS.entries()) {
      const value = found[field][symbol] ?? 0;
      const twice = sum(able.map(({ repeatable }) => repeatable?.get(truth.life)?.[field][symbol] ?? 0));
      const most = (last[field][symbol] ?? 0) + twice;
      const where = `${output}, life ${truth.life}, ${field} of ${name}`;
      if (!(value <= most)) lines.push(`${where}: ${value}, but only ${most} was recorded`);
      else if (!able.some(({ partial }) => partial) && !everHad(truth, field, symbol, value)) {
        lines.push(`${where}: ${value}, which the desk never had after a batch`);
      }
    }
  }
  return lines;
}

function everHad(truth: LifeTruth, field: (typeof FIELDS)[number], symbol: number, value: number): boolean {
  // Totals only grow, so the search could be binary; a life has some hundred batches.
  return truth.totals.some((totals) => totals[field][symbol] === value);
}
