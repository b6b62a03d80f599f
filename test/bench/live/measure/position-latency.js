import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { setTimeout as pause } from 'node:timers/promises';
import { LaneReader } from '@nanometer/live';
import { MeterProvider } from '@nanometer/metrics';
import { RiskInstrumentation } from '@nanometer/risk';
import { METRIC_TRADING_POSITION_QUANTITY } from '@nanometer/semconv';
import { TradingInstrumentation } from '@nanometer/trading';
import { quantilesOf } from '../../alerts/quantiles.js';

/**
 * A desk runs all day. In the first seconds three processes run uncompiled code and their heaps grow by collections of 2 to
 * 14 ms each (--trace-gc), which with 200 fills before the first measured one were the 99th percentile.
 */
const WARM_UP = 3_000;
/**
 * Milliseconds between two fills, as between two publishes of the bare server (bare-ws.js), which begins its pause when
 * all is sent: to 100 clients that is 200 publishes a second where a send takes 25 µs. A desk does not wait for its bridge, so
 * that its pause is longer for many: at 450 fills a second two such cores are busy with the sockets alone.
 */
const PAUSE_MS = 2;
const PAUSE_FOR_MANY_MS = 5;
const contract = {
  exchange: 'binance-spot',
  symbol: 'BTCUSDT',
  kind: 'linear',
  multiplier: 1,
  baseCurrency: 'BTC',
  currency: 'USDT',
};
const childOf = (name) => fileURLToPath(new URL(`../processes/${name}`, import.meta.url));
const answerOf = (child) => new Promise((resolve) => child.once('message', resolve));

/**
 * From before `onFill` in this process, through the fast lane and a bridge in a process of its own, to the callbacks of
 * subscribers of the risk lane in a third one. Each fill buys one, so the position says which fill was seen.
 */
export async function positionLatency(subscribers, measuredFills) {
  const fills = WARM_UP + measuredFills;
  const bridge = fork(childOf('bridge.js'));
  const { live, push } = await answerOf(bridge);
  const child = fork(childOf('subscribers.js'), [
    live,
    METRIC_TRADING_POSITION_QUANTITY.name,
    'risk',
    String(subscribers),
  ]);
  await answerOf(child);
  const lane = new LaneReader({ url: push });
  const meterProvider = new MeterProvider({ readers: [lane] });
  const trading = new TradingInstrumentation({ meterProvider });
  const risk = new RiskInstrumentation({ meterProvider, reportingCurrency: 'USDT', initialCapital: 1e6 });
  for (const each of [trading, risk]) each.defineContract(contract);
  while (lane.publisher.status.state !== 'open') await pause(5);
  const sentAt = [];
  const inProcess = [];
  for (let fill = 1; fill <= fills; fill++) {
    await pause(subscribers > 10 ? PAUSE_FOR_MANY_MS : PAUSE_MS);
    const event = { ...contract, fillId: String(fill), strategy: 's', side: 'buy', quantity: 1, price: 50_000, fee: 0 };
    const at = performance.timeOrigin + performance.now();
    sentAt[fill] = at;
    const timed = { ...event, feeCurrency: 'USDT', liquidity: 'maker', timeMs: Date.now() };
    trading.onFill(timed);
    risk.onFill(timed);
    lane.flush();
    inProcess.push(performance.timeOrigin + performance.now() - at);
  }
  const received = answerOf(child);
  child.send('end');
  const pairs = await received;
  const samples = [];
  for (let at = 0; at < pairs.length; at += 2) {
    const fill = pairs[at];
    if (fill > WARM_UP) samples.push(pairs[at + 1] - sentAt[fill]);
  }
  const { rowsSent, acknowledged } = lane.stats();
  await meterProvider.shutdown();
  bridge.disconnect();
  return {
    subscribers,
    fills: measuredFills,
    // A subscriber that is told two fills at once sees the later one.
    mergedPercent: 100 * (1 - samples.length / (subscribers * measuredFills)),
    latencyMs: quantilesOf(samples),
    onFillAndFlushMs: quantilesOf(inProcess.slice(WARM_UP)),
    rowsPerFill: Math.round((rowsSent / fills) * 10) / 10,
    acknowledged,
  };
}
