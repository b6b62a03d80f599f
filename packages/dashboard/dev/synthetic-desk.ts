import type { LiveServer } from '@nanometer/live';
import {
  ATTR_EXCHANGE_CHANNEL as CHANNEL,
  ATTR_EXCHANGE_NAME as EXCHANGE,
  ATTR_ML_MODEL_NAME as MODEL,
  ATTR_ML_PREDICTION_OUTCOME as PREDICTION_OUTCOME,
  ATTR_NANOMETER_OUTPUT as OUTPUT,
  ATTR_NANOMETER_TRANSPORT as TRANSPORT,
  ATTR_RISK_LIMIT_NAME as LIMIT,
  ATTR_TRADING_CURRENCY as CURRENCY,
  ATTR_TRADING_LIQUIDITY as LIQUIDITY,
  ATTR_TRADING_ORDER_TYPE as ORDER_TYPE,
  ATTR_TRADING_SIDE as SIDE,
  ATTR_TRADING_STRATEGY as STRATEGY,
  ATTR_TRADING_SYMBOL as SYMBOL,
  ATTR_TRADING_TRADE_OUTCOME as TRADE_OUTCOME,
  METRIC_EXCHANGE_CONNECTION_ACTIVE,
  METRIC_EXCHANGE_FEED_AGE,
  METRIC_EXCHANGE_FEED_DELAY_EXCESS,
  METRIC_EXCHANGE_MESSAGE_COUNT,
  METRIC_ML_INFERENCE_DURATION,
  METRIC_ML_PREDICTION_COUNT,
  METRIC_ML_PREDICTION_RESOLVED,
  METRIC_NANOMETER_BRIDGE_POINT_FORWARDED,
  METRIC_NANOMETER_BRIDGE_POINT_RECEIVED,
  METRIC_NANOMETER_LIVE_CLIENT_ACTIVE,
  METRIC_NANOMETER_LIVE_FRAME_CONFLATED,
  METRIC_NANOMETER_LIVE_FRAME_SENT,
  METRIC_RISK_DRAWDOWN,
  METRIC_RISK_DRAWDOWN_MAX,
  METRIC_RISK_DRAWDOWN_RATIO,
  METRIC_RISK_EQUITY,
  METRIC_RISK_EXPOSURE_GROSS,
  METRIC_RISK_EXPOSURE_NET,
  METRIC_RISK_EXPOSURE_NOTIONAL,
  METRIC_RISK_LIMIT_UTILIZATION,
  METRIC_RISK_UPDATE_DURATION,
  METRIC_TRADING_FEE,
  METRIC_TRADING_FILL_COUNT,
  METRIC_TRADING_FILL_NOTIONAL,
  METRIC_TRADING_ORDER_ACK_DURATION,
  METRIC_TRADING_ORDER_COUNT,
  METRIC_TRADING_ORDER_OPEN,
  METRIC_TRADING_PNL_REALIZED,
  METRIC_TRADING_PNL_UNREALIZED,
  METRIC_TRADING_POSITION_QUANTITY,
  METRIC_TRADING_SLIPPAGE,
  METRIC_TRADING_TRADE_COUNT,
} from '@nanometer/semconv';
import { Publisher } from './publisher.ts';
import { Random } from './random.ts';
import { SyntheticRisk } from './synthetic-risk.ts';

const MARKETS = [
  { exchange: 'binance-spot', symbol: 'BTCUSDT', currency: 'USDT', price: 64_210, volatility: 9, size: 0.05 },
  { exchange: 'binance-spot', symbol: 'ETHUSDT', currency: 'USDT', price: 3_420, volatility: 0.9, size: 0.8 },
  { exchange: 'binance-usdm', symbol: 'SOLUSDT', currency: 'USDT', price: 148.2, volatility: 0.06, size: 20 },
  { exchange: 'coinbase', symbol: 'BTC-USD', currency: 'USD', price: 64_225, volatility: 9, size: 0.03 },
] as const;
const STRATEGIES = [
  { name: 'maker-tight', edge: 0.8, activity: 1.4 },
  { name: 'maker-wide', edge: 1.6, activity: 0.5 },
] as const;
const FEEDS = [
  { exchange: 'binance-spot', rate: 1450, delay: 0.0004 },
  { exchange: 'binance-usdm', rate: 2100, delay: 0.0003 },
  { exchange: 'coinbase', rate: 320, delay: 0.004 },
] as const;
const CAPITAL = 1_000_000;
const TAKER_RATE = 0.0001;

interface Book {
  quantity: number;
  average: number;
}

/** How a synthetic desk is run. */
export interface SyntheticDeskOptions {
  readonly server: LiveServer;
  readonly seed: number;
  /** Only the first market and currency. */
  readonly singleCurrency?: boolean;
}

/** Plausible numbers for looking at the page: a seeded market, two makers, three feeds. Not a market model. */
export class SyntheticDesk {
  readonly #random: Random;
  readonly #desk: Publisher;
  readonly #bridge: Publisher;
  readonly #analytics: SyntheticRisk;
  readonly #markets: { -readonly [K in keyof (typeof MARKETS)[number]]: (typeof MARKETS)[number][K] | number }[];
  readonly #prices: number[];
  readonly #books: Map<string, Book> = new Map();
  #pnl = 0;
  #peak: number = CAPITAL;
  #drawdownMax = 0;
  #points = 0;

  constructor(options: SyntheticDeskOptions) {
    this.#random = new Random(options.seed);
    this.#markets = MARKETS.filter((market) => options.singleCurrency !== true || market.currency === 'USDT');
    this.#prices = MARKETS.map((market) => market.price);
    const instance = `seed-${options.seed}`;
    this.#desk = new Publisher(options.server, {
      'service.name': 'desk',
      'service.instance.id': instance,
      'nanometer.market.mode': 'simulated',
    });
    this.#analytics = new SyntheticRisk(this.#desk, this.#random, options.server);
    this.#bridge = new Publisher(options.server, { 'service.name': 'nanometer-bridge' });
  }

  /** Advances by `seconds` and publishes everything as of `timeMs`. */
  step(timeMs: number, seconds: number): void {
    this.#moveMarkets(seconds);
    this.#trade(timeMs, seconds);
    const gross = this.#publishRisk(timeMs);
    this.#analytics.step(
      timeMs,
      seconds,
      gross,
      STRATEGIES.map(({ name }) => name),
    );
    this.#publishFeeds(timeMs, seconds);
    this.#publishModel(timeMs, seconds);
    this.#publishBridge(timeMs);
  }

  #moveMarkets(seconds: number): void {
    MARKETS.forEach(({ volatility }, index) => {
      this.#prices[index] = (this.#prices[index] as number) + volatility * Math.sqrt(seconds) * this.#random.normal();
    });
  }

  #trade(timeMs: number, seconds: number): void {
    const desk = this.#desk;
    for (const strategy of STRATEGIES) {
      MARKETS.forEach((market, index) => {
        if (index >= this.#markets.length) return;
        const { exchange, symbol, currency, size } = market;
        const base = { [STRATEGY]: strategy.name, [EXCHANGE]: exchange, [SYMBOL]: symbol };
        const orders = this.#random.poisson(6 * strategy.activity * seconds);
        const order = { ...base, [SIDE]: 'buy', [ORDER_TYPE]: 'limit' };
        desk.add(timeMs, METRIC_TRADING_ORDER_COUNT, order, orders);
        desk.set(timeMs, METRIC_TRADING_ORDER_OPEN, base, 2 + Math.floor(this.#random.uniform() * 3));
        const fills = this.#random.poisson(0.35 * strategy.activity * seconds);
        for (let fill = 0; fill < fills; fill++) this.#fill(timeMs, strategy, index, size);
        const book = this.#book(strategy.name, symbol);
        const mark = this.#prices[index] as number;
        const unrealized = book.quantity * (mark - book.average);
        const money = { ...base, [CURRENCY]: currency };
        desk.set(timeMs, METRIC_TRADING_POSITION_QUANTITY, base, book.quantity);
        desk.set(timeMs, METRIC_TRADING_PNL_UNREALIZED, money, unrealized);
        desk.add(timeMs, METRIC_TRADING_PNL_REALIZED, money, 0);
        desk.set(timeMs, METRIC_RISK_EXPOSURE_NOTIONAL, { ...base, [CURRENCY]: 'USD' }, book.quantity * mark);
        const ack = { [STRATEGY]: strategy.name, [EXCHANGE]: exchange };
        const slow = exchange === 'coinbase' ? 3 : 1;
        const median = 0.00042 * slow * (1 + 0.1 * this.#random.normal());
        desk.percentiles(timeMs, METRIC_TRADING_ORDER_ACK_DURATION, ack, Math.max(1e-5, median), 0.8);
        desk.set(timeMs, METRIC_TRADING_SLIPPAGE, ack, 0.2 + 0.1 * this.#random.normal(), 'p50');
      });
    }
  }

  #fill(timeMs: number, strategy: (typeof STRATEGIES)[number], index: number, size: number): void {
    const { exchange, symbol, currency, volatility } = MARKETS[index] as (typeof MARKETS)[number];
    const book = this.#book(strategy.name, symbol);
    const leaning = Math.max(-0.4, Math.min(0.4, book.quantity / (6 * size)));
    const sign = this.#random.uniform() < 0.5 - leaning ? 1 : -1;
    const quantity = sign * Number((size * (0.5 + this.#random.uniform())).toPrecision(2));
    const price = (this.#prices[index] as number) - sign * strategy.edge * volatility * 0.3;
    const base = { [STRATEGY]: strategy.name, [EXCHANGE]: exchange, [SYMBOL]: symbol };
    const money = { ...base, [CURRENCY]: currency };
    const closing = Math.sign(book.quantity) === -sign ? Math.min(Math.abs(book.quantity), Math.abs(quantity)) : 0;
    if (closing > 0) {
      const realized = (price - book.average) * closing * -sign;
      this.#desk.add(timeMs, METRIC_TRADING_PNL_REALIZED, money, realized);
      const outcome = realized > 0 ? 'win' : 'loss';
      this.#desk.add(timeMs, METRIC_TRADING_TRADE_COUNT, { ...base, [TRADE_OUTCOME]: outcome }, 1);
      this.#pnl += realized;
    }
    const opened = Math.abs(quantity) - closing;
    if (opened > 0) {
      const before = closing > 0 ? 0 : Math.abs(book.quantity);
      book.average = (book.average * before + price * opened) / (before + opened);
    }
    book.quantity += quantity;
    const notional = Math.abs(quantity) * price;
    const fill = { ...base, [SIDE]: sign > 0 ? 'buy' : 'sell', [LIQUIDITY]: 'maker' };
    this.#desk.add(timeMs, METRIC_TRADING_FILL_COUNT, fill, 1);
    this.#desk.add(timeMs, METRIC_TRADING_FILL_NOTIONAL, money, notional);
    this.#desk.add(timeMs, METRIC_TRADING_FEE, money, notional * TAKER_RATE * 0.1);
    this.#pnl -= notional * TAKER_RATE * 0.1;
  }

  /** Publishes what is at risk and returns the gross exposure. */
  #publishRisk(timeMs: number): number {
    let net = 0;
    let gross = 0;
    let unrealized = 0;
    for (const { name } of STRATEGIES) {
      MARKETS.slice(0, this.#markets.length).forEach(({ symbol }, index) => {
        const book = this.#book(name, symbol);
        const mark = this.#prices[index] as number;
        net += book.quantity * mark;
        gross += Math.abs(book.quantity * mark);
        unrealized += book.quantity * (mark - book.average);
      });
    }
    const equity = CAPITAL + this.#pnl + unrealized;
    this.#peak = Math.max(this.#peak, equity);
    const drawdown = this.#peak - equity;
    this.#drawdownMax = Math.max(this.#drawdownMax, drawdown);
    const reporting = { [CURRENCY]: 'USD' };
    this.#desk.set(timeMs, METRIC_RISK_EXPOSURE_NET, reporting, net);
    this.#desk.set(timeMs, METRIC_RISK_EXPOSURE_GROSS, reporting, gross);
    this.#desk.set(timeMs, METRIC_RISK_EQUITY, reporting, equity);
    this.#desk.set(timeMs, METRIC_RISK_DRAWDOWN, reporting, drawdown);
    this.#desk.set(timeMs, METRIC_RISK_DRAWDOWN_MAX, reporting, this.#drawdownMax);
    this.#desk.set(timeMs, METRIC_RISK_DRAWDOWN_RATIO, reporting, drawdown / this.#peak);
    this.#desk.set(timeMs, METRIC_RISK_LIMIT_UTILIZATION, { [LIMIT]: 'gross_exposure' }, gross / 60_000);
    this.#desk.set(timeMs, METRIC_RISK_LIMIT_UTILIZATION, { [LIMIT]: 'drawdown' }, drawdown / 50);
    this.#desk.percentiles(timeMs, METRIC_RISK_UPDATE_DURATION, {}, 0.0000042, 0.5);
    return gross;
  }

  #publishFeeds(timeMs: number, seconds: number): void {
    for (const { exchange, rate, delay } of FEEDS) {
      const name = { [EXCHANGE]: exchange };
      const channel = { ...name, [CHANNEL]: 'bbo' };
      const wave = 1 + 0.25 * Math.sin(timeMs / 9000 + rate);
      this.#desk.add(timeMs, METRIC_EXCHANGE_MESSAGE_COUNT, channel, this.#random.poisson(rate * wave * seconds));
      this.#desk.set(timeMs, METRIC_EXCHANGE_FEED_AGE, name, -Math.log(1 - this.#random.uniform()) / rate);
      this.#desk.set(timeMs, METRIC_EXCHANGE_CONNECTION_ACTIVE, name, 1);
      const burst = this.#random.uniform() < 0.02 ? 4 : 1;
      const median = delay * burst * (1 + 0.15 * this.#random.normal());
      this.#desk.percentiles(timeMs, METRIC_EXCHANGE_FEED_DELAY_EXCESS, channel, Math.max(1e-5, median), 0.9);
    }
  }

  #publishModel(timeMs: number, seconds: number): void {
    const model = { [MODEL]: 'imbalance-logit' };
    const predictions = this.#random.poisson(180 * seconds);
    this.#desk.add(timeMs, METRIC_ML_PREDICTION_COUNT, model, predictions);
    const correct = Math.round(predictions * (0.56 + 0.02 * this.#random.normal()));
    this.#desk.add(timeMs, METRIC_ML_PREDICTION_RESOLVED, { ...model, [PREDICTION_OUTCOME]: 'correct' }, correct);
    const incorrect = { ...model, [PREDICTION_OUTCOME]: 'incorrect' };
    this.#desk.add(timeMs, METRIC_ML_PREDICTION_RESOLVED, incorrect, predictions - correct);
    this.#desk.percentiles(timeMs, METRIC_ML_INFERENCE_DURATION, model, 0.0000038, 0.6);
  }

  #publishBridge(timeMs: number): void {
    const points = 420;
    this.#points += points;
    this.#bridge.add(timeMs, METRIC_NANOMETER_BRIDGE_POINT_RECEIVED, { [TRANSPORT]: 'grpc' }, points);
    for (const output of ['live', 'prometheus', 'statsd']) {
      this.#bridge.add(timeMs, METRIC_NANOMETER_BRIDGE_POINT_FORWARDED, { [OUTPUT]: output }, points);
    }
    this.#bridge.set(timeMs, METRIC_NANOMETER_LIVE_CLIENT_ACTIVE, {}, 1);
    this.#bridge.set(timeMs, METRIC_NANOMETER_LIVE_FRAME_SENT, {}, Math.floor(this.#points / 300));
    this.#bridge.set(timeMs, METRIC_NANOMETER_LIVE_FRAME_CONFLATED, {}, 0);
  }

  #book(strategy: string, symbol: string): Book {
    const key = `${strategy} ${symbol}`;
    let book = this.#books.get(key);
    if (book === undefined) {
      book = { quantity: 0, average: 0 };
      this.#books.set(key, book);
    }
    return book;
  }
}
