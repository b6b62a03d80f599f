import { describe, expect, test } from '@jest/globals';
import { type Fill, PositionLedger } from '@nanometer/quant';
import { sharedData } from '@nanometer/testing';
import { fill, INVERSE, inverseFill, LINEAR } from './events.ts';
import { recompute } from './recompute.ts';
import { lastMid, sampledFills } from './vectors/market-data.ts';

const MARKETS = ['spot-btcusdt', 'usdm-btcusdt', 'usdm-ethusdt', 'coinm-btcusd_perp'];

describe('real trades, every 200th as a fill of ours', () => {
  test.each(MARKETS)('%s: the stream agrees with a recomputation, and the identity holds', (market) => {
    const trades = sharedData(`market/binance-${market}-20240808-trades.csv.gz`);
    const quotes = sharedData(`market/binance-${market}-20240808-bbo.csv.gz`);
    if (trades === undefined || quotes === undefined) {
      console.warn(`skipped: no ../shared/data/market/binance-${market}-20240808-*.csv.gz beside the checkout`);
      return;
    }
    const inverse = market.startsWith('coinm');
    const contract = inverse ? INVERSE : LINEAR;
    const ledger = new PositionLedger();
    ledger.defineContract(contract);
    const events: Fill[] = [];
    for (const { quantity, price, fee = 0 } of sampledFills(trades)) {
      const event = inverse ? inverseFill(quantity * 100, price) : fill(quantity, price, { fee });
      events.push(event);
      expect(ledger.applyFill(event)).toBe('applied');
    }
    const plain = recompute(events, inverse);
    const position = ledger.positionAt(0);
    expect(events.length).toBeGreaterThan(10);
    expect(position?.quantity).toBeCloseTo(plain.quantity, 9);
    expect(Math.abs((position?.realizedPnl ?? Number.NaN) / plain.realized - 1)).toBeLessThan(1e-9);
    expect(ledger.cashIdentityError()).toBeLessThan(1e-13);

    ledger.applyMark({ exchange: contract.exchange, symbol: contract.symbol, price: lastMid(quotes), timeMs: 0 });
    const totals = ledger.totals().get(contract.currency);
    expect(totals?.netPnl).toBe((totals?.realizedPnl ?? 0) + (totals?.unrealizedPnl ?? 0) - (totals?.feeCost ?? 0));
  });
});
