import { compoundAnnualGrowth, DrawdownDepths, probabilisticSharpe, ReturnSeries, tailRatio } from '@nanometer/quant';
import { deviationFactor, given, listOf, parameter, periodsPerYearOf, present, required, termIn } from '../terms.ts';
import type { Vector, VectorRunner } from '../vector.ts';

type Total = ReturnSeries['total'];

/** Return per period that gains and losses are measured from. */
function targetOf(vector: Vector): number {
  const wanted = parameter(vector, 'required_return');
  // Empyrical's omega takes it per year, its Sortino ratio and downside risk per period.
  if (wanted !== undefined && vector.metric.startsWith('omega') && periodsPerYearOf(vector) !== 1) {
    return wanted <= -1 ? Number.NaN : (1 + wanted) ** (1 / periodsPerYearOf(vector)) - 1;
  }
  if (wanted !== undefined) return wanted;
  return termIn(vector.metric, 'mar') ?? parameter(vector, 'mar', 'MAR', 'target') ?? 0;
}

function risklessOf(vector: Vector): number {
  return termIn(vector.metric, 'rf') ?? parameter(vector, 'rf', 'Rf', 'risk_free') ?? 0;
}

/** Ratios of the returns that are there; a missing one is no return of 0. */
function ratiosOf(vector: Vector, periodsPerYear = periodsPerYearOf(vector)): Total {
  const series = new ReturnSeries({
    periodsPerYear,
    risklessReturn: risklessOf(vector),
    targetReturn: targetOf(vector),
    minimumCount: 1,
  });
  for (const value of present(vector.inputs)) series.add(value);
  return series.total;
}

function of(read: (ratios: Total) => number | undefined): VectorRunner {
  return (vector) => read(ratiosOf(vector));
}

/** A ratio to, or a multiple of, a sample deviation, turned to the degrees of freedom asked for. */
function byDeviation(read: (ratios: Total) => number | undefined, power: 1 | -1): VectorRunner {
  return (vector) => {
    const ratios = ratiosOf(vector);
    const value = read(ratios);
    return value === undefined ? undefined : value * deviationFactor(vector, ratios.count) ** power;
  };
}

function annualReturn(vector: Vector): number | undefined {
  const returns = listOf(vector.inputs);
  const growth = 1 + (ratiosOf(vector).cumulativeReturn ?? Number.NaN);
  // The library behind this vector counts a missing return as a period of the year.
  return compoundAnnualGrowth(1, growth, returns.length, periodsPerYearOf(vector));
}

function sharpeProbability(vector: Vector): unknown {
  const reference = given(vector, 'sr_ref', 'reference', 'refSR', 'sr_star') ?? 0;
  if (given(vector, 'sr', 'sharpe') === undefined) return ratiosOf(vector).probabilisticSharpe(reference);
  const probability = (kurtosis: number): number | undefined =>
    probabilisticSharpe(
      {
        sharpe: required(vector, 'sr', 'sharpe'),
        count: required(vector, 'n', 'T'),
        skewness: given(vector, 'skew', 'skewness') ?? 0,
        kurtosis,
      },
      reference,
    );
  const psr = probability(given(vector, 'kurtosis', 'kurt') ?? 3);
  return typeof vector.expected === 'number' ? psr : { psr_kurtosis_ignored: probability(3), psr };
}

function annualVariance(vector: Vector): unknown {
  const periods = vector.params['periods_per_year'];
  const variance = (periodsPerYear: number): unknown => {
    const ratios = ratiosOf(vector, periodsPerYear);
    return ratios.variance === undefined ? undefined : ratios.variance * deviationFactor(vector, ratios.count) ** 2;
  };
  return Array.isArray(periods) ? (periods as number[]).map(variance) : variance(periodsPerYearOf(vector));
}

function growth(vector: Vector): unknown {
  if (!Array.isArray(vector.inputs)) {
    return compoundAnnualGrowth(
      required(vector, 'start', 'starting_balance', 'begin'),
      required(vector, 'end', 'final_balance'),
      required(vector, 'days', 'days_passed', 'periods'),
      parameter(vector, 'days_per_year') ?? 365,
    );
  }
  if (typeof vector.inputs[0] === 'number' || vector.inputs[0] === null) return annualReturn(vector);
  const rows = vector.inputs as readonly (readonly [number, number, number])[];
  const daysPerYear = parameter(vector, 'days_per_year') ?? 365;
  return rows.map(([start, end, days]) => compoundAnnualGrowth(start, end, days, daysPerYear));
}

/** Growth of 1, or of `starting_value`, less 1 where that is 0. */
function cumulated(vector: Vector): unknown {
  const start = parameter(vector, 'starting_value') ?? 0;
  let growth = 1;
  return present(vector.inputs).map((value) => {
    growth *= 1 + value;
    return start === 0 ? growth - 1 : growth * start;
  });
}

function depthsOf(vector: Vector): DrawdownDepths {
  const depths = new DrawdownDepths();
  for (const value of present(vector.inputs)) depths.add(value);
  return depths;
}

function ulcer(vector: Vector): unknown {
  const depths = depthsOf(vector);
  return vector.metric.endsWith('n_minus_1') || vector.params['ddof'] === 1 ? depths.ulcerSample : depths.ulcer;
}

function tails(vector: Vector): unknown {
  const given = vector.params['tails'];
  const low = Array.isArray(given) ? Math.min(...(given as number[])) : parameter(vector, 'p', 'cutoff');
  return tailRatio(present(vector.inputs), low ?? 0.05);
}

/** By the `metric` of a vector. */
export const RETURN_RUNNERS: Readonly<Record<string, VectorRunner>> = {
  sharpe_ratio: byDeviation((ratios) => ratios.sharpe, -1),
  annual_volatility: byDeviation((ratios) => ratios.volatility, 1),
  volatility: byDeviation((ratios) => ratios.volatility, 1),
  sortino_ratio: of((ratios) => ratios.sortino),
  downside_risk: of((ratios) => ratios.downsideDeviation),
  annual_return: annualReturn,
  omega_ratio: of((ratios) => ratios.omega),
  calmar_ratio: of((ratios) => ratios.calmar),
  cum_returns_final: of((ratios) => ratios.cumulativeReturn),
  total_return: of((ratios) => ratios.cumulativeReturn),
  cum_returns: cumulated,
  downside_deviation_annualised: of((ratios) => ratios.downsideDeviation),
  returns_volatility: byDeviation((ratios) => ratios.volatility, 1),
  risk_return_ratio: byDeviation((ratios) => ratios.sharpePerPeriod, -1),
  cumulative_return: of((ratios) => ratios.cumulativeReturn),
  tail_ratio: tails,
  probabilistic_sharpe_ratio: sharpeProbability,
  cagr: growth,
  annual_variance: annualVariance,
  pain_index: (vector) => depthsOf(vector).pain,
};

/** By a pattern of the `metric`, for names that carry a parameter; the first that fits. */
export const RETURN_PATTERNS: readonly (readonly [RegExp, VectorRunner])[] = [
  [/^downside_deviation(?:_.*)?_annualised/, of((ratios) => ratios.downsideDeviation)],
  [/^downside_deviation/, of((ratios) => ratios.downsideDeviationPerPeriod)],
  [/^sortino.*(?:unannualised|per_period)/, of((ratios) => ratios.sortinoPerPeriod)],
  [/^sortino/, of((ratios) => ratios.sortino)],
  [/^sharpe.*(?:unannualised|per_period)/, byDeviation((ratios) => ratios.sharpePerPeriod, -1)],
  [/^sharpe/, byDeviation((ratios) => ratios.sharpe, -1)],
  [/^bernardo_ledoit|^omega/, of((ratios) => ratios.omega)],
  [/^annualised_return_geometric|^annual_return_|^cagr_/, of((ratios) => ratios.annualReturn)],
  [/^(?:annual(?:ised)?_)?(?:volatility|stddev|std)/, byDeviation((ratios) => ratios.volatility, 1)],
  [/^calmar/, of((ratios) => ratios.calmar)],
  [/^ulcer/, ulcer],
  [/^upside_frequency/, of((ratios) => ratios.upsideFrequency)],
];
