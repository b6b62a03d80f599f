import { type BoundUpDownCounter, bindUpDownCounter } from '@nanometer/metrics';
import {
  ALPHA_FEES,
  ALPHA_SIGNAL,
  ALPHA_SLIPPAGE,
  AlphaWindow,
  type Contract,
  MARKOUT_ARRIVAL,
  MARKOUT_DUE,
  MARKOUT_FEE,
  MARKOUT_LATER_MID,
  MARKOUT_PRICE,
  MARKOUT_QUANTITY,
  unitValue,
} from '@nanometer/quant';
import { ATTR_TRADING_ALPHA_COMPONENT } from '@nanometer/semconv';
import type { Attributes, UpDownCounter } from '@opentelemetry/api';
import type { ExecutionSettings } from './execution-options.ts';

/** Alpha of one strategy on one exchange in one currency. */
export class AlphaSeries {
  readonly attributes: Attributes;
  readonly window: AlphaWindow;
  readonly #amounts = new Float64Array(3);
  readonly #signal: BoundUpDownCounter;
  readonly #slippage: BoundUpDownCounter;
  readonly #fees: BoundUpDownCounter;

  constructor(attributes: Attributes, captured: UpDownCounter, settings: ExecutionSettings) {
    this.attributes = attributes;
    this.window = new AlphaWindow(settings.alphaWindowMs);
    const bind = (component: string): BoundUpDownCounter =>
      bindUpDownCounter(captured, { ...attributes, [ATTR_TRADING_ALPHA_COMPONENT]: component });
    this.#signal = bind('signal');
    this.#slippage = bind('slippage');
    this.#fees = bind('fees');
  }

  /** Takes a fill whose holding horizon has ended. */
  held(contract: Contract, fill: Float64Array): void {
    const amounts = this.#amounts;
    const quantity = fill[MARKOUT_QUANTITY] as number;
    const arrival = unitValue(contract, fill[MARKOUT_ARRIVAL] as number);
    amounts[ALPHA_SIGNAL] = quantity * (unitValue(contract, fill[MARKOUT_LATER_MID] as number) - arrival);
    amounts[ALPHA_SLIPPAGE] = quantity * (unitValue(contract, fill[MARKOUT_PRICE] as number) - arrival);
    amounts[ALPHA_FEES] = fill[MARKOUT_FEE] as number;
    if (!this.window.add(fill[MARKOUT_DUE] as number, amounts)) return;
    this.#signal.add(amounts[ALPHA_SIGNAL]);
    this.#slippage.add(-amounts[ALPHA_SLIPPAGE]);
    this.#fees.add(-amounts[ALPHA_FEES]);
  }
}
