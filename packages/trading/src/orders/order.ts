import {
  carryCells,
  type CellTable,
  type Position,
  SHORTFALL_CELLS,
  ShortfallAccount,
  type Side,
  type Tape,
  type TradedVolume,
  VOLUME_MARK_CELLS,
} from '@nanometer/quant';
import type { OrderEvent } from './events.ts';
import type { OrderSeries } from './order-series.ts';

// Its doubles lie in one list for all orders; as fields each would be an object of its own.
const QUANTITY = 0;
const FILLED = 1;
const SENT_MS = 2;
const LIMIT_PRICE = 3;
const EXPECTED_PRICE = 4;
const DECISION_MID = 5;
const ARRIVAL_MID = 6;
const ACK_MID = 7;
const ACCOUNT = 8;
const VOLUME_MARK: number = ACCOUNT + SHORTFALL_CELLS;
/** Cells of an order. */
export const ORDER_CELLS: number = VOLUME_MARK + VOLUME_MARK_CELLS;

/** One order while it is tracked. Objects are reused: hold none beyond an event. */
export class Order {
  id = '';
  series: OrderSeries | undefined = undefined;
  acknowledged = false;
  hasFill = false;
  ended = false;
  older: Order = this;
  newer: Order = this;
  side: Side = 'buy';
  /** Bounded, as they become attributes; empty where there is none. */
  type = '';
  timeInForce = '';
  parentId: string | undefined = undefined;
  /** Position of the latest fill. */
  position: Position | undefined = undefined;
  /** What was filled and paid. */
  readonly account: ShortfallAccount;
  readonly #table: CellTable;
  readonly #at: number;

  constructor(table: CellTable) {
    this.#table = table;
    this.#at = table.allocate();
    this.account = new ShortfallAccount(table, this.#at + ACCOUNT);
  }

  get quantity(): number {
    return this.#table.cells[this.#at + QUANTITY]!;
  }

  get filled(): number {
    return this.#table.cells[this.#at + FILLED]!;
  }

  set filled(quantity: number) {
    this.#table.cells[this.#at + FILLED] = quantity;
  }

  get sentTimeMs(): number {
    return this.#table.cells[this.#at + SENT_MS]!;
  }

  // Prices that fills are compared with, NaN where one is not known.

  get limitPrice(): number {
    return this.#table.cells[this.#at + LIMIT_PRICE]!;
  }

  get expectedPrice(): number {
    return this.#table.cells[this.#at + EXPECTED_PRICE]!;
  }

  set expectedPrice(price: number) {
    this.#table.cells[this.#at + EXPECTED_PRICE] = price;
  }

  get decisionMid(): number {
    return this.#table.cells[this.#at + DECISION_MID]!;
  }

  set decisionMid(mid: number) {
    this.#table.cells[this.#at + DECISION_MID] = mid;
  }

  get arrivalMid(): number {
    return this.#table.cells[this.#at + ARRIVAL_MID]!;
  }

  set arrivalMid(mid: number) {
    this.#table.cells[this.#at + ARRIVAL_MID] = mid;
  }

  get ackMid(): number {
    return this.#table.cells[this.#at + ACK_MID]!;
  }

  set ackMid(mid: number) {
    this.#table.cells[this.#at + ACK_MID] = mid;
  }

  /** Remembers the market's volume as that when the order was sent. */
  markVolume(volume: TradedVolume): void {
    volume.mark(this.#table.cells, this.#at + VOLUME_MARK);
  }

  /** Average price of the market's trades since {@link markVolume}; undefined when nothing was traded since. */
  vwapOf(volume: TradedVolume): number | undefined {
    return volume.vwapSince(this.#table.cells, this.#at + VOLUME_MARK);
  }

  carry(tape: Tape): void {
    carryCells(tape, this.#table.cells, this.#at, ORDER_CELLS);
  }

  /** Makes an order that may have been another one before into that of an event. */
  restart(event: OrderEvent): void {
    const { cells } = this.#table;
    const at = this.#at;
    this.id = event.orderId;
    this.side = event.side;
    this.acknowledged = false;
    this.hasFill = false;
    this.ended = false;
    this.parentId = event.parentId;
    this.position = undefined;
    cells[at + QUANTITY] = event.quantity;
    cells[at + FILLED] = 0;
    cells[at + SENT_MS] = event.timeMs;
    cells[at + LIMIT_PRICE] = event.price ?? Number.NaN;
    cells[at + ACK_MID] = Number.NaN;
    this.account.reset();
  }
}
