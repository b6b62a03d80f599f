import { crc32 } from 'node:zlib';

/** A level as the exchange wrote it: the checksum is over its digits, which a number would not keep. */
export type TextLevel = readonly [price: string, size: string, ...rest: unknown[]];

/** How exchanges compute the checksum of a book. */
export type ChecksumKind = 'okx' | 'bitget' | 'kraken';

/** Levels of a side that OKX and Bitget take, and Kraken. */
const ALTERNATING_LEVELS = 25;
const KRAKEN_LEVELS = 10;

/**
 * The CRC-32 an exchange sends with a book, of the book as we have it; each side best level first.
 *
 * - `okx`, `bitget`: 25 levels, bid and ask in turn as `price:size`, joined by `:`; a signed number
 * - `kraken`: 10 asks, then 10 bids, price and size without point and leading zeros; an unsigned number
 *
 * Undefined when a level is not made of texts. Never throws.
 */
export function bookChecksum(
  kind: ChecksumKind,
  bids: readonly TextLevel[],
  asks: readonly TextLevel[],
): number | undefined {
  if (!isSide(bids) || !isSide(asks)) return undefined;
  return kind === 'kraken' ? crc32(krakenText(asks) + krakenText(bids)) : crc32(alternatingText(bids, asks)) | 0;
}

function isSide(side: unknown): side is readonly TextLevel[] {
  return (
    Array.isArray(side) &&
    side.every((level) => Array.isArray(level) && typeof level[0] === 'string' && typeof level[1] === 'string')
  );
}

function alternatingText(bids: readonly TextLevel[], asks: readonly TextLevel[]): string {
  const parts: string[] = [];
  for (let at = 0; at < ALTERNATING_LEVELS; at++) {
    const bid = bids[at];
    const ask = asks[at];
    if (bid !== undefined) parts.push(bid[0], bid[1]);
    if (ask !== undefined) parts.push(ask[0], ask[1]);
  }
  return parts.join(':');
}

function krakenText(side: readonly TextLevel[]): string {
  return side
    .slice(0, KRAKEN_LEVELS)
    .map(([price, size]) => krakenDigits(price) + krakenDigits(size))
    .join('');
}

function krakenDigits(text: string): string {
  return text.replace('.', '').replace(/^0+/, '');
}
