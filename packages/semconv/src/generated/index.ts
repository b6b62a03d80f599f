// Generated from packages/semconv/model by `npm run generate`. Do not edit.

import type { AttributeDefinition, MetricDefinition } from '../definition.ts';
import {
  METRIC_EXCHANGE_MESSAGE_COUNT,
  METRIC_EXCHANGE_MESSAGE_IO,
  METRIC_EXCHANGE_MESSAGE_GAP,
  METRIC_EXCHANGE_MESSAGE_STALE,
  METRIC_EXCHANGE_MESSAGE_RESYNC,
  METRIC_EXCHANGE_MESSAGE_HANDLER_DURATION,
  METRIC_EXCHANGE_FEED_DELAY_APPARENT,
  METRIC_EXCHANGE_FEED_DELAY_FLOOR,
  METRIC_EXCHANGE_FEED_DELAY_EXCESS,
  METRIC_EXCHANGE_FEED_AGE,
  METRIC_EXCHANGE_CHANNEL_AGE,
  METRIC_EXCHANGE_CONNECTION_ACTIVE,
  METRIC_EXCHANGE_CONNECTION_LOST,
  METRIC_EXCHANGE_REQUEST_DURATION,
  METRIC_EXCHANGE_REQUEST_QUEUE_DEPTH,
  METRIC_EXCHANGE_REQUEST_QUEUE_DURATION,
  METRIC_EXCHANGE_RATE_LIMIT_UTILIZATION,
  METRIC_EXCHANGE_EVENT_DROPPED,
} from './exchange.ts';
import {
  METRIC_ML_INFERENCE_DURATION,
  METRIC_ML_PREDICTION_COUNT,
  METRIC_ML_PREDICTION_RESOLVED,
  METRIC_ML_PREDICTION_EXPIRED,
  METRIC_ML_PREDICTION_ERROR,
  METRIC_ML_PREDICTION_VALUE,
  METRIC_ML_PREDICTION_PENDING,
  METRIC_ML_EVENT_DROPPED,
} from './ml.ts';
import {
  METRIC_NANOMETER_SDK_MEASUREMENT_DROPPED,
  METRIC_NANOMETER_SDK_SERIES_ACTIVE,
  METRIC_NANOMETER_OTLP_POINT_RECEIVED,
  METRIC_NANOMETER_OTLP_POINT_FORWARDED,
  METRIC_NANOMETER_OTLP_POINT_HELD,
  METRIC_NANOMETER_OTLP_POINT_DROPPED,
  METRIC_NANOMETER_OTLP_BYTE_HELD,
  METRIC_NANOMETER_OTLP_HELD_AGE,
  METRIC_NANOMETER_OTLP_REQUEST_RETRIED,
  METRIC_NANOMETER_OTLP_LOG_SYNC_DURATION,
  METRIC_NANOMETER_SDK_MEASUREMENT_OVERFLOWED,
  METRIC_NANOMETER_SDK_SERIES_OVERFLOWED,
  METRIC_NANOMETER_SDK_MEMORY_USAGE,
  METRIC_NANOMETER_BRIDGE_REQUEST_COUNT,
  METRIC_NANOMETER_BRIDGE_POINT_RECEIVED,
  METRIC_NANOMETER_BRIDGE_POINT_FORWARDED,
  METRIC_NANOMETER_BRIDGE_POINT_HELD,
  METRIC_NANOMETER_BRIDGE_POINT_DROPPED,
  METRIC_NANOMETER_BRIDGE_SERIES_ACTIVE,
  METRIC_NANOMETER_BRIDGE_SERIES_EXPIRED,
  METRIC_NANOMETER_BRIDGE_STATE_SIZE,
  METRIC_NANOMETER_BRIDGE_STATE_LOST,
  METRIC_NANOMETER_LIVE_CLIENT_ACTIVE,
  METRIC_NANOMETER_LIVE_FRAME_SENT,
  METRIC_NANOMETER_LIVE_FRAME_CONFLATED,
  METRIC_NANOMETER_STATSD_POINT_RECEIVED,
  METRIC_NANOMETER_STATSD_POINT_FORWARDED,
  METRIC_NANOMETER_STATSD_POINT_HELD,
  METRIC_NANOMETER_STATSD_POINT_DROPPED,
} from './nanometer.ts';
import {
  METRIC_OTEL_SDK_METRIC_READER_COLLECTION_DURATION,
} from './otel.ts';
import {
  METRIC_PIPELINE_INGEST_COUNT,
  METRIC_PIPELINE_PROCESS_COUNT,
  METRIC_PIPELINE_PROCESS_DURATION,
  METRIC_PIPELINE_QUEUE_SIZE,
  METRIC_PIPELINE_ERROR_COUNT,
  METRIC_PIPELINE_EVENT_DROPPED,
} from './pipeline.ts';
import {
  METRIC_NANOMETER_PROMETHEUS_SCRAPE_DURATION,
  METRIC_NANOMETER_PROMETHEUS_RESPONSE_SIZE,
  METRIC_NANOMETER_PROMETHEUS_POINT_RECEIVED,
  METRIC_NANOMETER_PROMETHEUS_POINT_FORWARDED,
  METRIC_NANOMETER_PROMETHEUS_POINT_DROPPED,
  METRIC_NANOMETER_PROMETHEUS_POINT_HELD,
} from './prometheus.ts';
import {
  METRIC_RISK_EXPOSURE_NOTIONAL,
  METRIC_RISK_EXPOSURE_NET,
  METRIC_RISK_EXPOSURE_GROSS,
  METRIC_RISK_EQUITY,
  METRIC_RISK_DRAWDOWN,
  METRIC_RISK_DRAWDOWN_MAX,
  METRIC_RISK_DRAWDOWN_RATIO,
  METRIC_RISK_VALUE_AT_RISK,
  METRIC_RISK_EXPECTED_SHORTFALL,
  METRIC_RISK_VALUE_AT_RISK_UNCOVERED,
  METRIC_RISK_VALUE_AT_RISK_PERIOD_COUNT,
  METRIC_RISK_VALUE_AT_RISK_EXCEPTION_COUNT,
  METRIC_RISK_VALUE_AT_RISK_KUPIEC,
  METRIC_RISK_LIMIT_UTILIZATION,
  METRIC_RISK_LIMIT_BREACH_COUNT,
  METRIC_RISK_UPDATE_DURATION,
  METRIC_RISK_EVENT_DROPPED,
} from './risk.ts';
import {
  METRIC_TRADING_ORDER_COUNT,
  METRIC_TRADING_ORDER_ACKNOWLEDGED,
  METRIC_TRADING_ORDER_REJECTED,
  METRIC_TRADING_ORDER_CANCELED,
  METRIC_TRADING_ORDER_OPEN,
  METRIC_TRADING_ORDER_ACK_DURATION,
  METRIC_TRADING_ORDER_FILL_DURATION,
  METRIC_TRADING_FILL_COUNT,
  METRIC_TRADING_FILL_QUANTITY,
  METRIC_TRADING_FILL_NOTIONAL,
  METRIC_TRADING_FEE,
  METRIC_TRADING_PNL_REALIZED,
  METRIC_TRADING_PNL_UNREALIZED,
  METRIC_TRADING_POSITION_QUANTITY,
  METRIC_TRADING_TRADE_COUNT,
  METRIC_TRADING_TRADE_GAIN,
  METRIC_TRADING_TRADE_LOSS,
  METRIC_TRADING_TRADE_DURATION,
  METRIC_TRADING_SLIPPAGE,
  METRIC_TRADING_SLIPPAGE_COST,
  METRIC_TRADING_EVENT_DROPPED,
  METRIC_TRADING_LEDGER_ERROR,
} from './trading.ts';

export {
  ATTR_EXCHANGE_NAME,
  ATTR_EXCHANGE_CHANNEL,
  ATTR_EXCHANGE_OPERATION,
  ATTR_EXCHANGE_LIMITER,
  ATTR_EXCHANGE_DROP_REASON,
  METRIC_EXCHANGE_MESSAGE_COUNT,
  METRIC_EXCHANGE_MESSAGE_IO,
  METRIC_EXCHANGE_MESSAGE_GAP,
  METRIC_EXCHANGE_MESSAGE_STALE,
  METRIC_EXCHANGE_MESSAGE_RESYNC,
  METRIC_EXCHANGE_MESSAGE_HANDLER_DURATION,
  METRIC_EXCHANGE_FEED_DELAY_APPARENT,
  METRIC_EXCHANGE_FEED_DELAY_FLOOR,
  METRIC_EXCHANGE_FEED_DELAY_EXCESS,
  METRIC_EXCHANGE_FEED_AGE,
  METRIC_EXCHANGE_CHANNEL_AGE,
  METRIC_EXCHANGE_CONNECTION_ACTIVE,
  METRIC_EXCHANGE_CONNECTION_LOST,
  METRIC_EXCHANGE_REQUEST_DURATION,
  METRIC_EXCHANGE_REQUEST_QUEUE_DEPTH,
  METRIC_EXCHANGE_REQUEST_QUEUE_DURATION,
  METRIC_EXCHANGE_RATE_LIMIT_UTILIZATION,
  METRIC_EXCHANGE_EVENT_DROPPED,
} from './exchange.ts';
export {
  ATTR_ML_MODEL_NAME,
  ATTR_ML_PREDICTION_OUTCOME,
  ATTR_ML_DROP_REASON,
  METRIC_ML_INFERENCE_DURATION,
  METRIC_ML_PREDICTION_COUNT,
  METRIC_ML_PREDICTION_RESOLVED,
  METRIC_ML_PREDICTION_EXPIRED,
  METRIC_ML_PREDICTION_ERROR,
  METRIC_ML_PREDICTION_VALUE,
  METRIC_ML_PREDICTION_PENDING,
  METRIC_ML_EVENT_DROPPED,
} from './ml.ts';
export {
  ATTR_ERROR_TYPE,
  ATTR_NANOMETER_OUTPUT,
  ATTR_NANOMETER_DROP_CAUSE,
  ATTR_NANOMETER_TRANSPORT,
  ATTR_NANOMETER_THREAD_KIND,
  METRIC_NANOMETER_SDK_MEASUREMENT_DROPPED,
  METRIC_NANOMETER_SDK_SERIES_ACTIVE,
  METRIC_NANOMETER_OTLP_POINT_RECEIVED,
  METRIC_NANOMETER_OTLP_POINT_FORWARDED,
  METRIC_NANOMETER_OTLP_POINT_HELD,
  METRIC_NANOMETER_OTLP_POINT_DROPPED,
  METRIC_NANOMETER_OTLP_BYTE_HELD,
  METRIC_NANOMETER_OTLP_HELD_AGE,
  METRIC_NANOMETER_OTLP_REQUEST_RETRIED,
  METRIC_NANOMETER_OTLP_LOG_SYNC_DURATION,
  METRIC_NANOMETER_SDK_MEASUREMENT_OVERFLOWED,
  METRIC_NANOMETER_SDK_SERIES_OVERFLOWED,
  METRIC_NANOMETER_SDK_MEMORY_USAGE,
  METRIC_NANOMETER_BRIDGE_REQUEST_COUNT,
  METRIC_NANOMETER_BRIDGE_POINT_RECEIVED,
  METRIC_NANOMETER_BRIDGE_POINT_FORWARDED,
  METRIC_NANOMETER_BRIDGE_POINT_HELD,
  METRIC_NANOMETER_BRIDGE_POINT_DROPPED,
  METRIC_NANOMETER_BRIDGE_SERIES_ACTIVE,
  METRIC_NANOMETER_BRIDGE_SERIES_EXPIRED,
  METRIC_NANOMETER_BRIDGE_STATE_SIZE,
  METRIC_NANOMETER_BRIDGE_STATE_LOST,
  METRIC_NANOMETER_LIVE_CLIENT_ACTIVE,
  METRIC_NANOMETER_LIVE_FRAME_SENT,
  METRIC_NANOMETER_LIVE_FRAME_CONFLATED,
  METRIC_NANOMETER_STATSD_POINT_RECEIVED,
  METRIC_NANOMETER_STATSD_POINT_FORWARDED,
  METRIC_NANOMETER_STATSD_POINT_HELD,
  METRIC_NANOMETER_STATSD_POINT_DROPPED,
} from './nanometer.ts';
export {
  ATTR_OTEL_COMPONENT_TYPE,
  ATTR_OTEL_COMPONENT_NAME,
  METRIC_OTEL_SDK_METRIC_READER_COLLECTION_DURATION,
} from './otel.ts';
export {
  ATTR_PIPELINE_STAGE,
  ATTR_PIPELINE_DROP_REASON,
  METRIC_PIPELINE_INGEST_COUNT,
  METRIC_PIPELINE_PROCESS_COUNT,
  METRIC_PIPELINE_PROCESS_DURATION,
  METRIC_PIPELINE_QUEUE_SIZE,
  METRIC_PIPELINE_ERROR_COUNT,
  METRIC_PIPELINE_EVENT_DROPPED,
} from './pipeline.ts';
export {
  ATTR_NANOMETER_SCRAPE_PROTOCOL,
  METRIC_NANOMETER_PROMETHEUS_SCRAPE_DURATION,
  METRIC_NANOMETER_PROMETHEUS_RESPONSE_SIZE,
  METRIC_NANOMETER_PROMETHEUS_POINT_RECEIVED,
  METRIC_NANOMETER_PROMETHEUS_POINT_FORWARDED,
  METRIC_NANOMETER_PROMETHEUS_POINT_DROPPED,
  METRIC_NANOMETER_PROMETHEUS_POINT_HELD,
} from './prometheus.ts';
export {
  ATTR_RISK_LIMIT_NAME,
  ATTR_RISK_CONFIDENCE,
  ATTR_RISK_METHOD,
  ATTR_RISK_DROP_REASON,
  METRIC_RISK_EXPOSURE_NOTIONAL,
  METRIC_RISK_EXPOSURE_NET,
  METRIC_RISK_EXPOSURE_GROSS,
  METRIC_RISK_EQUITY,
  METRIC_RISK_DRAWDOWN,
  METRIC_RISK_DRAWDOWN_MAX,
  METRIC_RISK_DRAWDOWN_RATIO,
  METRIC_RISK_VALUE_AT_RISK,
  METRIC_RISK_EXPECTED_SHORTFALL,
  METRIC_RISK_VALUE_AT_RISK_UNCOVERED,
  METRIC_RISK_VALUE_AT_RISK_PERIOD_COUNT,
  METRIC_RISK_VALUE_AT_RISK_EXCEPTION_COUNT,
  METRIC_RISK_VALUE_AT_RISK_KUPIEC,
  METRIC_RISK_LIMIT_UTILIZATION,
  METRIC_RISK_LIMIT_BREACH_COUNT,
  METRIC_RISK_UPDATE_DURATION,
  METRIC_RISK_EVENT_DROPPED,
} from './risk.ts';
export {
  ATTR_TRADING_STRATEGY,
  ATTR_TRADING_ACCOUNT,
  ATTR_TRADING_SYMBOL,
  ATTR_TRADING_SIDE,
  ATTR_TRADING_LIQUIDITY,
  ATTR_TRADING_CURRENCY,
  ATTR_TRADING_ORDER_TYPE,
  ATTR_TRADING_TRADE_OUTCOME,
  ATTR_TRADING_SLIPPAGE_DIRECTION,
  ATTR_TRADING_DROP_REASON,
  METRIC_TRADING_ORDER_COUNT,
  METRIC_TRADING_ORDER_ACKNOWLEDGED,
  METRIC_TRADING_ORDER_REJECTED,
  METRIC_TRADING_ORDER_CANCELED,
  METRIC_TRADING_ORDER_OPEN,
  METRIC_TRADING_ORDER_ACK_DURATION,
  METRIC_TRADING_ORDER_FILL_DURATION,
  METRIC_TRADING_FILL_COUNT,
  METRIC_TRADING_FILL_QUANTITY,
  METRIC_TRADING_FILL_NOTIONAL,
  METRIC_TRADING_FEE,
  METRIC_TRADING_PNL_REALIZED,
  METRIC_TRADING_PNL_UNREALIZED,
  METRIC_TRADING_POSITION_QUANTITY,
  METRIC_TRADING_TRADE_COUNT,
  METRIC_TRADING_TRADE_GAIN,
  METRIC_TRADING_TRADE_LOSS,
  METRIC_TRADING_TRADE_DURATION,
  METRIC_TRADING_SLIPPAGE,
  METRIC_TRADING_SLIPPAGE_COST,
  METRIC_TRADING_EVENT_DROPPED,
  METRIC_TRADING_LEDGER_ERROR,
} from './trading.ts';

/** Every metric of the registry. */
export const METRICS: readonly MetricDefinition[] = [
  METRIC_EXCHANGE_MESSAGE_COUNT,
  METRIC_EXCHANGE_MESSAGE_IO,
  METRIC_EXCHANGE_MESSAGE_GAP,
  METRIC_EXCHANGE_MESSAGE_STALE,
  METRIC_EXCHANGE_MESSAGE_RESYNC,
  METRIC_EXCHANGE_MESSAGE_HANDLER_DURATION,
  METRIC_EXCHANGE_FEED_DELAY_APPARENT,
  METRIC_EXCHANGE_FEED_DELAY_FLOOR,
  METRIC_EXCHANGE_FEED_DELAY_EXCESS,
  METRIC_EXCHANGE_FEED_AGE,
  METRIC_EXCHANGE_CHANNEL_AGE,
  METRIC_EXCHANGE_CONNECTION_ACTIVE,
  METRIC_EXCHANGE_CONNECTION_LOST,
  METRIC_EXCHANGE_REQUEST_DURATION,
  METRIC_EXCHANGE_REQUEST_QUEUE_DEPTH,
  METRIC_EXCHANGE_REQUEST_QUEUE_DURATION,
  METRIC_EXCHANGE_RATE_LIMIT_UTILIZATION,
  METRIC_EXCHANGE_EVENT_DROPPED,
  METRIC_ML_INFERENCE_DURATION,
  METRIC_ML_PREDICTION_COUNT,
  METRIC_ML_PREDICTION_RESOLVED,
  METRIC_ML_PREDICTION_EXPIRED,
  METRIC_ML_PREDICTION_ERROR,
  METRIC_ML_PREDICTION_VALUE,
  METRIC_ML_PREDICTION_PENDING,
  METRIC_ML_EVENT_DROPPED,
  METRIC_NANOMETER_SDK_MEASUREMENT_DROPPED,
  METRIC_NANOMETER_SDK_SERIES_ACTIVE,
  METRIC_NANOMETER_OTLP_POINT_RECEIVED,
  METRIC_NANOMETER_OTLP_POINT_FORWARDED,
  METRIC_NANOMETER_OTLP_POINT_HELD,
  METRIC_NANOMETER_OTLP_POINT_DROPPED,
  METRIC_NANOMETER_OTLP_BYTE_HELD,
  METRIC_NANOMETER_OTLP_HELD_AGE,
  METRIC_NANOMETER_OTLP_REQUEST_RETRIED,
  METRIC_NANOMETER_OTLP_LOG_SYNC_DURATION,
  METRIC_NANOMETER_SDK_MEASUREMENT_OVERFLOWED,
  METRIC_NANOMETER_SDK_SERIES_OVERFLOWED,
  METRIC_NANOMETER_SDK_MEMORY_USAGE,
  METRIC_NANOMETER_BRIDGE_REQUEST_COUNT,
  METRIC_NANOMETER_BRIDGE_POINT_RECEIVED,
  METRIC_NANOMETER_BRIDGE_POINT_FORWARDED,
  METRIC_NANOMETER_BRIDGE_POINT_HELD,
  METRIC_NANOMETER_BRIDGE_POINT_DROPPED,
  METRIC_NANOMETER_BRIDGE_SERIES_ACTIVE,
  METRIC_NANOMETER_BRIDGE_SERIES_EXPIRED,
  METRIC_NANOMETER_BRIDGE_STATE_SIZE,
  METRIC_NANOMETER_BRIDGE_STATE_LOST,
  METRIC_NANOMETER_LIVE_CLIENT_ACTIVE,
  METRIC_NANOMETER_LIVE_FRAME_SENT,
  METRIC_NANOMETER_LIVE_FRAME_CONFLATED,
  METRIC_NANOMETER_STATSD_POINT_RECEIVED,
  METRIC_NANOMETER_STATSD_POINT_FORWARDED,
  METRIC_NANOMETER_STATSD_POINT_HELD,
  METRIC_NANOMETER_STATSD_POINT_DROPPED,
  METRIC_OTEL_SDK_METRIC_READER_COLLECTION_DURATION,
  METRIC_PIPELINE_INGEST_COUNT,
  METRIC_PIPELINE_PROCESS_COUNT,
  METRIC_PIPELINE_PROCESS_DURATION,
  METRIC_PIPELINE_QUEUE_SIZE,
  METRIC_PIPELINE_ERROR_COUNT,
  METRIC_PIPELINE_EVENT_DROPPED,
  METRIC_NANOMETER_PROMETHEUS_SCRAPE_DURATION,
  METRIC_NANOMETER_PROMETHEUS_RESPONSE_SIZE,
  METRIC_NANOMETER_PROMETHEUS_POINT_RECEIVED,
  METRIC_NANOMETER_PROMETHEUS_POINT_FORWARDED,
  METRIC_NANOMETER_PROMETHEUS_POINT_DROPPED,
  METRIC_NANOMETER_PROMETHEUS_POINT_HELD,
  METRIC_RISK_EXPOSURE_NOTIONAL,
  METRIC_RISK_EXPOSURE_NET,
  METRIC_RISK_EXPOSURE_GROSS,
  METRIC_RISK_EQUITY,
  METRIC_RISK_DRAWDOWN,
  METRIC_RISK_DRAWDOWN_MAX,
  METRIC_RISK_DRAWDOWN_RATIO,
  METRIC_RISK_VALUE_AT_RISK,
  METRIC_RISK_EXPECTED_SHORTFALL,
  METRIC_RISK_VALUE_AT_RISK_UNCOVERED,
  METRIC_RISK_VALUE_AT_RISK_PERIOD_COUNT,
  METRIC_RISK_VALUE_AT_RISK_EXCEPTION_COUNT,
  METRIC_RISK_VALUE_AT_RISK_KUPIEC,
  METRIC_RISK_LIMIT_UTILIZATION,
  METRIC_RISK_LIMIT_BREACH_COUNT,
  METRIC_RISK_UPDATE_DURATION,
  METRIC_RISK_EVENT_DROPPED,
  METRIC_TRADING_ORDER_COUNT,
  METRIC_TRADING_ORDER_ACKNOWLEDGED,
  METRIC_TRADING_ORDER_REJECTED,
  METRIC_TRADING_ORDER_CANCELED,
  METRIC_TRADING_ORDER_OPEN,
  METRIC_TRADING_ORDER_ACK_DURATION,
  METRIC_TRADING_ORDER_FILL_DURATION,
  METRIC_TRADING_FILL_COUNT,
  METRIC_TRADING_FILL_QUANTITY,
  METRIC_TRADING_FILL_NOTIONAL,
  METRIC_TRADING_FEE,
  METRIC_TRADING_PNL_REALIZED,
  METRIC_TRADING_PNL_UNREALIZED,
  METRIC_TRADING_POSITION_QUANTITY,
  METRIC_TRADING_TRADE_COUNT,
  METRIC_TRADING_TRADE_GAIN,
  METRIC_TRADING_TRADE_LOSS,
  METRIC_TRADING_TRADE_DURATION,
  METRIC_TRADING_SLIPPAGE,
  METRIC_TRADING_SLIPPAGE_COST,
  METRIC_TRADING_EVENT_DROPPED,
  METRIC_TRADING_LEDGER_ERROR,
];

/** Every attribute of the registry. */
export const ATTRIBUTES: readonly AttributeDefinition[] = [
  {
    "name": "exchange.name",
    "type": "string",
    "description": "The exchange, market segment included where it has its own connection.",
    "examples": [
      "binance-spot",
      "binance-usdm"
    ]
  },
  {
    "name": "exchange.channel",
    "type": "string",
    "description": "The feed's channel.",
    "examples": [
      "bbo",
      "trades",
      "orders"
    ]
  },
  {
    "name": "exchange.operation",
    "type": "string",
    "description": "Class of a request.",
    "examples": [
      "order.new",
      "order.cancel"
    ]
  },
  {
    "name": "exchange.limiter",
    "type": "string",
    "description": "Name of a rate limiter of the exchange.",
    "examples": [
      "weight_1m",
      "orders_10s"
    ]
  },
  {
    "name": "exchange.drop.reason",
    "type": "string",
    "description": "Why an event, or a part of it, was left out.",
    "examples": [
      "invalid_time",
      "too_many_exchanges"
    ]
  },
  {
    "name": "ml.model.name",
    "type": "string",
    "description": "Name of the model.",
    "examples": [
      "imbalance-logit"
    ]
  },
  {
    "name": "ml.prediction.outcome",
    "type": "string",
    "description": "Outcome of a prediction once it is known; `scored` when only its error is known.",
    "examples": [
      "correct",
      "incorrect",
      "scored"
    ]
  },
  {
    "name": "ml.drop.reason",
    "type": "string",
    "description": "Why an event, a part of it or a pending prediction was left out.",
    "examples": [
      "unknown_prediction",
      "invalid_duration",
      "expired"
    ]
  },
  {
    "name": "error.type",
    "type": "string",
    "description": "Class of an error, low cardinality (OpenTelemetry's own attribute).",
    "examples": [
      "timeout",
      "RateLimitExceeded"
    ]
  },
  {
    "name": "nanometer.output",
    "type": "string",
    "description": "Output of the bridge.",
    "examples": [
      "statsd",
      "live",
      "prometheus"
    ]
  },
  {
    "name": "nanometer.drop.cause",
    "type": "string",
    "description": "Cause of a drop.",
    "examples": [
      "queue_full",
      "stale_point",
      "series_limit",
      "non_finite"
    ]
  },
  {
    "name": "nanometer.transport",
    "type": "string",
    "description": "How points arrived.",
    "examples": [
      "grpc",
      "http"
    ]
  },
  {
    "name": "nanometer.thread.kind",
    "type": "string",
    "description": "Whose memory it is, that of the thread which reads or that of the worker threads joined to it.",
    "examples": [
      "own",
      "worker"
    ]
  },
  {
    "name": "otel.component.type",
    "type": "string",
    "description": "Kind of the SDK component; the name of its class where the conventions have no value for it.",
    "examples": [
      "periodic_metric_reader",
      "prometheus_http_text_metric_exporter",
      "OneShotReader"
    ]
  },
  {
    "name": "otel.component.name",
    "type": "string",
    "description": "The component, told apart from others of its kind by a number.",
    "examples": [
      "periodic_metric_reader/0"
    ]
  },
  {
    "name": "pipeline.stage",
    "type": "string",
    "description": "Name of the stage.",
    "examples": [
      "decode",
      "features",
      "orders"
    ]
  },
  {
    "name": "pipeline.drop.reason",
    "type": "string",
    "description": "Why an event, or a part of it, was left out.",
    "examples": [
      "invalid_count"
    ]
  },
  {
    "name": "nanometer.scrape.protocol",
    "type": "string",
    "description": "Format that a Prometheus endpoint and its scraper agreed on.",
    "examples": [
      "text/0.0.4",
      "openmetrics/1.0.0",
      "protobuf"
    ]
  },
  {
    "name": "risk.limit.name",
    "type": "string",
    "description": "Name of a configured limit.",
    "examples": [
      "gross_exposure",
      "drawdown"
    ]
  },
  {
    "name": "risk.confidence",
    "type": "string",
    "description": "Probability that a loss stays within a value at risk.",
    "examples": [
      "0.95",
      "0.99"
    ]
  },
  {
    "name": "risk.method",
    "type": "string",
    "description": "How scenarios are made from past returns.",
    "examples": [
      "filtered_historical",
      "historical"
    ]
  },
  {
    "name": "risk.drop.reason",
    "type": "string",
    "description": "Why an event was not counted.",
    "examples": [
      "missing_rate",
      "invalid_price"
    ]
  },
  {
    "name": "trading.strategy",
    "type": "string",
    "description": "The strategy that owns the order or position.",
    "examples": [
      "maker-tight",
      "maker-wide"
    ]
  },
  {
    "name": "trading.account",
    "type": "string",
    "description": "The account a position is held in; absent where the fills name none.",
    "examples": [
      "main",
      "hedge"
    ]
  },
  {
    "name": "trading.symbol",
    "type": "string",
    "description": "The symbol as the exchange spells it.",
    "examples": [
      "BTCUSDT",
      "IBM"
    ]
  },
  {
    "name": "trading.side",
    "type": "string",
    "description": "Side of the order, `buy` or `sell`.",
    "examples": [
      "buy",
      "sell"
    ]
  },
  {
    "name": "trading.liquidity",
    "type": "string",
    "description": "Whether the fill made or took liquidity, `maker` or `taker`.",
    "examples": [
      "maker",
      "taker"
    ]
  },
  {
    "name": "trading.currency",
    "type": "string",
    "description": "Currency of an amount.",
    "examples": [
      "USDT",
      "BTC"
    ]
  },
  {
    "name": "trading.order.type",
    "type": "string",
    "description": "Order type.",
    "examples": [
      "limit",
      "market"
    ]
  },
  {
    "name": "trading.trade.outcome",
    "type": "string",
    "description": "Outcome of a closed trade after fees, `win`, `loss` or `breakeven`.",
    "examples": [
      "win",
      "loss",
      "breakeven"
    ]
  },
  {
    "name": "trading.slippage.direction",
    "type": "string",
    "description": "Whether a fill was worse (`cost`) or better (`improvement`) than its benchmark.",
    "examples": [
      "cost",
      "improvement"
    ]
  },
  {
    "name": "trading.drop.reason",
    "type": "string",
    "description": "Why an event was not counted.",
    "examples": [
      "duplicate",
      "invalid_quantity",
      "unknown_order"
    ]
  }
];
