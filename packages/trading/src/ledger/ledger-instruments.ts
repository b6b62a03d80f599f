import type { Counter, Gauge, Histogram, Meter, ObservableGauge, UpDownCounter } from '@opentelemetry/api';
import {
  createCounter,
  createGauge,
  createHistogram,
  createObservableGauge,
  createUpDownCounter,
  METRIC_TRADING_BORROW,
  METRIC_TRADING_FEE,
  METRIC_TRADING_FILL_CORRECTED,
  METRIC_TRADING_FILL_COUNT,
  METRIC_TRADING_FILL_NOTIONAL,
  METRIC_TRADING_FILL_NOTIONAL_RETRACTED,
  METRIC_TRADING_FILL_QUANTITY,
  METRIC_TRADING_FUNDING,
  METRIC_TRADING_LEDGER_ERROR,
  METRIC_TRADING_MARK_AGE,
  METRIC_TRADING_PNL_NET,
  METRIC_TRADING_PNL_REALIZED,
  METRIC_TRADING_PNL_UNREALIZED,
  METRIC_TRADING_POSITION_QUANTITY,
  METRIC_TRADING_TRADE_COUNT,
  METRIC_TRADING_TRADE_DURATION,
  METRIC_TRADING_TRADE_EXCURSION,
  METRIC_TRADING_TRADE_EXPECTANCY,
  METRIC_TRADING_TRADE_GAIN,
  METRIC_TRADING_TRADE_GAIN_RETRACTED,
  METRIC_TRADING_TRADE_HOLDING_DURATION,
  METRIC_TRADING_TRADE_LOSS,
  METRIC_TRADING_TRADE_LOSS_RETRACTED,
  METRIC_TRADING_TRADE_PAYOFF,
  METRIC_TRADING_TRADE_PROFIT_FACTOR,
  METRIC_TRADING_TRADE_QUALITY,
  METRIC_TRADING_TRADE_RETRACTED,
  METRIC_TRADING_TRADE_WIN_RATE,
} from '@nanometer/semconv';

/** The instruments of fills, positions, P&L and closed trades. */
export class LedgerInstruments {
  readonly fillCount: Counter;
  readonly fillQuantity: Counter;
  readonly fillNotional: Counter;
  readonly fillNotionalRetracted: Counter;
  readonly fillCorrected: Counter;
  readonly fee: UpDownCounter;
  readonly funding: UpDownCounter;
  readonly borrow: UpDownCounter;
  readonly pnlRealized: UpDownCounter;
  readonly pnlUnrealized: Gauge;
  readonly pnlNet: Gauge;
  readonly positionQuantity: Gauge;
  readonly tradeCount: Counter;
  readonly tradeRetracted: Counter;
  readonly tradeGain: Counter;
  readonly tradeGainRetracted: Counter;
  readonly tradeLoss: Counter;
  readonly tradeLossRetracted: Counter;
  readonly tradeDuration: Histogram;
  readonly tradeExcursion: Histogram;
  readonly observed: ObservedInstruments;

  constructor(meter: Meter) {
    this.fillCount = createCounter(meter, METRIC_TRADING_FILL_COUNT);
    this.fillQuantity = createCounter(meter, METRIC_TRADING_FILL_QUANTITY);
    this.fillNotional = createCounter(meter, METRIC_TRADING_FILL_NOTIONAL);
    this.fillNotionalRetracted = createCounter(meter, METRIC_TRADING_FILL_NOTIONAL_RETRACTED);
    this.fillCorrected = createCounter(meter, METRIC_TRADING_FILL_CORRECTED);
    this.fee = createUpDownCounter(meter, METRIC_TRADING_FEE);
    this.funding = createUpDownCounter(meter, METRIC_TRADING_FUNDING);
    this.borrow = createUpDownCounter(meter, METRIC_TRADING_BORROW);
    this.pnlRealized = createUpDownCounter(meter, METRIC_TRADING_PNL_REALIZED);
    this.pnlUnrealized = createGauge(meter, METRIC_TRADING_PNL_UNREALIZED);
    this.pnlNet = createGauge(meter, METRIC_TRADING_PNL_NET);
    this.positionQuantity = createGauge(meter, METRIC_TRADING_POSITION_QUANTITY);
    this.tradeCount = createCounter(meter, METRIC_TRADING_TRADE_COUNT);
    this.tradeRetracted = createCounter(meter, METRIC_TRADING_TRADE_RETRACTED);
    this.tradeGain = createCounter(meter, METRIC_TRADING_TRADE_GAIN);
    this.tradeGainRetracted = createCounter(meter, METRIC_TRADING_TRADE_GAIN_RETRACTED);
    this.tradeLoss = createCounter(meter, METRIC_TRADING_TRADE_LOSS);
    this.tradeLossRetracted = createCounter(meter, METRIC_TRADING_TRADE_LOSS_RETRACTED);
    this.tradeDuration = createHistogram(meter, METRIC_TRADING_TRADE_DURATION);
    this.tradeExcursion = createHistogram(meter, METRIC_TRADING_TRADE_EXCURSION);
    this.observed = new ObservedInstruments(meter);
  }
}

/** What is computed when readers collect. */
export class ObservedInstruments {
  readonly ledgerError: ObservableGauge;
  readonly markAge: ObservableGauge;
  readonly winRate: ObservableGauge;
  readonly profitFactor: ObservableGauge;
  readonly expectancy: ObservableGauge;
  readonly payoff: ObservableGauge;
  readonly quality: ObservableGauge;
  readonly holding: ObservableGauge;
  readonly all: ObservableGauge[];

  constructor(meter: Meter) {
    this.ledgerError = createObservableGauge(meter, METRIC_TRADING_LEDGER_ERROR);
    this.markAge = createObservableGauge(meter, METRIC_TRADING_MARK_AGE);
    this.winRate = createObservableGauge(meter, METRIC_TRADING_TRADE_WIN_RATE);
    this.profitFactor = createObservableGauge(meter, METRIC_TRADING_TRADE_PROFIT_FACTOR);
    this.expectancy = createObservableGauge(meter, METRIC_TRADING_TRADE_EXPECTANCY);
    this.payoff = createObservableGauge(meter, METRIC_TRADING_TRADE_PAYOFF);
    this.quality = createObservableGauge(meter, METRIC_TRADING_TRADE_QUALITY);
    this.holding = createObservableGauge(meter, METRIC_TRADING_TRADE_HOLDING_DURATION);
    this.all = [
      this.ledgerError,
      this.markAge,
      this.winRate,
      this.profitFactor,
      this.expectancy,
      this.payoff,
      this.quality,
      this.holding,
    ];
  }
}
