import { formatNumber } from './number-format.ts';

/** Recordings that one line stands for, and the rate that says so; a rate of 1 is not written. */
export interface SampleShare {
  readonly count: number;
  /** `1/count` in plain digits, or empty for 1. */
  readonly rate: string;
}

/**
 * Splits `count` recordings of one value into lines whose sample rates give exactly that count in a server that divides 1
 * by the rate, whether it keeps the fraction (etsy, DogStatsD) or cuts it off (statsd_exporter, the collector's
 * receiver): for some counts, such as 49, no double has a reciprocal that is the count again; they take two lines.
 * `count` is a whole number from 0 on, `limit` from 1.
 */
export function sampleShares(count: number, limit: number): SampleShare[] {
  const shares: SampleShare[] = [];
  for (let rest = count; rest > 0;) {
    const share = shareOf(Math.min(rest, limit));
    shares.push(share);
    rest -= share.count;
  }
  return shares;
}

/** The largest share of at most `most` recordings that a rate can state exactly. */
function shareOf(most: number): SampleShare {
  let count = most;
  while (1 / (1 / count) !== count) count--;
  return { count, rate: count === 1 ? '' : formatNumber(1 / count) };
}
