import type { DeskStatus } from '@nanometer/demo';

/** One second of the desk in one line: `events/s`, fills, realized P&L less fees by currency, drops. */
export function statusText(
  { eventsPerSecond, fills, pnl, fees, drops, marketTimeMs }: DeskStatus,
  bridgeDrops: number,
): string {
  const currencies = [...new Set([...Object.keys(pnl), ...Object.keys(fees)])].sort();
  const net = currencies.map((currency) => signed((pnl[currency] ?? 0) - (fees[currency] ?? 0), currency)).join(' ');
  return [
    clock(marketTimeMs),
    `${grouped(eventsPerSecond)} events/s`,
    `${grouped(fills)} fills`,
    `P&L ${net === '' ? '–' : net}`,
    `drops ${grouped(drops + bridgeDrops)}`,
  ].join('  ');
}

function signed(amount: number, currency: string): string {
  // Eight decimals are the smallest unit of a coin, two that of money.
  const decimals = Math.abs(amount) > 0 && Math.abs(amount) < 1 ? 8 : 2;
  return `${amount >= 0 ? '+' : ''}${amount.toFixed(decimals)} ${currency}`;
}

function grouped(count: number): string {
  return Math.round(count).toLocaleString('en-US');
}

function clock(marketTimeMs: number): string {
  const seconds = Math.floor(marketTimeMs / 1000);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}
