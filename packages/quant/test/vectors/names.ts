/** Words that sources use for one and the same thing, as `[pattern, word]`, applied in this order. */
const SPELLINGS: readonly (readonly [RegExp, string])[] = [
  [/([a-z0-9])([A-Z])/g, '$1_$2'],
  [/[\s\-/()]+/g, '_'],
  [/annualized/gi, 'annualised'],
  [/standard_deviation|std_dev\b|stdev/gi, 'stddev'],
  [/p_and_l|p&l/gi, 'pnl'],
  [/conf(?:idence)?_level/gi, 'confidence'],
];

/** A metric's name in one spelling: lower case, words parted by `_`, British endings. */
export function canonicalName(metric: string): string {
  const spelled = SPELLINGS.reduce((name, [pattern, word]) => name.replace(pattern, word), metric.trim());
  return spelled.toLowerCase().replaceAll(/_+/g, '_').replaceAll(/^_|_$/g, '');
}

/** Names under which a metric may be known, the likeliest first: as it is, with and without `_ratio` and `_index`. */
export function candidateNames(metric: string): readonly string[] {
  const name = canonicalName(metric);
  const bare = name.replace(/_(?:ratio|index|rate)$/, '');
  return [...new Set([metric, name, `${name}_ratio`, bare, `${bare}_ratio`, `${bare}_index`])];
}
