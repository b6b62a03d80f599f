import {
  ATTR_RISK_BASEL_ZONE,
  ATTR_RISK_CONFIDENCE,
  ATTR_RISK_CORRELATION_FIRST,
  ATTR_RISK_CORRELATION_METHOD,
  ATTR_RISK_CORRELATION_SECOND,
  ATTR_RISK_METHOD,
  ATTR_TRADING_CURRENCY,
  METRIC_RISK_CORRELATION_AVERAGE,
  METRIC_RISK_CORRELATION_LARGEST_EIGENVALUE_SHARE,
  METRIC_RISK_CORRELATION_PAIR,
  METRIC_RISK_EXPECTED_SHORTFALL,
  METRIC_RISK_KILL_SWITCH_ACTIVE,
  METRIC_RISK_VALUE_AT_RISK,
  METRIC_RISK_VALUE_AT_RISK_BASEL_EXCEPTIONS,
  METRIC_RISK_VALUE_AT_RISK_BASEL_ZONE_COUNT,
  METRIC_RISK_VALUE_AT_RISK_CONDITIONAL_COVERAGE,
  METRIC_RISK_VALUE_AT_RISK_EXCEPTION_COUNT,
  METRIC_RISK_VALUE_AT_RISK_INDEPENDENCE,
  METRIC_RISK_VALUE_AT_RISK_KUPIEC,
  METRIC_RISK_VALUE_AT_RISK_PERIOD_COUNT,
  METRIC_RISK_VALUE_AT_RISK_UNCOVERED,
} from '@nanometer/semconv';
import type { Measure } from '../store/measure.ts';
import type { Declare } from './declare.ts';

/** What a book may lose, and whether that forecast has held so far. */
export interface TailRiskMeasures {
  /** By method, confidence, currency; losses are positive. */
  readonly valueAtRisk: Measure;
  readonly expectedShortfall: Measure;
  /** By method, confidence. */
  readonly periods: Measure;
  readonly exceptions: Measure;
  readonly kupiec: Measure;
  readonly independence: Measure;
  readonly coverage: Measure;
  /** By method. */
  readonly baselExceptions: Measure;
  /** By method, zone. */
  readonly baselZones: Measure;
  /** By currency. */
  readonly uncovered: Measure;
  readonly killSwitch: Measure;
  /** By instrument, instrument, method. */
  readonly pairs: Measure;
  readonly averageCorrelation: Measure;
  readonly eigenvalueShare: Measure;
}

/** Declares {@link TailRiskMeasures}. */
export function tailRiskMeasures({ sum, worst }: Declare): TailRiskMeasures {
  const level = [ATTR_RISK_METHOD, ATTR_RISK_CONFIDENCE];
  return {
    valueAtRisk: sum(METRIC_RISK_VALUE_AT_RISK, [...level, ATTR_TRADING_CURRENCY]),
    expectedShortfall: sum(METRIC_RISK_EXPECTED_SHORTFALL, [...level, ATTR_TRADING_CURRENCY]),
    periods: sum(METRIC_RISK_VALUE_AT_RISK_PERIOD_COUNT, level),
    exceptions: sum(METRIC_RISK_VALUE_AT_RISK_EXCEPTION_COUNT, level),
    kupiec: worst(METRIC_RISK_VALUE_AT_RISK_KUPIEC, level),
    independence: worst(METRIC_RISK_VALUE_AT_RISK_INDEPENDENCE, level),
    coverage: worst(METRIC_RISK_VALUE_AT_RISK_CONDITIONAL_COVERAGE, level),
    baselExceptions: worst(METRIC_RISK_VALUE_AT_RISK_BASEL_EXCEPTIONS, [ATTR_RISK_METHOD]),
    baselZones: sum(METRIC_RISK_VALUE_AT_RISK_BASEL_ZONE_COUNT, [ATTR_RISK_METHOD, ATTR_RISK_BASEL_ZONE]),
    uncovered: sum(METRIC_RISK_VALUE_AT_RISK_UNCOVERED, [ATTR_TRADING_CURRENCY]),
    killSwitch: worst(METRIC_RISK_KILL_SWITCH_ACTIVE),
    pairs: worst(METRIC_RISK_CORRELATION_PAIR, [
      ATTR_RISK_CORRELATION_FIRST,
      ATTR_RISK_CORRELATION_SECOND,
      ATTR_RISK_CORRELATION_METHOD,
    ]),
    averageCorrelation: worst(METRIC_RISK_CORRELATION_AVERAGE),
    eigenvalueShare: worst(METRIC_RISK_CORRELATION_LARGEST_EIGENVALUE_SHARE),
  };
}
