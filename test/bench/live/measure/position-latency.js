import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { setTimeout as pause } from 'node:timers/promises';
import { LaneReader } from '@nanometer/live';
import { MeterProvider } from '@nanometer/metrics';
import { RiskInstrumentation } from '@nanometer/risk';
import { METRIC_TRADING_POSITION_QUANTITY } from '@nanometer/semconv';
import { TradingInstrumentation } from '@nanometer/trading';
import { percentAbove, quantilesOf } from '../../alerts/quantiles.js';
import { Pace } from './pace.js';
import { processorWaits } from './processor-waits.js';

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
 *
 * @param transport - `unix` or `tcp`, of both connections.
 * @param onWarm - awaited before the first fill that is measured.
 */
export async function positionLatency(subscribers, measuredFills, transport, onWarm) {
  const pace = new Pace(subscribers, false);
  const { warmUp } = pace;
  const fills = warmUp + measuredFills;
  const bridge = fork(childOf('bridge.js'));
  const addresses = await answerOf(bridge);
  const { live, push } = transport === 'unix' ? addresses.socket : addresses;
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
  const waitedMs = [];
  const waits = processorWaits([process.pid, bridge.pid, child.pid]);
  for (let fill = 1; fill <= fills; fill++) {
    if (fill === warmUp + 1) {
      child.send('forget');
      await onWarm();
    }
    await pace.next(fill);
    // Of the fill before this one.
    waitedMs[fill - 1] = waits();
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
  waitedMs[fills] = waits();
  const samples = [];
  const slow = [];
  for (let at = 0; at < pairs.length; at += 2) {
    const fill = pairs[at];
    if (fill > warmUp) samples.push(pairs[at + 1] - sentAt[fill]);
  }
  const latencyMs = quantilesOf(samples);
  for (let at = 0; at < pairs.length; at += 2) {
    const fill = pairs[at];
    if (fill > warmUp && pairs[at + 1] - sentAt[fill] >= latencyMs.p99) slow.push(waitedMs[fill]);
  }
  const { rowsSent, acknowledged } = lane.stats();
  await meterProvider.shutdown();
  bridge.disconnect();
  return {
    subscribers,
    fills: measuredFills,
    // A subscriber that is told two fills at once sees the later one.
    mergedPercent: 100 * (1 - samples.length / (subscribers * measuredFills)),
    latencyMs,
    over1MsPercent: percentAbove(samples, 1),
    // What the three processes together waited for a processor.
    waitedMs: quantilesOf(waitedMs.slice(warmUp + 1)),
    waitedOfSlowestMs: quantilesOf(slow),
    onFillAndFlushMs: quantilesOf(inProcess.slice(warmUp)),
    rowsPerFill: Math.round((rowsSent / fills) * 10) / 10,
    acknowledged,
  };
}
