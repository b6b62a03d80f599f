// Time is CPU time of the process, all its threads: what the machine does beside it is no cost of ours. Rounds alternate
// with the yardstick that scales the figures.
//
// The desk's whole instrumentation on one core, fed with recorded markets as fast as it takes them: feeds, microstructure,
// orders, fills, ledger, execution quality, markouts, strategies, risk.
import { ExchangeInstrumentation, MarketInstrumentation } from '@nanometer/exchange';
import { RiskInstrumentation } from '@nanometer/risk';
import { TradingInstrumentation } from '@nanometer/trading';
import { openBeside } from '../harness/beside.js';
import { recordingProvider } from '../harness/recording-provider.js';
import { replayedEvents } from '../harness/replayed-events.js';

const ROUNDS = 6;

/** Microseconds of CPU so far. */
function cpuMicros() {
  const { user, system } = process.cpuUsage();
  return user + system;
}

/** A fill for every so many trades of the market: some thousand in a file of minutes, more than a maker gets. */
const TRADES_PER_FILL = 4;
/** Orders open at a time where fills alone are measured. */
const OPEN_ORDERS = 200;
const RATES = { USDT: 1, USD: 1, BTC: 60_000, ETH: 2_600 };

function deskOf(contracts) {
  const { meterProvider } = recordingProvider();
  const options = { meterProvider, contracts };
  const desk = {
    exchange: new ExchangeInstrumentation({ meterProvider }),
    market: new MarketInstrumentation({ meterProvider }),
    trading: new TradingInstrumentation({
      ...options,
      analytics: {
        performance: { periodMs: 1_000, periodsPerYear: 31_536_000 },
        signals: {},
      },
    }),
    risk: new RiskInstrumentation({
      ...options,
      initialCapital: 1e6,
      limits: { grossExposure: 1e9, netExposure: 1e9, drawdown: 1e6 },
    }),
    rates: (timeMs) => {
      for (const [currency, rate] of Object.entries(RATES)) {
        desk.trading.onRate({ currency, rate, timeMs });
        desk.risk.onRate({ currency, rate, timeMs });
      }
    },
  };
  return desk;
}

/** An order that a trade of the market fills, by the desk's two strategies in turn. */
function orderOf(trade, at) {
  const { exchange, symbol, price, timeMs } = trade;
  const side = at % 2 === 0 ? 'buy' : 'sell';
  const strategy = at % 4 < 2 ? 'maker-tight' : 'maker-wide';
  const quantity = exchange.includes('coinm') ? 1 : 0.001;
  const orderId = `o${at}`;
  return {
    order: { orderId, strategy, exchange, symbol, side, type: 'limit', quantity, price, timeMs },
    ack: { orderId, timeMs },
    fill: {
      fillId: `f${at}`,
      orderId,
      strategy,
      exchange,
      symbol,
      side,
      quantity,
      price,
      fee: 0,
      liquidity: 'maker',
      timeMs,
    },
  };
}

async function throughput() {
  const { contracts, events } = await replayedEvents();
  const trades = events.filter(({ trade }) => trade !== undefined).map(({ trade }) => trade);
  const orders = new Map(
    trades.flatMap((trade, at) => (at % TRADES_PER_FILL === 0 ? [[trade, orderOf(trade, at)]] : [])),
  );
  const perSecond = [];
  const beside = await openBeside();
  for (let round = 0; round < ROUNDS; round++) {
    await beside.run();
    const { exchange, market, trading, risk, rates } = deskOf(contracts);
    rates(events[0].message.receiveTimeMs);
    let count = 0;
    let refused = 0;
    const startMicros = cpuMicros();
    for (const { message, quote, mark, trade } of events) {
      exchange.onMessage(message);
      count++;
      if (quote !== undefined) {
        market.onQuote(quote);
        trading.onQuote(quote);
        trading.onMark(mark);
        risk.onMark(mark);
      } else if (trade !== undefined) {
        market.onTrade(trade);
        trading.onMarketTrade(trade);
        const own = orders.get(trade);
        if (own === undefined) continue;
        trading.onOrder(own.order);
        trading.onAck(own.ack);
        if (trading.onFill(own.fill) !== 'applied' || risk.onFill(own.fill) !== 'applied') refused++;
        count += 3;
      }
    }
    const seconds = (cpuMicros() - startMicros) / 1e6;
    if (refused > 0) throw new Error(`${refused} fills were refused`);
    // The first round is the compiler's.
    if (round > 0) perSecond.push(count / seconds);
    trading.close();
  }
  return beside.with({ 'events/s': perSecond });
}

async function quotes() {
  const { contracts, events } = await replayedEvents();
  const quoted = events.filter(({ quote }) => quote !== undefined);
  const micros = [];
  const beside = await openBeside();
  for (let round = 0; round < ROUNDS; round++) {
    await beside.run();
    const { market, trading } = deskOf(contracts);
    const startMicros = cpuMicros();
    for (const { quote, mark } of quoted) {
      market.onQuote(quote);
      trading.onQuote(quote);
      trading.onMark(mark);
    }
    if (round > 0) micros.push((cpuMicros() - startMicros) / quoted.length);
    trading.close();
  }
  return beside.with({ 'per quote µs': micros });
}

async function fills() {
  const { contracts, events } = await replayedEvents();
  const own = events.filter(({ trade }) => trade !== undefined).map(({ trade }, at) => orderOf(trade, at));
  const firstQuotes = new Map();
  for (const { quote } of events) if (quote !== undefined) firstQuotes.set(`${quote.exchange} ${quote.symbol}`, quote);
  const micros = [];
  const beside = await openBeside();
  for (let round = 0; round < ROUNDS; round++) {
    await beside.run();
    const { trading, rates } = deskOf(contracts);
    rates(own[0].fill.timeMs);
    for (const quote of firstQuotes.values()) trading.onQuote({ ...quote, timeMs: own[0].fill.timeMs - 1 });
    let applied = 0;
    let spentMicros = 0;
    // As many orders as a desk has in the market, then their fills; only these are counted.
    for (let from = 0; from < own.length; from += OPEN_ORDERS) {
      const batch = own.slice(from, from + OPEN_ORDERS);
      for (const { order, ack } of batch) {
        trading.onOrder(order);
        trading.onAck(ack);
      }
      const startMicros = cpuMicros();
      for (const { fill } of batch) if (trading.onFill(fill) === 'applied') applied++;
      spentMicros += cpuMicros() - startMicros;
    }
    if (applied !== own.length) throw new Error(`${own.length - applied} fills were refused`);
    if (round > 0) micros.push(spentMicros / own.length);
    trading.close();
  }
  return beside.with({ 'per fill µs': micros });
}

const LIBRARY = '@nanometer/*';

export const cases = [
  {
    name: "the desk's whole instrumentation on recorded markets",
    libraries: { [LIBRARY]: throughput },
    targets: [{ library: LIBRARY, measure: 'events/s', atLeast: 300_000, scaledBy: 'scrape' }],
  },
  {
    name: 'a recorded quote through microstructure, markouts and marks',
    libraries: { [LIBRARY]: quotes },
    targets: [{ library: LIBRARY, measure: 'per quote µs', atMost: 1.5, scaledBy: 'scrape' }],
  },
  {
    name: 'a fill through ledger, execution, markouts and instruments',
    libraries: { [LIBRARY]: fills },
    targets: [{ library: LIBRARY, measure: 'per fill µs', atMost: 5, scaledBy: 'scrape' }],
  },
];
