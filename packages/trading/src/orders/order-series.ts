import type { Attributes } from '@opentelemetry/api';
import {
  type BoundCounter,
  type BoundHistogram,
  type BoundUpDownCounter,
  bindCounter,
  bindHistogram,
  bindUpDownCounter,
} from '@nanometer/metrics';
import type { Side } from '@nanometer/quant';
import {
  ATTR_ERROR_TYPE,
  ATTR_EXCHANGE_NAME,
  ATTR_TRADING_ORDER_TYPE,
  ATTR_TRADING_SIDE,
  ATTR_TRADING_STRATEGY,
  ATTR_TRADING_SYMBOL,
} from '@nanometer/semconv';
import type { OrderInstruments } from './order-instruments.ts';

/** The order metrics of one strategy on one symbol of an exchange, each series bound at its first use. */
export class OrderSeries {
  /** 0, 1, 2, … in order of first use, so that others can keep their own state in an array beside. */
  readonly handle: number;
  readonly strategy: string;
  readonly exchange: string;
  readonly symbol: string;
  readonly #instruments: OrderInstruments;
  readonly #attributes: Attributes;
  readonly #venue: Attributes;
  readonly #open: BoundUpDownCounter;
  readonly #buys = new Map<string, BoundCounter>();
  readonly #sells = new Map<string, BoundCounter>();
  readonly #rejects = new Map<string, BoundCounter>();
  #acknowledged: BoundCounter | undefined = undefined;
  #canceled: BoundCounter | undefined = undefined;
  #ackDuration: BoundHistogram | undefined = undefined;
  #fillDuration: BoundHistogram | undefined = undefined;

  constructor(instruments: OrderInstruments, handle: number, exchange: string, symbol: string, strategy: string) {
    this.handle = handle;
    this.strategy = strategy;
    this.exchange = exchange;
    this.symbol = symbol;
    this.#instruments = instruments;
    this.#venue = { [ATTR_TRADING_STRATEGY]: strategy, [ATTR_EXCHANGE_NAME]: exchange };
    this.#attributes = { ...this.#venue, [ATTR_TRADING_SYMBOL]: symbol };
    this.#open = bindUpDownCounter(instruments.open, this.#attributes);
  }

  sent(side: Side, type: string): void {
    const counts = side === 'buy' ? this.#buys : this.#sells;
    let count = counts.get(type);
    if (count === undefined) {
      const attributes = { ...this.#attributes, [ATTR_TRADING_SIDE]: side, [ATTR_TRADING_ORDER_TYPE]: type };
      count = bindCounter(this.#instruments.count, attributes);
      counts.set(type, count);
    }
    count.add(1);
    this.#open.add(1);
  }

  /** An order of before is open still. */
  resumed(): void {
    this.#open.add(1);
  }

  acknowledged(): void {
    this.#acknowledged ??= bindCounter(this.#instruments.acknowledged, this.#attributes);
    this.#acknowledged.add(1);
  }

  rejected(reason: string): void {
    let count = this.#rejects.get(reason);
    if (count === undefined) {
      count = bindCounter(this.#instruments.rejected, { ...this.#attributes, [ATTR_ERROR_TYPE]: reason });
      this.#rejects.set(reason, count);
    }
    count.add(1);
  }

  canceled(): void {
    this.#canceled ??= bindCounter(this.#instruments.canceled, this.#attributes);
    this.#canceled.add(1);
  }

  ended(): void {
    this.#open.add(-1);
  }

  ackDuration(seconds: number): void {
    this.#ackDuration ??= bindHistogram(this.#instruments.ackDuration, this.#venue);
    this.#ackDuration.record(seconds);
  }

  fillDuration(seconds: number): void {
    this.#fillDuration ??= bindHistogram(this.#instruments.fillDuration, this.#venue);
    this.#fillDuration.record(seconds);
  }
}
