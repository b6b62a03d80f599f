import {
  Autocorrelation,
  HamiltonFilter,
  mixtureRatio,
  Moments,
  P2Quantile,
  twoSampleMixtureRatio,
} from '@nanometer/quant';
import { present } from '../terms.ts';
import type { Vector, VectorRunner } from '../vector.ts';

/** The values of a vector that states them, or how they are made: a first value, then pairs. */
function valuesOf(vector: Vector): readonly number[] {
  if (Array.isArray(vector.inputs)) return present(vector.inputs);
  const inputs = vector.inputs as { data?: readonly number[]; construction?: string };
  if (inputs.data !== undefined) return inputs.data;
  const numbers = (inputs.construction ?? '').match(/\d+(?:\.\d+)?/g)?.map(Number) ?? [];
  const [first = 0, pairs = 0, low = 0, high = 0] = numbers;
  return [first, ...Array.from({ length: pairs }, () => [low, high]).flat()];
}

function momentsAndCorrelation(vector: Vector): unknown {
  const moments = new Moments();
  const correlation = new Autocorrelation(1);
  for (const value of valuesOf(vector)) {
    moments.add(value);
    correlation.add(value);
  }
  return { mean: moments.mean, std: moments.deviation, lag1_autocorr: correlation.at(1) };
}

function p2(vector: Vector): unknown {
  const estimate = new P2Quantile(vector.params['p'] as number);
  for (const value of present(vector.inputs)) estimate.add(value);
  return { median_estimate: estimate.value, markers: estimate.markers, positions: estimate.positions };
}

function sequential(vector: Vector): unknown {
  const inputs = vector.inputs as Readonly<Record<string, number>> & { mean_difference: number };
  const { n_per_arm: count, sigma2 = Number.NaN, mean_difference: difference } = inputs;
  const tau2 = vector.params['tau2'] as number;
  const ratio =
    count === undefined
      ? twoSampleMixtureRatio(
          {
            countA: inputs['n_a'] ?? Number.NaN,
            countB: inputs['n_b'] ?? Number.NaN,
            difference,
            varianceA: inputs['sigma2_a'] ?? sigma2,
            varianceB: inputs['sigma2_b'] ?? sigma2,
          },
          tau2,
        )
      : mixtureRatio(count, difference, 2 * sigma2, tau2);
  return { Lambda: ratio, p_now: Math.min(1, 1 / ratio) };
}

function regimes(vector: Vector): unknown {
  const parameter = (name: string): number => vector.params[name] as number;
  const stay = parameter('p[0->0]');
  const leave = parameter('p[1->0]');
  const filter = new HamiltonFilter(
    [0, 1].map((at) => ({ mean: parameter(`const[${at}]`), variance: parameter(`sigma2[${at}]`) })),
    [
      [stay, 1 - stay],
      [leave, 1 - leave],
    ],
  );
  const filtered: (number | undefined)[] = [];
  for (const value of vector.inputs as readonly number[]) {
    filter.add(value);
    filtered.push(filter.probabilities[0]);
  }
  return { llf: filter.logLikelihood, filtered_p_regime0: filtered };
}

/** By the `metric` of a vector. */
export const STATISTICS_RUNNERS: Readonly<Record<string, VectorRunner>> = {
  mean_std_autocorr: momentsAndCorrelation,
  p2_quantile: p2,
  msprt_two_sample_normal: sequential,
  regime_filter_2state_gaussian: regimes,
};
