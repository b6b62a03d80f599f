import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';

/** What the command was asked for. */
export interface FaultOptions {
  readonly seed: number;
  readonly faults: number;
  /** Runs with one seed after the other for so long; 0 is one run. */
  readonly hours: number;
  readonly json: boolean;
  /** Keeps the folder of the run. */
  readonly keep: boolean;
}

/** A whole deck of the plan: every kind of fault, and every process killed. */
const DEFAULT_FAULTS = 26;
const SEED_LIMIT = 2 ** 31;

/** Reads the arguments. Throws with the option's name and what would be right. */
export function faultOptions(args: readonly string[], draw: () => number = () => randomInt(SEED_LIMIT)): FaultOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seed: { type: 'string' },
      faults: { type: 'string' },
      hours: { type: 'string' },
      json: { type: 'boolean', default: false },
      keep: { type: 'boolean', default: false },
    },
  });
  return {
    seed: values.seed === undefined ? draw() : whole('seed', values.seed, 0, SEED_LIMIT - 1),
    faults: values.faults === undefined ? DEFAULT_FAULTS : whole('faults', values.faults, 0, 10_000),
    hours: values.hours === undefined ? 0 : positive('hours', values.hours),
    json: values.json,
    keep: values.keep,
  };
}

function whole(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  throw new Error(`--${name} is "${text}"; a whole number from ${least} to ${most} is needed`);
}

function positive(name: string, text: string): number {
  const value = Number(text);
  if (value > 0 && Number.isFinite(value)) return value;
  throw new Error(`--${name} is "${text}"; a number above 0 is needed`);
}
