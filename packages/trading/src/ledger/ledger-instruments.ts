import type { Counter, Gauge, Histogram, Meter, ObservableGauge, UpDownCounter } from '@opentelemetry/api';
import {
  createCounter,
  createGauge,
  createHistogram,
  createObservableGauge,
  createUpDownCounter,
  METRIC_TRADING_FEE,
  METRIC_TRADING_FILL_COUNT,
  METRIC_TRADING_FILL_NOTIONAL,
  METRIC_TRADING_FILL_QUANTITY,
  METRIC_TRADING_LEDGER_ERROR,
  METRIC_TRADING_PNL_REALIZED,
  METRIC_TRADING_PNL_UNREALIZED,
  METRIC_TRADING_POSITION_QUANTITY,
  METRIC_TRADING_TRADE_COUNT,
  METRIC_TRADING_TRADE_DURATION,
  METRIC_TRADING_TRADE_GAIN,
  METRIC_TRADING_TRADE_LOSS,
} from '@nanometer/semconv';

/** The instruments of fills, positions, P&L and closed trades. */
export class LedgerInstruments {
  readonly fillCount: Counter;
  readonly fillQuantity: Counter;
  readonly fillNotional: Counter;
  readonly fee: UpDownCounter;
  readonly pnlRealized: UpDownCounter;
  readonly pnlUnrealized: Gauge;
  readonly positionQuantity: Gauge;
  readonly tradeCount: Counter;
  readonly tradeGain: Counter;
  readonly tradeLoss: Counter;
  readonly tradeDuration: Histogram;
  readonly ledgerError: ObservableGauge;

  constructor(meter: Meter) {
    this.fillCount = createCounter(meter, METRIC_TRADING_FILL_COUNT);
    this.fillQuantity = createCounter(meter, METRIC_TRADING_FILL_QUANTITY);
    this.fillNotional = createCounter(meter, METRIC_TRADING_FILL_NOTIONAL);
    this.fee = createUpDownCounter(meter, METRIC_TRADING_FEE);
    this.pnlRealized = createUpDownCounter(meter, METRIC_TRADING_PNL_REALIZED);
    this.pnlUnrealized = createGauge(meter, METRIC_TRADING_PNL_UNREALIZED);
    this.positionQuantity = createGauge(meter, METRIC_TRADING_POSITION_QUANTITY);
    this.tradeCount = createCounter(meter, METRIC_TRADING_TRADE_COUNT);
    this.tradeGain = createCounter(meter, METRIC_TRADING_TRADE_GAIN);
    this.tradeLoss = createCounter(meter, METRIC_TRADING_TRADE_LOSS);
    this.tradeDuration = createHistogram(meter, METRIC_TRADING_TRADE_DURATION);
    this.ledgerError = createObservableGauge(meter, METRIC_TRADING_LEDGER_ERROR);
  }
}
