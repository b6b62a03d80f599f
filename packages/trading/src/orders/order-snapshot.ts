import { QuantError, type Side, TapeReader, TapeWriter } from '@nanometer/quant';
import type { Order } from './order.ts';

/** One tracked order as plain data. */
export interface TrackedOrder {
  readonly id: string;
  readonly exchange: string;
  readonly symbol: string;
  readonly strategy: string;
  readonly side: Side;
  readonly type: string;
  readonly timeInForce: string;
  readonly parentId: string | undefined;
  readonly acknowledged: boolean;
  readonly hasFill: boolean;
  readonly ended: boolean;
  /** Handle of the position of its latest fill. */
  readonly position: number | undefined;
  readonly cells: readonly number[];
}

/** Orders as plain data, ended ones first, and the attribute values that were let pass. */
export interface OrdersSnapshot {
  readonly orders: readonly TrackedOrder[];
  readonly types: readonly string[];
  readonly timesInForce: readonly string[];
  readonly reasons: readonly string[];
}

/** Takes an order down; one that is tracked has a series. */
export function trackedOrder(order: Order): TrackedOrder {
  const { id, side, type, timeInForce, parentId, acknowledged, hasFill, ended, position, series } = order;
  const tape = new TapeWriter();
  order.carry(tape);
  return {
    id,
    exchange: series?.exchange ?? '',
    symbol: series?.symbol ?? '',
    strategy: series?.strategy ?? '',
    side,
    type,
    timeInForce,
    parentId,
    acknowledged,
    hasFill,
    ended,
    position: position?.handle,
    cells: tape.numbers,
  };
}

/** Puts the numbers of an order back. Throws a `QuantError` `invalid_snapshot`. */
export function restoreCells(order: Order, { id, cells }: TrackedOrder): void {
  const tape = new TapeReader(`order ${id}`, cells);
  order.carry(tape);
  tape.end();
  if (!(order.quantity > 0)) throw new QuantError('invalid_snapshot', `order ${id} of the snapshot has no quantity`);
}
