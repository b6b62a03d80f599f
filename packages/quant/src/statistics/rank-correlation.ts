/** Ranks from 1, equal values sharing the mean of theirs. */
function ranksOf(values: ArrayLike<number>): Float64Array {
  const order = Array.from({ length: values.length }, (_, at) => at).sort((a, b) => values[a]! - values[b]!);
  const ranks = new Float64Array(values.length);
  for (let from = 0; from < order.length;) {
    let to = from + 1;
    while (to < order.length && values[order[to]!] === values[order[from]!]) to++;
    for (let at = from; at < to; at++) ranks[order[at]!] = (from + 1 + to) / 2;
    from = to;
  }
  return ranks;
}

/**
 * Spearman's rank correlation of pairs, -1 to 1: Pearson's of the ranks, ties sharing their mean rank. Undefined below
 * two pairs, for lists of different lengths, with NaN among the values, or where one list does not vary.
 */
export function rankCorrelation(x: ArrayLike<number>, y: ArrayLike<number>): number | undefined {
  if (x.length !== y.length || x.length < 2) return undefined;
  const xRanks = ranksOf(x);
  const yRanks = ranksOf(y);
  const mean = (x.length + 1) / 2;
  let products = 0;
  let xSquares = 0;
  let ySquares = 0;
  for (let at = 0; at < x.length; at++) {
    if (Number.isNaN(x[at]) || Number.isNaN(y[at])) return undefined;
    products += (xRanks[at]! - mean) * (yRanks[at]! - mean);
    xSquares += (xRanks[at]! - mean) ** 2;
    ySquares += (yRanks[at]! - mean) ** 2;
  }
  const scale = Math.sqrt(xSquares * ySquares);
  return scale > 0 ? Math.max(-1, Math.min(1, products / scale)) : undefined;
}
