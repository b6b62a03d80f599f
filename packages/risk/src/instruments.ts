import type { Counter, Gauge, Histogram, Meter, ObservableGauge } from '@opentelemetry/api';
import {
  createCounter,
  createGauge,
  createHistogram,
  createObservableGauge,
  METRIC_RISK_CONCENTRATION,
  METRIC_RISK_CORRELATION_AVERAGE,
  METRIC_RISK_CORRELATION_LARGEST_EIGENVALUE_SHARE,
  METRIC_RISK_CORRELATION_PAIR,
  METRIC_RISK_CORRELATION_STEP_COUNT,
  METRIC_RISK_CORRELATION_STEP_DROPPED,
  METRIC_RISK_CORRELATION_STEP_DURATION,
  METRIC_RISK_DRAWDOWN,
  METRIC_RISK_DRAWDOWN_MAX,
  METRIC_RISK_DRAWDOWN_RATIO,
  METRIC_RISK_EQUITY,
  METRIC_RISK_EVENT_DROPPED,
  METRIC_RISK_EXPECTED_SHORTFALL,
  METRIC_RISK_EXPECTED_SHORTFALL_COMPONENT,
  METRIC_RISK_EXPOSURE_GROSS,
  METRIC_RISK_EXPOSURE_GROUP_GROSS,
  METRIC_RISK_EXPOSURE_GROUP_LONG,
  METRIC_RISK_EXPOSURE_GROUP_NET,
  METRIC_RISK_EXPOSURE_GROUP_SHORT,
  METRIC_RISK_EXPOSURE_LONG,
  METRIC_RISK_EXPOSURE_NET,
  METRIC_RISK_EXPOSURE_NOTIONAL,
  METRIC_RISK_EXPOSURE_SHORT,
  METRIC_RISK_KILL_SWITCH_ACTIVE,
  METRIC_RISK_KILL_SWITCH_TRIP_COUNT,
  METRIC_RISK_LEVERAGE,
  METRIC_RISK_LIMIT_BREACH_COUNT,
  METRIC_RISK_LIMIT_UTILIZATION,
  METRIC_RISK_STOP_DISTANCE,
  METRIC_RISK_STOP_DISTANCE_ATR,
  METRIC_RISK_STOP_FILL_DURATION,
  METRIC_RISK_STOP_MISSED_COUNT,
  METRIC_RISK_STOP_SLIPPAGE,
  METRIC_RISK_STOP_TRIGGER_COUNT,
  METRIC_RISK_UPDATE_DURATION,
  METRIC_RISK_VALUE_AT_RISK,
  METRIC_RISK_VALUE_AT_RISK_BASEL_EXCEPTIONS,
  METRIC_RISK_VALUE_AT_RISK_BASEL_ZONE_COUNT,
  METRIC_RISK_VALUE_AT_RISK_COMPONENT,
  METRIC_RISK_VALUE_AT_RISK_CONDITIONAL_COVERAGE,
  METRIC_RISK_VALUE_AT_RISK_EXCEPTION_COUNT,
  METRIC_RISK_VALUE_AT_RISK_INDEPENDENCE,
  METRIC_RISK_VALUE_AT_RISK_KUPIEC,
  METRIC_RISK_VALUE_AT_RISK_MARGINAL,
  METRIC_RISK_VALUE_AT_RISK_PERIOD_COUNT,
  METRIC_RISK_VALUE_AT_RISK_UNCOVERED,
  METRIC_RISK_VETO_COUNT,
} from '@nanometer/semconv';

/** Every instrument of the package, made once per instrumentation. */
export class Instruments {
  readonly exposureNotional: Gauge;
  readonly exposureNet: Gauge;
  readonly exposureGross: Gauge;
  readonly exposureLong: Gauge;
  readonly exposureShort: Gauge;
  readonly exposureGroupNet: ObservableGauge;
  readonly exposureGroupGross: ObservableGauge;
  readonly exposureGroupLong: ObservableGauge;
  readonly exposureGroupShort: ObservableGauge;
  readonly concentration: ObservableGauge;
  readonly leverage: ObservableGauge;
  readonly equity: Gauge;
  readonly drawdown: Gauge;
  readonly drawdownMax: Gauge;
  readonly drawdownRatio: Gauge;
  readonly valueAtRisk: Gauge;
  readonly expectedShortfall: Gauge;
  readonly valueAtRiskComponent: ObservableGauge;
  readonly valueAtRiskMarginal: ObservableGauge;
  readonly expectedShortfallComponent: ObservableGauge;
  readonly valueAtRiskUncovered: Gauge;
  readonly valueAtRiskPeriodCount: Counter;
  readonly valueAtRiskExceptionCount: Counter;
  readonly valueAtRiskKupiec: Gauge;
  readonly valueAtRiskIndependence: Gauge;
  readonly conditionalCoverage: Gauge;
  readonly baselExceptions: Gauge;
  readonly baselZoneCount: Counter;
  readonly limitUtilization: Gauge;
  readonly limitBreachCount: Counter;
  readonly killSwitchActive: Gauge;
  readonly killSwitchTripCount: Counter;
  readonly vetoCount: Counter;
  readonly stopTriggerCount: Counter;
  readonly stopMissedCount: Counter;
  readonly stopDistance: Gauge;
  readonly stopDistanceAtr: Gauge;
  readonly stopFillDuration: Histogram;
  readonly stopSlippage: Histogram;
  readonly correlationAverage: Gauge;
  readonly correlationEigenvalueShare: Gauge;
  readonly correlationPair: ObservableGauge;
  readonly correlationStepCount: Counter;
  readonly correlationStepDropped: Counter;
  readonly correlationStepDuration: Histogram;
  readonly updateDuration: Histogram;
  readonly eventDropped: Counter;

  constructor(meter: Meter) {
    this.exposureNotional = createGauge(meter, METRIC_RISK_EXPOSURE_NOTIONAL);
    this.exposureNet = createGauge(meter, METRIC_RISK_EXPOSURE_NET);
    this.exposureGross = createGauge(meter, METRIC_RISK_EXPOSURE_GROSS);
    this.exposureLong = createGauge(meter, METRIC_RISK_EXPOSURE_LONG);
    this.exposureShort = createGauge(meter, METRIC_RISK_EXPOSURE_SHORT);
    this.exposureGroupNet = createObservableGauge(meter, METRIC_RISK_EXPOSURE_GROUP_NET);
    this.exposureGroupGross = createObservableGauge(meter, METRIC_RISK_EXPOSURE_GROUP_GROSS);
    this.exposureGroupLong = createObservableGauge(meter, METRIC_RISK_EXPOSURE_GROUP_LONG);
    this.exposureGroupShort = createObservableGauge(meter, METRIC_RISK_EXPOSURE_GROUP_SHORT);
    this.concentration = createObservableGauge(meter, METRIC_RISK_CONCENTRATION);
    this.leverage = createObservableGauge(meter, METRIC_RISK_LEVERAGE);
    this.equity = createGauge(meter, METRIC_RISK_EQUITY);
    this.drawdown = createGauge(meter, METRIC_RISK_DRAWDOWN);
    this.drawdownMax = createGauge(meter, METRIC_RISK_DRAWDOWN_MAX);
    this.drawdownRatio = createGauge(meter, METRIC_RISK_DRAWDOWN_RATIO);
    this.valueAtRisk = createGauge(meter, METRIC_RISK_VALUE_AT_RISK);
    this.expectedShortfall = createGauge(meter, METRIC_RISK_EXPECTED_SHORTFALL);
    this.valueAtRiskComponent = createObservableGauge(meter, METRIC_RISK_VALUE_AT_RISK_COMPONENT);
    this.valueAtRiskMarginal = createObservableGauge(meter, METRIC_RISK_VALUE_AT_RISK_MARGINAL);
    this.expectedShortfallComponent = createObservableGauge(meter, METRIC_RISK_EXPECTED_SHORTFALL_COMPONENT);
    this.valueAtRiskUncovered = createGauge(meter, METRIC_RISK_VALUE_AT_RISK_UNCOVERED);
    this.valueAtRiskPeriodCount = createCounter(meter, METRIC_RISK_VALUE_AT_RISK_PERIOD_COUNT);
    this.valueAtRiskExceptionCount = createCounter(meter, METRIC_RISK_VALUE_AT_RISK_EXCEPTION_COUNT);
    this.valueAtRiskKupiec = createGauge(meter, METRIC_RISK_VALUE_AT_RISK_KUPIEC);
    this.valueAtRiskIndependence = createGauge(meter, METRIC_RISK_VALUE_AT_RISK_INDEPENDENCE);
    this.conditionalCoverage = createGauge(meter, METRIC_RISK_VALUE_AT_RISK_CONDITIONAL_COVERAGE);
    this.baselExceptions = createGauge(meter, METRIC_RISK_VALUE_AT_RISK_BASEL_EXCEPTIONS);
    this.baselZoneCount = createCounter(meter, METRIC_RISK_VALUE_AT_RISK_BASEL_ZONE_COUNT);
    this.limitUtilization = createGauge(meter, METRIC_RISK_LIMIT_UTILIZATION);
    this.limitBreachCount = createCounter(meter, METRIC_RISK_LIMIT_BREACH_COUNT);
    this.killSwitchActive = createGauge(meter, METRIC_RISK_KILL_SWITCH_ACTIVE);
    this.killSwitchTripCount = createCounter(meter, METRIC_RISK_KILL_SWITCH_TRIP_COUNT);
    this.vetoCount = createCounter(meter, METRIC_RISK_VETO_COUNT);
    this.stopTriggerCount = createCounter(meter, METRIC_RISK_STOP_TRIGGER_COUNT);
    this.stopMissedCount = createCounter(meter, METRIC_RISK_STOP_MISSED_COUNT);
    this.stopDistance = createGauge(meter, METRIC_RISK_STOP_DISTANCE);
    this.stopDistanceAtr = createGauge(meter, METRIC_RISK_STOP_DISTANCE_ATR);
    this.stopFillDuration = createHistogram(meter, METRIC_RISK_STOP_FILL_DURATION);
    this.stopSlippage = createHistogram(meter, METRIC_RISK_STOP_SLIPPAGE);
    this.correlationAverage = createGauge(meter, METRIC_RISK_CORRELATION_AVERAGE);
    this.correlationEigenvalueShare = createGauge(meter, METRIC_RISK_CORRELATION_LARGEST_EIGENVALUE_SHARE);
    this.correlationPair = createObservableGauge(meter, METRIC_RISK_CORRELATION_PAIR);
    this.correlationStepCount = createCounter(meter, METRIC_RISK_CORRELATION_STEP_COUNT);
    this.correlationStepDropped = createCounter(meter, METRIC_RISK_CORRELATION_STEP_DROPPED);
    this.correlationStepDuration = createHistogram(meter, METRIC_RISK_CORRELATION_STEP_DURATION);
    this.updateDuration = createHistogram(meter, METRIC_RISK_UPDATE_DURATION);
    this.eventDropped = createCounter(meter, METRIC_RISK_EVENT_DROPPED);
  }

  /** Those whose values are asked for when they are collected. */
  get observed(): ObservableGauge[] {
    return [
      this.exposureGroupNet,
      this.exposureGroupGross,
      this.exposureGroupLong,
      this.exposureGroupShort,
      this.concentration,
      this.leverage,
      this.valueAtRiskComponent,
      this.valueAtRiskMarginal,
      this.expectedShortfallComponent,
      this.correlationPair,
    ];
  }
}
