export {
  correlationOf,
  largestEigenvalueShare,
  ledoitWolf,
  populationCovariance,
} from './correlation/sample-correlation.ts';
export type { Shrunk, SquareMatrix } from './correlation/sample-correlation.ts';
export { EwmaCovariance } from './correlation/ewma-covariance.ts';
export { constantCorrelationShrinkage, oracleShrinkage } from './correlation/other-shrinkage.ts';
export { INSTRUMENTS_MAX, WINDOW_RETURNS_MAX, WINDOW_STEPS_MAX } from './correlation/correlation-size.ts';
export { CorrelationMatrix } from './correlation/correlation-matrix.ts';
export type { CovarianceSource } from './correlation/covariance-source.ts';
export { triangleLength } from './correlation/triangle.ts';
export type { TriangleMemory } from './correlation/triangle-memory.ts';
export { HayashiYoshidaMatrix } from './correlation/hayashi-yoshida-matrix.ts';
export { heaviestPairs, type Pair } from './correlation/heaviest-pairs.ts';
export { ShrunkCovariance } from './correlation/shrunk-covariance.ts';
export { WindowedCovariance } from './correlation/windowed-covariance.ts';
export { HayashiYoshida } from './correlation/hayashi-yoshida.ts';
export { ReturnGrid } from './correlation/return-grid.ts';
export { allocateCost, type CostAllocation } from './cost/allocate-cost.ts';
export { FeeAccount } from './cost/fee-account.ts';
export { FeeSchedule, type FeeStanding, type FeeTier } from './cost/fee-schedule.ts';
export { RollingVolume } from './cost/rolling-volume.ts';
export { damaged as damagedState, readState, stateLength, type StateParts, writeState } from './binary/state-file.ts';
export { QuantError, type QuantErrorCode } from './errors.ts';
export { ALPHA_FEES, ALPHA_SIGNAL, ALPHA_SLIPPAGE, type AlphaRate, AlphaWindow } from './execution/alpha-rate.ts';
export { type EdgeDecay, fitEdgeDecay } from './execution/edge-decay.ts';
export {
  type Direction,
  effectiveSpreadBps,
  priceImpactBps,
  realizedSpreadBps,
  slippageBps,
} from './execution/fill-spread.ts';
export { implementationShortfall, type OrderExecution, type Shortfall } from './execution/implementation-shortfall.ts';
export { type Attribution, JensenAttribution, type JensenOptions } from './execution/jensen-attribution.ts';
export { LifetimeEdge, type LifetimeEdgeOptions } from './execution/lifetime-edge.ts';
export {
  CURVE_CELLS,
  CURVE_EFFECTIVE_BPS,
  CURVE_IMPACT_BPS,
  CURVE_NET_BPS,
  CURVE_NOTIONAL,
  CURVE_REALIZED_BPS,
  MarkoutCurve,
  type MarkoutPoint,
  type SpreadPoint,
} from './execution/markout-curve.ts';
export {
  MARKOUT_ARRIVAL,
  MARKOUT_CELLS,
  MARKOUT_DUE,
  MARKOUT_FEE,
  MARKOUT_FEE_BPS,
  MARKOUT_LATER_MID,
  MARKOUT_MID,
  MARKOUT_NOTIONAL,
  MARKOUT_PRICE,
  MARKOUT_QUANTITY,
  MARKOUT_TIME,
  MarkoutQueue,
  type MarkoutSink,
  type QueuedFill,
} from './execution/markout-queue.ts';
export { QuoteHistory } from './execution/quote-history.ts';
export { RollingSums } from './execution/rolling-sums.ts';
export { SHORTFALL_CELLS, ShortfallAccount } from './execution/shortfall-account.ts';
export { TradedVolume, VOLUME_MARK_CELLS } from './execution/traded-volume.ts';
export {
  type ExperimentState,
  PairedExperiment,
  type PairedExperimentOptions,
  type PairedExperimentSnapshot,
} from './experiment/paired-experiment.ts';
export {
  mixtureRatio,
  SequentialTest,
  type SequentialTestOptions,
  twoSampleMixtureRatio,
  type TwoSamples,
  type Verdict,
} from './experiment/sequential-test.ts';
export type { Bar } from './indicator/bar.ts';
export { BarBuilder, type BarListener } from './indicator/bar-builder.ts';
export {
  type Indicator,
  INDICATOR_KINDS,
  type IndicatorKind,
  indicatorOf,
  type IndicatorSpec,
  type IndicatorValues,
} from './indicator/catalogue.ts';
export { EfficiencyRatio } from './indicator/efficiency-ratio.ts';
export {
  CommodityChannel,
  Macd,
  type MacdSeeding,
  type MacdValue,
  Momentum,
  MoneyFlow,
  RelativeStrength,
  Stochastic,
  type StochasticValue,
  WilliamsR,
} from './indicator/momentum.ts';
export {
  ExponentialMovingAverage,
  type Seeding,
  SimpleMovingAverage,
  VolumeWeightedMovingAverage,
  WeightedMovingAverage,
  WilderAverage,
} from './indicator/moving-average.ts';
export {
  AnchoredVwap,
  DirectionalMovement,
  type DirectionalSeeding,
  type DirectionalValue,
  OnBalanceVolume,
  Supertrend,
} from './indicator/trend.ts';
export {
  AverageTrueRange,
  type Band,
  BollingerBand,
  DonchianChannel,
  type FirstRange,
  KeltnerChannel,
  TrueRange,
  WindowDeviation,
} from './indicator/volatility.ts';
export { type Contract, notionalCurrency, notionalValue, priceOfUnitValue, unitValue } from './ledger/contract.ts';
export type { CurrencyTotals } from './ledger/currency-account.ts';
export type { MarkSource } from './ledger/contract-book.ts';
export type {
  Correction,
  CorrectionResult,
  Fill,
  FillResult,
  Liquidity,
  Mark,
  MarkResult,
  Payment,
  PaymentResult,
  Rate,
  RateResult,
  Side,
  Touch,
} from './ledger/events.ts';
export type { ClosedTradeList } from './ledger/closed-trades.ts';
export type { Amount, CorrectionEffect } from './ledger/fill-correction.ts';
export type { FillEffect } from './ledger/fill-effect.ts';
export type { CostMethod, PositionLedgerOptions } from './ledger/ledger-options.ts';
export { type PositionKey, PositionLedger } from './ledger/position-ledger.ts';
export type { Lot, Position } from './ledger/position.ts';
export { RateBook, type RateBookOptions } from './ledger/rate-book.ts';
export type { TradeGrouping } from './ledger/trade-grouper.ts';
export { type TradeOutcome, TradeStatistics } from './ledger/trade-statistics.ts';
export { AmihudIlliquidity } from './microstructure/amihud-illiquidity.ts';
export { type BookLevel, BookStatistics } from './microstructure/book-statistics.ts';
export { BulkVpin } from './microstructure/bulk-vpin.ts';
export { corwinSchultzSpread, type RangeBar } from './microstructure/corwin-schultz.ts';
export { FlowWindow, type FlowWindowResult } from './microstructure/flow-window.ts';
export { LeeReady, type TradeSign } from './microstructure/lee-ready.ts';
export { MarketMicrostructure, type TimedTrade } from './microstructure/market-microstructure.ts';
export type { MicrostructureOptions, VpinSettings } from './microstructure/market-options.ts';
export { MarketQuote } from './microstructure/market-quote.ts';
export { orderFlow } from './microstructure/order-flow.ts';
export { QuoteStatistics } from './microstructure/quote-statistics.ts';
export { imbalanceOf, isQuote, micropriceOf, midOf, type Quote, type TimedQuote } from './microstructure/quote.ts';
export { PriceGrid } from './microstructure/price-grid.ts';
export { RangeBars } from './microstructure/range-bars.ts';
export { RealizedMeasures } from './microstructure/realized-measures.ts';
export { Resilience } from './microstructure/resilience.ts';
export { RollSpread } from './microstructure/roll-spread.ts';
export { type VolumeBucket, Vpin } from './microstructure/vpin.ts';
export { LARGEST_AMOUNT, SMALLEST_AMOUNT } from './number/amount.ts';
export { CellTable } from './number/cell-table.ts';
export { NeumaierSum } from './number/neumaier-sum.ts';
export { carryCells, type Tape, TapeReader, TapeWriter } from './number/tape.ts';
export { BenchmarkComparison } from './performance/benchmark-comparison.ts';
export { DrawdownDepths } from './performance/drawdown-depths.ts';
export { compoundAnnualGrowth, tailRatio } from './performance/growth.ts';
export {
  annualReturnOf,
  losingStretches,
  type LossRatios,
  lossRatios,
  type LossTerms,
} from './performance/losing-stretches.ts';
export { MarketModel, type MarketSide } from './performance/market-model.ts';
export {
  kappa,
  kellyShare,
  lossGainRatio,
  lowerPartialMoment,
  meanAbsoluteDeviation,
  type MomentBase,
  omegaSharpeRatio,
  prospectRatio,
  upperPartialMoment,
  upsidePotentialRatio,
  volatilitySkewness,
} from './performance/partial-moments.ts';
export {
  PerformanceBook,
  type PerformanceBookOptions,
  type PerformanceBookSnapshot,
  type PeriodListener,
  type StrategyEntrySnapshot,
  type StrategyPair,
} from './performance/performance-book.ts';
export { PerformanceRun, type PerformanceRunSnapshot } from './performance/performance-run.ts';
export { type CompleteTerms, completeTerms, type PerformanceTerms } from './performance/performance-terms.ts';
export { PeriodClock, type PeriodClockOptions } from './performance/period-clock.ts';
export { PairedDifference } from './performance/paired-difference.ts';
export { ReturnRatios } from './performance/return-ratios.ts';
export { ReturnSeries, type ReturnSeriesOptions } from './performance/return-series.ts';
export {
  expectedBestSharpe,
  loFactor,
  minimumTrackRecord,
  normalSharpeError,
  probabilisticSharpe,
  type SharpeSample,
  sharpeStandardError,
} from './performance/sharpe.ts';
export { StrategyPerformance, type StrategyPerformanceSnapshot } from './performance/strategy-performance.ts';
export { Drawdown } from './portfolio/drawdown.ts';
export {
  EXPOSURE_DIMENSIONS,
  ExposureBook,
  type ExposureDimension,
  type ExposureKey,
} from './portfolio/exposure-book.ts';
export type { ExposureTotals } from './portfolio/exposure-group.ts';
export { Portfolio, type PortfolioOptions, type PortfolioSnapshot } from './portfolio/portfolio.ts';
export { BayesianChangePoint, type BayesianChangePointOptions } from './regime/bayesian-change-point.ts';
export { fitHiddenMarkov, type HiddenMarkovFit, type HiddenMarkovModel } from './regime/fit-hidden-markov.ts';
export { HamiltonFilter, type Regime } from './regime/hamilton-filter.ts';
export { type MeanChange, PageHinkley } from './regime/page-hinkley.ts';
export { RegimeTracker, type RegimeTrackerOptions } from './regime/regime-tracker.ts';
export { RULE_REGIMES, RuleGrid, type RuleGridOptions, type RuleGridSnapshot } from './regime/rule-grid.ts';
export { EwmaVariance } from './risk/ewma-variance.ts';
export { filteredScenarios } from './risk/filtered-scenarios.ts';
export { HistoricalRisk } from './risk/historical-risk.ts';
export type { LossLaw } from './risk/loss-law.ts';
export { modifiedExpectedShortfall } from './risk/modified-shortfall.ts';
export {
  type CornishFisherDomain,
  cornishFisherExpectedShortfall,
  cornishFisherQuantile,
  cornishFisherValueAtRisk,
  normalExpectedShortfall,
  normalValueAtRisk,
  type ReturnMoments,
  type ShapedMoments,
} from './risk/parametric-risk.ts';
export { type MarginalRisk, ScenarioBook, SCENARIOS_MAX, type TailRisk } from './risk/scenario-book.ts';
export { baselMultiplier, type BaselZone, baselZone } from './risk/basel-zone.ts';
export {
  independenceRatio,
  kupiecRatio,
  type Transitions,
  ValueAtRiskBacktest,
} from './risk/value-at-risk-backtest.ts';
export { type ForecastMethod, ValueAtRiskForecast } from './risk/value-at-risk-forecast.ts';
export { SignalQueue, type SignalListener, type SignalQueueSnapshot } from './signal/signal-queue.ts';
export { type SignalOutcome, SignalScore, type SignalScoreSnapshot } from './signal/signal-score.ts';
export { Autocorrelation } from './statistics/autocorrelation.ts';
export { chiSquareTail } from './statistics/chi-square.ts';
export { ForgettingRegression, type RegressionFit } from './statistics/forgetting-regression.ts';
export { DecayedPairMoments } from './statistics/decayed-pair-moments.ts';
export { DecayedRate } from './statistics/decayed-rate.ts';
export { Moments } from './statistics/moments.ts';
export { normalDensity, normalProbability, normalQuantile } from './statistics/normal.ts';
export { P2Quantile } from './statistics/p2-quantile.ts';
export { PairMoments } from './statistics/pair-moments.ts';
export { quantile, quantileOfSorted, quantileOfType, type QuantileType } from './statistics/quantile.ts';
export { rankCorrelation } from './statistics/rank-correlation.ts';
export { SlidingAggregate } from './statistics/sliding-aggregate.ts';
export { SortedWindow } from './statistics/sorted-window.ts';
export { tailMean } from './statistics/tail-mean.ts';
