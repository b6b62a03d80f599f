import type { Contract, Correction, CostMethod, Fill, Payment, TradeGrouping } from '@nanometer/quant';

interface OpenLot {
  quantity: number;
  price: number;
  costs: number;
}

/** Everything that a position comes to, computed from the list of its events. */
export interface Reference {
  quantity: number;
  average: number;
  realized: number;
  fees: number;
  funding: number;
  borrow: number;
  cash: number;
  lots: OpenLot[];
  /** Net results of the closed trades. */
  trades: number[];
  /** Largest size, price and cost seen: what the rounding is relative to. */
  scale: number;
}

export type LedgerEvent =
  | { readonly kind: 'fill'; readonly event: Fill; busted?: boolean }
  | { readonly kind: 'funding' | 'borrow'; readonly event: Payment };

const FLAT = 1e-9;

/** The ledger written out the plain way: prices as prices, lots in an array, all from the first event at every call. */
export function referenceOf(
  events: readonly LedgerEvent[],
  contract: Contract,
  method: CostMethod,
  grouping: TradeGrouping,
): Reference {
  const inverse = contract.kind === 'inverse';
  const size = contract.multiplier;
  const worth = (price: number): number => (inverse ? -size / price : size * price);
  const gain = (entry: number, exit: number): number =>
    inverse ? size * (1 / entry - 1 / exit) : size * (exit - entry);
  const mean = (lots: readonly OpenLot[]): number => {
    const total = lots.reduce((sum, { quantity }) => sum + quantity, 0);
    if (total === 0) return 0;
    const weighted = lots.reduce((sum, { quantity, price }) => sum + quantity * (inverse ? 1 / price : price), 0);
    return inverse ? total / weighted : weighted / total;
  };
  const r: Reference = {
    quantity: 0,
    average: 0,
    realized: 0,
    fees: 0,
    funding: 0,
    borrow: 0,
    cash: 0,
    lots: [],
    trades: [],
    scale: 1e-9,
  };
  let tradeRealized = 0;
  /** Costs of the open trade that are not in a lot. */
  let pool = 0;
  for (const { kind, event, ...rest } of events) {
    if (kind !== 'fill') {
      r[kind] += event.amount;
      r.cash -= event.amount;
      if (r.quantity !== 0) pool += event.amount;
      r.scale += Math.abs(event.amount);
      continue;
    }
    if ((rest as { busted?: boolean }).busted === true) continue;
    const inKind =
      contract.kind === 'linear' && contract.multiplier === 1 && event.feeCurrency === contract.baseCurrency;
    const cost = inKind ? event.fee * event.price : event.fee;
    const delta = (event.side === 'buy' ? event.quantity : -event.quantity) - (inKind ? event.fee : 0);
    r.fees += cost;
    r.cash -= delta * worth(event.price) + cost;
    r.scale += Math.abs(delta * worth(event.price)) + Math.abs(cost);
    const before = Math.abs(r.quantity);
    const sign = Math.sign(r.quantity);
    const reduces = r.quantity !== 0 && Math.sign(delta) === -sign;
    const closing = reduces ? Math.min(before, Math.abs(delta)) : 0;
    const after = r.quantity + delta;
    const flat = Math.abs(after) < FLAT;
    const ends = reduces && (flat || Math.sign(after) !== sign);
    const closingCost = reduces ? cost * (ends && !flat ? closing / Math.abs(delta) : 1) : 0;
    if (reduces) {
      let gross = 0;
      let remaining = ends ? before : closing;
      const average = r.average;
      while (remaining > FLAT / 10 && r.lots.length > 0) {
        const lot = (method === 'lifo' ? r.lots[r.lots.length - 1] : r.lots[0]) as OpenLot;
        const taken = Math.min(lot.quantity, remaining);
        const one = sign * taken * gain(lot.price, event.price);
        if (method !== 'average') gross += one;
        if (grouping === 'fill-to-fill') {
          const opening = (lot.costs * taken) / lot.quantity;
          const carried = remaining === 0 ? 0 : (pool * taken) / (before - ((ends ? before : closing) - remaining));
          pool -= carried;
          r.trades.push(one - opening - carried - closingCost * (taken / (ends ? before : closing)));
        }
        lot.costs *= 1 - taken / lot.quantity;
        lot.quantity -= taken;
        remaining -= taken;
        if (lot.quantity < FLAT / 10) r.lots.splice(r.lots.indexOf(lot), 1);
      }
      if (method === 'average') gross = sign * (ends ? before : closing) * gain(average, event.price);
      r.realized += gross;
      tradeRealized += gross;
      if (grouping === 'flat-to-reduced') {
        const share = ends ? pool : (pool * closing) / before;
        pool -= share;
        r.trades.push(gross - share - closingCost);
      } else if (grouping === 'flat-to-flat') {
        pool += closingCost;
        if (ends) r.trades.push(tradeRealized - pool);
      }
    }
    if (ends || r.quantity === 0) {
      r.lots = [];
      pool = 0;
      tradeRealized = 0;
    }
    r.quantity = flat ? 0 : after;
    if (!reduces || (ends && !flat)) {
      const opened = ends ? Math.abs(after) : Math.abs(delta);
      const openingCost = cost - closingCost;
      if (method === 'average' && !ends && before > 0) {
        r.average = mean([
          { quantity: before, price: r.average, costs: 0 },
          { quantity: opened, price: event.price, costs: 0 },
        ]);
      } else if (method === 'average') r.average = event.price;
      r.lots.push({ quantity: opened, price: event.price, costs: openingCost });
      if (grouping !== 'fill-to-fill') pool += openingCost;
    }
    if (method !== 'average') r.average = mean(r.lots);
  }
  return r;
}

/** Changes a list of events as a correction says, and returns whether it changed anything. */
export function correctIn(events: readonly LedgerEvent[], correction: Correction): LedgerEvent[] {
  const { kind, fillId, exchange: _, symbol: __, strategy: ___, account: ____, ...change } = correction;
  return events.map((entry) => {
    if (entry.kind !== 'fill' || entry.event.fillId !== fillId) return entry;
    if (kind === 'bust') return { ...entry, busted: true };
    return { kind: 'fill', event: { ...entry.event, ...change } };
  });
}
