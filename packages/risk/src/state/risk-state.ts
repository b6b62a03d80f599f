import { damagedState, type PortfolioSnapshot, QuantError, readState, stateLength, writeState } from '@nanometer/quant';
import type { KillSwitch } from '../limits/kill-switch.ts';
import type { LimitWatch } from '../limits/limit-watch.ts';
import type { StopBook, StopBookHead } from '../stops/stop-book.ts';
import type { TailRiskBook, TailRiskHead } from '../tail/tail-risk-book.ts';
import { append, StateNumbers } from './state-numbers.ts';

const MAGIC = 'NANORISK';
/** Raised with every change of what is written or of the order it is written in. */
const VERSION = 1;
const LIMIT_CELLS = 4;

/** Options that a state depends on: with others it would go on differently. */
export interface StateOptions {
  readonly reportingCurrency: string;
  readonly initialCapital: number;
  readonly scenarioCount: number;
}

/** What a state is of, beside the ledger. */
export interface StateParts {
  readonly tail: TailRiskBook;
  readonly stops: StopBook;
  readonly limits: readonly LimitWatch[];
  readonly killSwitch: KillSwitch;
}

interface RiskHead extends StateOptions {
  readonly currencies: readonly string[];
  readonly drawdownCells: number;
  readonly limits: readonly string[];
  readonly killSwitch: string | null;
  readonly tail: TailRiskHead;
  readonly stops: StopBookHead;
}

/** A state that was read: the portfolio's part, which comes first, and the rest, which needs the portfolio. */
export interface OpenedState {
  readonly portfolio: PortfolioSnapshot;
  /** Throws a `QuantError` `snapshot_damaged`. */
  restore(parts: StateParts): void;
}

/** Writes everything, the ledger's own snapshot at the end. */
export function writeRiskState(options: StateOptions, portfolio: PortfolioSnapshot, parts: StateParts): Uint8Array {
  const { reportingCurrency, initialCapital, scenarioCount } = options;
  const numbers: number[] = [];
  append(numbers, portfolio.sums);
  append(numbers, portfolio.drawdown);
  for (const limit of parts.limits) append(numbers, limit.snapshot());
  const head: RiskHead = {
    reportingCurrency,
    initialCapital,
    scenarioCount,
    currencies: portfolio.currencies,
    drawdownCells: portfolio.drawdown.length,
    limits: parts.limits.map(({ name }) => name),
    killSwitch: parts.killSwitch.reason ?? null,
    tail: parts.tail.write(numbers),
    stops: parts.stops.write(numbers),
  };
  const first = writeState(MAGIC, VERSION, { head, numbers: Float64Array.from(numbers) });
  const bytes = new Uint8Array(first.length + portfolio.ledger.length);
  bytes.set(first);
  bytes.set(portfolio.ledger, first.length);
  return bytes;
}

/** Throws a `QuantError`: `snapshot_damaged`, `snapshot_version`, or `snapshot_conflict` for other options. */
export function openRiskState(bytes: Uint8Array, options: StateOptions): OpenedState {
  const length = bytes instanceof Uint8Array ? stateLength(bytes) : Number.NaN;
  const { head, numbers } = readState(MAGIC, VERSION, Number.isNaN(length) ? bytes : bytes.subarray(0, length));
  const known = head as RiskHead;
  for (const name of ['reportingCurrency', 'initialCapital', 'scenarioCount'] as const) {
    if (known[name] === options[name]) continue;
    throw new QuantError(
      'snapshot_conflict',
      `the snapshot does not fit the options: its ${name} is ${String(known[name])}; set ${name} to suit it`,
    );
  }
  const from = new StateNumbers(numbers);
  return whole(() => {
    const portfolio = {
      currencies: known.currencies,
      // Two cells for each of realized P&L, costs and unrealized P&L.
      sums: from.take(known.currencies.length * 6),
      drawdown: from.take(known.drawdownCells),
      ledger: bytes.subarray(length),
    };
    return { portfolio, restore: (parts: StateParts) => whole(() => restore(known, from, parts)) };
  });
}

function restore(head: RiskHead, from: StateNumbers, { limits, killSwitch, tail, stops }: StateParts): void {
  for (const name of head.limits) {
    const cells = from.take(LIMIT_CELLS);
    // A limit that is no more is forgotten, and a new one begins.
    limits.find((limit) => limit.name === name)?.restore(cells);
  }
  tail.read(head.tail, from);
  stops.read(head.stops, from);
  from.end();
  if (head.killSwitch !== null) killSwitch.resume(head.killSwitch);
}

/** What is not of the form it should have is damage, wherever it shows. */
function whole<Result>(read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    if (error instanceof QuantError) throw error;
    return damagedState('its head is not that of a risk state');
  }
}
