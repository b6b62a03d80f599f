import {
  METRIC_EXCHANGE_FEED_DELAY_EXCESS,
  METRIC_RISK_DRAWDOWN,
  METRIC_RISK_EQUITY,
  METRIC_RISK_EXPOSURE_GROSS,
  METRIC_TRADING_ORDER_ACK_DURATION,
  METRIC_TRADING_PNL_REALIZED,
} from '@nanometer/semconv';

/** What a desk looks back at first. */
const WANTED: readonly string[] = [
  METRIC_RISK_EQUITY.name,
  METRIC_TRADING_PNL_REALIZED.name,
  METRIC_RISK_EXPOSURE_GROSS.name,
  METRIC_RISK_DRAWDOWN.name,
  METRIC_TRADING_ORDER_ACK_DURATION.name,
  METRIC_EXCHANGE_FEED_DELAY_EXCESS.name,
];

/** The metric to begin with: the first that a desk asks for, else the first there is. */
export function firstChoice(names: readonly string[]): string {
  return WANTED.find((name) => names.includes(name)) ?? names[0] ?? '';
}
