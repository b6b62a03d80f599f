import type { Fill } from '@nanometer/quant';
import { INVERSE } from './events.ts';

interface Recomputed {
  readonly quantity: number;
  readonly average: number;
  readonly realized: number;
}

/** Average cost written out the plain way, prices averaged as prices and lots walked from the first fill. */
export function recompute(events: readonly Fill[], inverse: boolean): Recomputed {
  let quantity = 0;
  let average = 0;
  let realized = 0;
  for (const event of events) {
    const inKind = event.feeCurrency === 'BTC' && !inverse ? event.fee : 0;
    const delta = (event.side === 'buy' ? event.quantity : -event.quantity) - inKind;
    const opens = quantity === 0 || quantity > 0 === delta > 0;
    const closing = opens ? 0 : Math.min(Math.abs(quantity), Math.abs(delta));
    const sign = Math.sign(quantity);
    realized += inverse
      ? closing * sign * INVERSE.multiplier * (1 / average - 1 / event.price) || 0
      : closing * sign * (event.price - average);
    const next = quantity + delta;
    if (opens) {
      average = inverse
        ? (Math.abs(quantity) + Math.abs(delta)) / (Math.abs(quantity) / (average || 1) + Math.abs(delta) / event.price)
        : (average * Math.abs(quantity) + event.price * Math.abs(delta)) / (Math.abs(quantity) + Math.abs(delta));
    } else if (Math.abs(delta) > Math.abs(quantity)) average = event.price;
    quantity = Math.abs(next) < 1e-9 ? 0 : next;
  }
  return { quantity, average, realized };
}
