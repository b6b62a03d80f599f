import { positiveInteger, QuantError, reorderWindow } from '../errors.ts';
import type { RateBook } from './rate-book.ts';
import type { TradeGrouping } from './trade-grouper.ts';

/**
 * Which cost a reducing fill is set against: the average of what is open, its oldest lots first (`fifo`) or its newest
 * (`lifo`). P&L of a position that is flat again is the same for all three.
 */
export type CostMethod = 'average' | 'fifo' | 'lifo';

/** Method, limits and collaborators of a `PositionLedger`. */
export interface PositionLedgerOptions {
  /** Default `average`. */
  readonly costMethod?: CostMethod;
  /** Default `flat-to-flat`. */
  readonly tradeGrouping?: TradeGrouping;
  /**
   * How many of the latest fills, funding and borrow payments are remembered, to recognise duplicates and to correct
   * them. Default 65,536, at about 110 bytes each beside the ids.
   */
  readonly fillIdLimit?: number;
  /** Most positions ever opened; a fill that would open one more is refused. Default 65,536. */
  readonly positionLimit?: number;
  /** Most currencies, fee currencies included. Default 1,024. */
  readonly currencyLimit?: number;
  /**
   * Most open lots of all positions, where lots are kept (`fifo`, `lifo`, trades fill to fill); with more, lots of a
   * position are merged, and `mergedLots` counts it. Each position may have one beyond it. Default 262,144.
   */
  readonly lotLimit?: number;
  /**
   * A mark older than the contract's latest by at most this is out of order and refused; one that is older still means
   * that a clock was set back, and is taken. Default 10,000.
   */
  readonly reorderWindowMs?: number;
  /**
   * A mark price, or a touch, that is older by more than this than the latest price of its contract is passed over for
   * the next in order. Default: none is, whatever its age.
   */
  readonly markAgeLimitMs?: number;
  /**
   * Converts costs in a third currency (BNB, KCS), at its latest rate when they arrive. Without a rate they are left out
   * of the position's net P&L and counted, and their trade has no outcome; totals per currency are exact either way.
   */
  readonly rates?: RateBook;
}

/** Options with every default filled in. */
export interface LedgerSettings {
  readonly costMethod: CostMethod;
  readonly tradeGrouping: TradeGrouping;
  readonly fillIdLimit: number;
  readonly positionLimit: number;
  readonly currencyLimit: number;
  readonly lotLimit: number;
  readonly reorderWindowMs: number;
  readonly markAgeLimitMs: number;
  readonly rates: RateBook | undefined;
}

const METHODS: readonly CostMethod[] = ['average', 'fifo', 'lifo'];
const GROUPINGS: readonly TradeGrouping[] = ['flat-to-flat', 'flat-to-reduced', 'fill-to-fill'];

/** Throws a {@link QuantError} with code `invalid_option`. */
export function ledgerSettings(options: PositionLedgerOptions): LedgerSettings {
  const markAgeLimitMs = options.markAgeLimitMs ?? Number.POSITIVE_INFINITY;
  if (!(markAgeLimitMs >= 0)) {
    throw new QuantError('invalid_option', `markAgeLimitMs is ${String(markAgeLimitMs)}; it must be 0 or more`);
  }
  return {
    costMethod: oneOf('costMethod', options.costMethod ?? 'average', METHODS),
    tradeGrouping: oneOf('tradeGrouping', options.tradeGrouping ?? 'flat-to-flat', GROUPINGS),
    fillIdLimit: positiveInteger('fillIdLimit', options.fillIdLimit ?? 65_536),
    positionLimit: positiveInteger('positionLimit', options.positionLimit ?? 65_536),
    currencyLimit: positiveInteger('currencyLimit', options.currencyLimit ?? 1024),
    lotLimit: positiveInteger('lotLimit', options.lotLimit ?? 262_144),
    reorderWindowMs: reorderWindow(options.reorderWindowMs ?? 10_000),
    markAgeLimitMs,
    rates: options.rates,
  };
}

function oneOf<Value extends string>(name: string, value: Value, allowed: readonly Value[]): Value {
  if (allowed.includes(value)) return value;
  throw new QuantError(
    'invalid_option',
    `${name} is ${JSON.stringify(value)}; it must be one of ${allowed.join(', ')}`,
  );
}
