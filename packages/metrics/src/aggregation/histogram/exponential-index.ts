import {
  EXPONENT_BIAS,
  HIGH,
  HIGH_SIGNIFICAND_BITS,
  HIGH_SIGNIFICAND_MASK,
  LOW,
  MEASUREMENT,
  WORDS,
} from '../measurement.ts';

const words = WORDS;
const lower = LOW;

// Bucket i of scale s holds (2^(i / 2^s), 2^((i + 1) / 2^s)]. Halving the scale merges pairs of buckets, so the index
// at a smaller scale is the index at a larger one shifted right: one table at scale 10 serves every scale up to 10.

export const MAX_SCALE = 20;
export const MIN_SCALE = -10;
/** Scale of the table. */
export const TABLE_SCALE = 10;

// Constants of this module for the hot function below.
const SCALE_BITS = TABLE_SCALE;
const SIGNIFICAND_BITS = HIGH_SIGNIFICAND_BITS;
const SIGNIFICAND_MASK = HIGH_SIGNIFICAND_MASK;
const BIAS = EXPONENT_BIAS;

const STEPS = 1 << TABLE_SCALE;
/** Cells are half as wide as the narrowest bucket (ln 2 / 1024), so that a cell contains at most one boundary. */
const CELL_BITS = TABLE_SCALE + 1;
const CELL_SHIFT = HIGH_SIGNIFICAND_BITS - CELL_BITS;
/** Upper half of the smallest normal double; below it are subnormal ones and zero. */
export const LOWEST_NORMAL_HIGH = 0x00100000;

/** Binary digits after the point of the fixed-point numbers below; the error of any boundary is under 2^-110. */
const PRECISION = 128n;

function squareRoot(value: bigint): bigint {
  let root = 1n << BigInt((value.toString(2).length + 1) >> 1);
  for (;;) {
    const next = (root + value / root) >> 1n;
    if (next >= root) return root;
    root = next;
  }
}

/** 2^(1 / 2^power), 2^(2 / 2^power), ... as fixed-point numbers, beginning with 1. */
function powersOfRoot(power: number, count: number): bigint[] {
  let root = 2n << PRECISION;
  for (let i = 0; i < power; i++) root = squareRoot(root << PRECISION);
  const powers = [1n << PRECISION];
  for (let i = 1; i < count; i++) powers.push((powers[i - 1]! * root) >> PRECISION);
  return powers;
}

interface ScaleTable {
  /**
   * Per cell: the number of boundaries below the cell (upper bits) and, in the lower 20 bits, the upper significand
   * bits of the boundary in the cell (all ones and unreachable where the cell has none).
   */
  readonly cells: Int32Array;
  /** Lower 32 bits of the boundary in the cell, rounded down: a double is above the boundary iff above these bits. */
  readonly lows: Uint32Array;
  /** 2^(k / 2^10) and 2^(k / 2^20) for k < 1024. */
  readonly coarse: readonly bigint[];
  readonly fine: readonly bigint[];
}

function buildTable(): ScaleTable {
  const coarse = powersOfRoot(TABLE_SCALE, STEPS);
  const cells = new Int32Array(1 << CELL_BITS);
  const lows = new Uint32Array(1 << CELL_BITS);
  let below = 0;
  for (let cell = 0; cell < cells.length; cell++) {
    const significand = below < STEPS ? (coarse[below]! - (1n << PRECISION)) >> (PRECISION - 52n) : 1n << 52n;
    if (Number(significand >> BigInt(52 - CELL_BITS)) === cell) {
      cells[cell] = (below << HIGH_SIGNIFICAND_BITS) | Number(significand >> 32n);
      lows[cell] = Number(significand & 0xffffffffn);
      below++;
    } else {
      cells[cell] = (below << HIGH_SIGNIFICAND_BITS) | HIGH_SIGNIFICAND_MASK;
      lows[cell] = 0xffffffff;
    }
  }
  return { cells, lows, coarse, fine: powersOfRoot(MAX_SCALE, STEPS) };
}

// Built on the first exponential histogram (about a millisecond), not on import.
let built: ScaleTable | undefined;

/** The table's cells; hot code keeps them in a field. */
export function scaleTableCells(): Int32Array {
  return (built ??= buildTable()).cells;
}

/**
 * Bucket index at scale 10 of `MEASUREMENT`, which is normal and positive, given its upper half; exact for every double,
 * as no logarithm is involved.
 */
export function indexAtTableScale(high: number, cells: Int32Array): number {
  const significand = high & SIGNIFICAND_MASK;
  const packed = cells[significand >>> CELL_SHIFT]!;
  const boundary = packed & SIGNIFICAND_MASK;
  // Boundaries below the value, minus one, is the bucket; an exact 1.0 has none and belongs to the octave before.
  let below = packed >>> SIGNIFICAND_BITS;
  if (significand > boundary) below++;
  else if (significand === boundary && words[lower]! > built!.lows[significand >>> CELL_SHIFT]!) below++;
  return (((high >>> SIGNIFICAND_BITS) - BIAS) << SCALE_BITS) + below - 1;
}

/** Distance from a whole number (in buckets of scale 20) within which a logarithm in doubles may be wrong. */
const LOGARITHM_DOUBT = 2 ** -20;

/** Boundaries 2^(k / 2^20), k < 2^20, below a significand in [1, 2); exact. */
function boundariesBelow(significand: number): number {
  if (significand === 1) return 0;
  const position = Math.log2(significand) * 2 ** MAX_SCALE;
  const nearest = Math.round(position);
  if (Math.abs(position - nearest) > LOGARITHM_DOUBT) return Math.floor(position) + 1;
  if (nearest >= 2 ** MAX_SCALE) return 2 ** MAX_SCALE;
  const { coarse, fine } = (built ??= buildTable());
  const boundary = (coarse[nearest >> TABLE_SCALE]! * fine[nearest & (STEPS - 1)]!) >> PRECISION;
  const exact = BigInt(significand * 2 ** 52) << (PRECISION - 52n);
  return exact > boundary ? nearest + 1 : nearest;
}

/** Bucket index at scale 20 of `MEASUREMENT`, finite and > 0; exact, and slower than the table. */
export function indexAtMaxScale(): number {
  const high = WORDS[HIGH]!;
  if (high < LOWEST_NORMAL_HIGH) return ((1 - EXPONENT_BIAS) << MAX_SCALE) - 1;
  WORDS[HIGH] = (high & HIGH_SIGNIFICAND_MASK) | (EXPONENT_BIAS << HIGH_SIGNIFICAND_BITS);
  const below = boundariesBelow(MEASUREMENT[0]!);
  WORDS[HIGH] = high;
  return ((high >>> HIGH_SIGNIFICAND_BITS) - EXPONENT_BIAS) * 2 ** MAX_SCALE + below - 1;
}
