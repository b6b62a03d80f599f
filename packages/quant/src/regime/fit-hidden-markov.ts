import { QuantError } from '../errors.ts';
import { normalDensity } from '../statistics/normal.ts';
import { quantile } from '../statistics/quantile.ts';
import type { Regime } from './hamilton-filter.ts';

/** A fitted model, ready for a `HamiltonFilter`; regimes in order of variance, the calmest first. */
export interface HiddenMarkovModel {
  readonly regimes: readonly Regime[];
  readonly transitions: readonly (readonly number[])[];
  /** Of the returns under the model. */
  readonly logLikelihood: number;
  /** Log-likelihood before each step of the fit: it never falls. */
  readonly path: readonly number[];
}

/** How far to fit. */
export interface HiddenMarkovFit {
  /** Most steps; 200 by default. */
  readonly maxSteps?: number;
  /** Ends when a step gains less log-likelihood than this per return; 1e-9 by default. */
  readonly tolerance?: number;
}

interface Parameters {
  readonly start: readonly number[];
  readonly regimes: readonly Regime[];
  readonly transitions: readonly (readonly number[])[];
}

/**
 * Fits a Gaussian hidden Markov model to past returns by expectation and maximisation (Baum and Welch). Deterministic:
 * it starts from the returns sorted by size into as many classes as there are regimes. For use off the trading path; in
 * the stream the fitted model is filtered forward, because smoothing looks ahead.
 *
 * Needs at least 20 returns per regime, all finite, and a variance. Throws {@link QuantError} `invalid_option`.
 */
export function fitHiddenMarkov(
  returns: readonly number[],
  regimeCount: number,
  { maxSteps = 200, tolerance = 1e-9 }: HiddenMarkovFit = {},
): HiddenMarkovModel {
  if (!Number.isInteger(regimeCount) || regimeCount < 2 || regimeCount > 8) {
    throw new QuantError('invalid_option', `${regimeCount} regimes; it must be a whole number from 2 to 8`);
  }
  if (returns.length < 20 * regimeCount || !returns.every((value) => Number.isFinite(value))) {
    const wanted = `${20 * regimeCount} finite returns`;
    throw new QuantError('invalid_option', `${returns.length} returns; ${regimeCount} regimes need at least ${wanted}`);
  }
  const floor = 1e-8 * varianceOf(returns);
  if (!(floor > 0)) throw new QuantError('invalid_option', 'returns that do not vary have no regimes');
  let parameters = firstGuess(returns, regimeCount, floor);
  const path: number[] = [];
  for (let step = 0; step < maxSteps; step++) {
    const { next, logLikelihood } = improve(returns, parameters, floor);
    const gained = logLikelihood - (path.at(-1) ?? -Infinity);
    path.push(logLikelihood);
    if (gained < tolerance * returns.length) break;
    parameters = next;
  }
  const order = parameters.regimes.map((_, at) => at);
  order.sort((a, b) => parameters.regimes[a]!.variance - parameters.regimes[b]!.variance);
  return {
    regimes: order.map((at) => parameters.regimes[at]!),
    transitions: order.map((from) => order.map((to) => parameters.transitions[from]![to]!)),
    logLikelihood: path.at(-1)!,
    path,
  };
}

function varianceOf(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
}

/** Regimes of rising variance around one mean, each likely to last ten periods. */
function firstGuess(returns: readonly number[], count: number, floor: number): Parameters {
  const middle = quantile(returns, 0.5)!;
  const distances = returns.map((value) => Math.abs(value - middle)).sort((a, b) => a - b);
  const regimes = Array.from({ length: count }, (_, at) => {
    const share = distances.slice(
      Math.floor((at * distances.length) / count),
      Math.ceil(((at + 1) * distances.length) / count),
    );
    const variance = share.reduce((sum, distance) => sum + distance * distance, 0) / share.length;
    return { mean: middle, variance: Math.max(floor, variance) };
  });
  const transitions = regimes.map((_, from) => regimes.map((__, to) => (from === to ? 0.9 : 0.1 / (count - 1))));
  return { start: regimes.map(() => 1 / count), regimes, transitions };
}

/** One step: probabilities of the regimes given all returns, then the parameters those make likeliest. */
function improve(
  returns: readonly number[],
  { start, regimes, transitions }: Parameters,
  floor: number,
): { next: Parameters; logLikelihood: number } {
  const size = regimes.length;
  const length = returns.length;
  const forward = returns.map(() => new Float64Array(size));
  const density = returns.map((value) =>
    regimes.map(({ mean, variance }) => {
      const deviation = Math.sqrt(variance);
      // Never 0, so that one wild return does not rule every regime out.
      return Math.max(Number.MIN_VALUE, normalDensity((value - mean) / deviation) / deviation);
    }),
  );
  const scales = new Float64Array(length);
  let logLikelihood = 0;
  for (let at = 0; at < length; at++) {
    let total = 0;
    for (let to = 0; to < size; to++) {
      const earlier = forward[at - 1];
      let before = 0;
      if (earlier === undefined) before = start[to]!;
      else for (let from = 0; from < size; from++) before += earlier[from]! * transitions[from]![to]!;
      total += forward[at]![to] = before * density[at]![to]!;
    }
    for (let to = 0; to < size; to++) forward[at]![to]! /= total;
    scales[at] = total;
    logLikelihood += Math.log(total);
  }
  const weights = new Float64Array(size);
  const sums = new Float64Array(size);
  const squares = new Float64Array(size);
  const moves = transitions.map(() => new Float64Array(size));
  let backward = new Float64Array(size).fill(1);
  let first: readonly number[] = start;
  for (let at = length - 1; at >= 0; at--) {
    for (let state = 0; state < size; state++) {
      const weight = forward[at]![state]! * backward[state]!;
      weights[state]! += weight;
      sums[state]! += weight * returns[at]!;
      squares[state]! += weight * (returns[at]! - regimes[state]!.mean) ** 2;
    }
    if (at === 0) {
      first = Array.from(forward[0]!, (p, state) => p * backward[state]!);
      break;
    }
    const earlier = new Float64Array(size);
    for (let from = 0; from < size; from++) {
      for (let to = 0; to < size; to++) {
        const step = (transitions[from]![to]! * density[at]![to]! * backward[to]!) / scales[at]!;
        moves[from]![to]! += forward[at - 1]![from]! * step;
        earlier[from]! += step;
      }
    }
    backward = earlier;
  }
  const next = {
    start: first,
    regimes: regimes.map((regime, state) => {
      const weight = weights[state]!;
      const mean = sums[state]! / weight;
      // Around the old mean and moved to the new one.
      const variance = squares[state]! / weight - (mean - regime.mean) ** 2;
      return { mean, variance: Math.max(floor, variance) };
    }),
    transitions: moves.map((row) => {
      const total = row.reduce((sum, move) => sum + move, 0);
      return Array.from(row, (move) => move / total);
    }),
  };
  return { next, logLikelihood };
}
