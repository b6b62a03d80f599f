import { type Side, type Tape, TapeReader, TapeWriter } from '@nanometer/quant';
import type { OrdersSnapshot } from '../orders/order-snapshot.ts';
import type { MarkoutKey } from './markout-group.ts';

/** Numbers of something that is known by its key. */
export interface Keyed<Key> {
  readonly key: Key;
  readonly numbers: readonly number[];
}

/** A market by its names. */
export interface MarketKey {
  readonly exchange: string;
  readonly symbol: string;
}

/** Markouts by group of fills, and alpha by strategy, exchange and currency (a JSON list of the three). */
export interface MarkoutsSnapshot {
  readonly groups: readonly Keyed<MarkoutKey>[];
  readonly alphas: readonly Keyed<string>[];
}

/** An open parent order; its numbers are quantity, prices at decision and arrival, and what was filled. */
export interface ParentSnapshot extends Keyed<string>, MarketKey {
  readonly strategy: string;
  readonly side: Side;
}

/** Orders, what waits for a horizon, and every sum behind a gauge of the execution: plain data fit for JSON. */
export interface ExecutionSnapshot {
  readonly orders: OrdersSnapshot;
  readonly parents: readonly ParentSnapshot[];
  /** Quotes, waiting fills and volume by market. */
  readonly markets: readonly Keyed<MarketKey>[];
  /** Time of the latest quote of any market. */
  readonly nowMs: number | null;
  readonly markouts: MarkoutsSnapshot;
  /** Order counts by exchange, symbol and strategy. */
  readonly venues: readonly Keyed<MarketKey & { readonly strategy: string }>[];
  /** By handle of the position. */
  readonly slippage: readonly Keyed<number>[];
  /** Jensen attribution by strategy, with its capital. */
  readonly attribution: readonly (Keyed<string> & { readonly capital: number | undefined })[];
}

/** What carries its numbers both ways. */
export interface Carried {
  carry(tape: Tape): void;
}

/** The numbers of something. */
export function taken(part: Carried): readonly number[] {
  const tape = new TapeWriter();
  part.carry(tape);
  return tape.numbers;
}

/** Gives numbers back to something like what they were taken of. Throws a `QuantError` `invalid_snapshot`. */
export function given(what: string, part: Carried, numbers: readonly number[]): void {
  const tape = new TapeReader(what, numbers);
  part.carry(tape);
  tape.end();
}
