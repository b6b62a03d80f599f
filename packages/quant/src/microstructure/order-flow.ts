import type { Quote } from './quote.ts';

/**
 * What one change of the best quote adds to order-flow imbalance (Cont, Kukanov and Stoikov 2014): size joining or
 * leaving the bid less size joining or leaving the ask, in units of the instrument.
 */
export function orderFlow(before: Quote, after: Quote): number {
  let flow = 0;
  if (after.bid >= before.bid) flow += after.bidSize;
  if (after.bid <= before.bid) flow -= before.bidSize;
  if (after.ask <= before.ask) flow -= after.askSize;
  if (after.ask >= before.ask) flow += before.askSize;
  return flow;
}
