/** Zone of the Basel traffic light. */
export type BaselZone = 'green' | 'yellow' | 'red';

/** Share of sound models that would have shown as many exceptions or fewer, from which on a zone begins. */
const YELLOW_FROM = 0.95;
const RED_FROM = 0.9999;

/**
 * Zone by the exceptions among `count` forecasts that promise a tail of probability `p` (Basel Committee 1996): yellow
 * from where a sound model shows as many or fewer with a probability of 95 %, red from 99.99 %. Of 250 days at 99 %, the
 * defaults, that is green to 4, yellow to 9, red from 10. Undefined for counts or a `p` that make no sense.
 */
export function baselZone(exceptions: number, count = 250, p = 0.01): BaselZone | undefined {
  const isSound = Number.isInteger(exceptions) && Number.isInteger(count) && exceptions >= 0 && exceptions <= count;
  if (!isSound || count === 0 || !(p > 0 && p < 1)) return undefined;
  const share = binomialUpTo(exceptions, count, p);
  if (share < YELLOW_FROM) return 'green';
  return share < RED_FROM ? 'yellow' : 'red';
}

/** Probability of at most `hits` in `count` draws of probability `p`; terms by their logarithms, none underflows alone. */
function binomialUpTo(hits: number, count: number, p: number): number {
  let logTerm = count * Math.log1p(-p);
  let sum = Math.exp(logTerm);
  for (let k = 0; k < hits; k++) {
    logTerm += Math.log(((count - k) / (k + 1)) * (p / (1 - p)));
    sum += Math.exp(logTerm);
  }
  return sum;
}

const ADDITIONS = [0.4, 0.5, 0.65, 0.75, 0.85];

/** Multiplier of capital by the exceptions among 250 days at 99 %: 3 in green, 3.4 to 3.85 in yellow, 4 in red. */
export function baselMultiplier(exceptions: number): number {
  if (exceptions <= 4) return 3;
  return exceptions >= 10 ? 4 : 3 + ADDITIONS[exceptions - 5]!;
}
