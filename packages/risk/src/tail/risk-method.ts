import type { LossLaw } from '@nanometer/quant';

/**
 * How value at risk and expected shortfall are made from past returns, always on today's positions:
 * - `filtered_historical`: past returns scaled from the volatility of their day to today's.
 * - `historical`: past returns as they were.
 * - `parametric`: a normal law with the mean and sample deviation of the scenario losses.
 * - `cornish_fisher`: the normal quantile bent by their skewness and kurtosis, where that still orders losses.
 * - `ewma`: a normal law without mean whose variance fades from the latest period back.
 */
export type RiskMethod = 'filtered_historical' | 'historical' | 'parametric' | 'cornish_fisher' | 'ewma';

/** Scenarios and law of a method. */
export interface MethodModel {
  readonly isFiltered: boolean;
  readonly law: LossLaw;
}

export const RISK_METHODS: Readonly<Record<RiskMethod, MethodModel>> = {
  filtered_historical: { isFiltered: true, law: 'empirical' },
  historical: { isFiltered: false, law: 'empirical' },
  parametric: { isFiltered: false, law: 'normal' },
  cornish_fisher: { isFiltered: false, law: 'cornish_fisher' },
  ewma: { isFiltered: false, law: 'ewma' },
};
