import type { Counter, Gauge, Histogram, Meter } from '@opentelemetry/api';
import {
  createCounter,
  createGauge,
  createHistogram,
  METRIC_RISK_DRAWDOWN,
  METRIC_RISK_DRAWDOWN_MAX,
  METRIC_RISK_DRAWDOWN_RATIO,
  METRIC_RISK_EQUITY,
  METRIC_RISK_EVENT_DROPPED,
  METRIC_RISK_EXPECTED_SHORTFALL,
  METRIC_RISK_EXPOSURE_GROSS,
  METRIC_RISK_EXPOSURE_NET,
  METRIC_RISK_EXPOSURE_NOTIONAL,
  METRIC_RISK_LIMIT_BREACH_COUNT,
  METRIC_RISK_LIMIT_UTILIZATION,
  METRIC_RISK_UPDATE_DURATION,
  METRIC_RISK_VALUE_AT_RISK,
  METRIC_RISK_VALUE_AT_RISK_EXCEPTION_COUNT,
  METRIC_RISK_VALUE_AT_RISK_KUPIEC,
  METRIC_RISK_VALUE_AT_RISK_PERIOD_COUNT,
  METRIC_RISK_VALUE_AT_RISK_UNCOVERED,
} from '@nanometer/semconv';

/** Every instrument of the package, made once per instrumentation. */
export class Instruments {
  readonly exposureNotional: Gauge;
  readonly exposureNet: Gauge;
  readonly exposureGross: Gauge;
  readonly equity: Gauge;
  readonly drawdown: Gauge;
  readonly drawdownMax: Gauge;
  readonly drawdownRatio: Gauge;
  readonly valueAtRisk: Gauge;
  readonly expectedShortfall: Gauge;
  readonly valueAtRiskUncovered: Gauge;
  readonly valueAtRiskPeriodCount: Counter;
  readonly valueAtRiskExceptionCount: Counter;
  readonly valueAtRiskKupiec: Gauge;
  readonly limitUtilization: Gauge;
  readonly limitBreachCount: Counter;
  readonly updateDuration: Histogram;
  readonly eventDropped: Counter;

  constructor(meter: Meter) {
    this.exposureNotional = createGauge(meter, METRIC_RISK_EXPOSURE_NOTIONAL);
    this.exposureNet = createGauge(meter, METRIC_RISK_EXPOSURE_NET);
    this.exposureGross = createGauge(meter, METRIC_RISK_EXPOSURE_GROSS);
    this.equity = createGauge(meter, METRIC_RISK_EQUITY);
    this.drawdown = createGauge(meter, METRIC_RISK_DRAWDOWN);
    this.drawdownMax = createGauge(meter, METRIC_RISK_DRAWDOWN_MAX);
    this.drawdownRatio = createGauge(meter, METRIC_RISK_DRAWDOWN_RATIO);
    this.valueAtRisk = createGauge(meter, METRIC_RISK_VALUE_AT_RISK);
    this.expectedShortfall = createGauge(meter, METRIC_RISK_EXPECTED_SHORTFALL);
    this.valueAtRiskUncovered = createGauge(meter, METRIC_RISK_VALUE_AT_RISK_UNCOVERED);
    this.valueAtRiskPeriodCount = createCounter(meter, METRIC_RISK_VALUE_AT_RISK_PERIOD_COUNT);
    this.valueAtRiskExceptionCount = createCounter(meter, METRIC_RISK_VALUE_AT_RISK_EXCEPTION_COUNT);
    this.valueAtRiskKupiec = createGauge(meter, METRIC_RISK_VALUE_AT_RISK_KUPIEC);
    this.limitUtilization = createGauge(meter, METRIC_RISK_LIMIT_UTILIZATION);
    this.limitBreachCount = createCounter(meter, METRIC_RISK_LIMIT_BREACH_COUNT);
    this.updateDuration = createHistogram(meter, METRIC_RISK_UPDATE_DURATION);
    this.eventDropped = createCounter(meter, METRIC_RISK_EVENT_DROPPED);
  }
}
