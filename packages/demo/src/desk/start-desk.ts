import type { Fill } from '@nanometer/quant';
import { DemoError } from '../errors.ts';
import type { MarketMode } from '../market/market-feed.ts';
import type { DeskOptions, DeskStatus, DeskTotals } from '../options.ts';
import type { HelloFrame } from '../exchange/protocol.ts';
import { Desk } from './desk.ts';
import type { DeskMarkets } from './instrumentation-options.ts';
import { Journal } from './journal.ts';
import { MarketSession } from './market-session.ts';
import { Telemetry } from './telemetry.ts';

const STATUS_PERIOD_MS = 1000;

/** What a running desk tells its owner. */
export interface DeskListener {
  onStatus?(status: DeskStatus): void;
  onNotice?(text: string): void;
  /** A fill has been booked. */
  onFill?(fill: Fill): void;
}

/** A desk that trades. */
export interface RunningDesk {
  /** URL of `/metrics`. */
  readonly metrics: string;
  /** URL of the OTLP receiver. */
  readonly otlp: string;
  readonly mode: MarketMode;
  readonly marketName: string;
  /** Resolves when the market has ended or the desk was stopped, its metrics are flushed and its servers closed. */
  readonly finished: Promise<DeskTotals>;
  /** The totals so far. */
  totals(): DeskTotals;
  /** Ends gracefully: the slice under way, cancels, flush, totals. */
  stop(): void;
}

/**
 * Connects to an exchange server, opens `/metrics` and trades until the market ends.
 * @throws DemoError for a port, address or option that cannot be used.
 */
export async function startDesk(options: DeskOptions, listener: DeskListener = {}): Promise<RunningDesk> {
  const notice = (text: string): void => listener.onNotice?.(text);
  const { plantBreachSeconds } = options;
  if (plantBreachSeconds !== undefined && !(plantBreachSeconds >= 0 && plantBreachSeconds < Infinity)) {
    const text = `plantBreachSeconds: expected 0 or more seconds of market time, found ${plantBreachSeconds}`;
    throw new DemoError('invalid_option', text);
  }
  const session = await MarketSession.connect(options.exchangeUrl);
  const { mode, name: marketName, originMs } = session.welcome;
  let marketNowMs = originMs;
  let metrics: string;
  let telemetry: Telemetry;
  let journal: Journal | undefined;
  try {
    await session.open();
    const markets = marketsOf(session.hellos);
    if (options.stateDirectory !== undefined) {
      const symbols = markets.contracts.map(({ exchange, symbol }) => `${exchange}/${symbol}`);
      const market = { mode, name: marketName, symbols };
      journal = new Journal(options.stateDirectory, market, { bytesLimit: options.stateBytesLimit, onNotice: notice });
    }
    telemetry = new Telemetry({ ...options, mode, marketName, markets, marketClock: () => marketNowMs, notice });
    metrics = await telemetry.start();
  } catch (error) {
    session.close();
    journal?.close();
    throw error;
  }

  const gateway = { originMs, send: session.request.bind(session) };
  const { contracts } = marketsOf(session.hellos);
  const trading = new Desk(contracts, gateway, telemetry, {
    onFill: (fill) => listener.onFill?.(fill),
    journal,
    plantBreachMs: plantBreachSeconds === undefined ? undefined : plantBreachSeconds * 1000,
  });

  const startedMs = performance.now();
  const totals = (): DeskTotals => ({
    ledger: trading.totals(),
    strategies: trading.strategyTotals(),
    events: trading.events,
    updates: telemetry.updates,
    elapsedSeconds: (performance.now() - startedMs) / 1000,
    drops: telemetry.drops,
    exports: telemetry.exports,
  });
  const status = setInterval(
    statusReporter(trading, telemetry, () => marketNowMs - originMs, listener),
    STATUS_PERIOD_MS,
  );

  const run = async (): Promise<DeskTotals> => {
    try {
      await session.finished;
      const traded = totals();
      const flushError = await telemetry.flush();
      const { exports } = totals();
      return { ...traded, exports, ...(flushError ? { flushError: flushError.message } : {}) };
    } finally {
      clearInterval(status);
      journal?.close();
      session.close();
      await telemetry.close();
    }
  };
  const finished = run();
  finished.catch(() => undefined);
  session.start({
    onConnect: (exchange) => telemetry.exchange.onConnect({ exchange, timeMs: originMs }),
    onDisconnect: (exchange, lost) => {
      const reason = lost ? 'connection_closed' : undefined;
      telemetry.exchange.onDisconnect({ exchange, reason, timeMs: marketNowMs });
    },
    onDecoded: (records, durationSeconds) => {
      telemetry.pipeline.onIngest({ stage: 'decode', records });
      telemetry.pipeline.onProcessed({ stage: 'decode', records, durationSeconds });
    },
    onSlice: (messages, timeMs, closing) => {
      trading.onSlice(messages, timeMs, closing);
      marketNowMs = originMs + timeMs;
    },
  });
  return { metrics, otlp: telemetry.otlpUrl, mode, marketName, finished, totals, stop: () => session.stop() };
}

/** What the exchanges said of themselves. */
function marketsOf(hellos: readonly HelloFrame[]): DeskMarkets {
  return {
    contracts: hellos.flatMap(({ contracts }) => contracts),
    fees: Object.fromEntries(hellos.map(({ exchange, fees }) => [exchange, fees])),
    rateLimits: Object.fromEntries(hellos.map(({ exchange, rateLimits }) => [exchange, rateLimits])),
  };
}

function statusReporter(
  desk: Desk,
  telemetry: Telemetry,
  marketTimeMs: () => number,
  listener: DeskListener,
): () => void {
  let lastEvents = 0;
  let lastMs = performance.now();
  return () => {
    const nowMs = performance.now();
    const { events } = desk;
    const { fills, realizedPnl, fees } = desk.totals();
    listener.onStatus?.({
      type: 'status',
      events,
      eventsPerSecond: Math.round(((events - lastEvents) * 1000) / (nowMs - lastMs)),
      fills,
      pnl: realizedPnl,
      fees,
      updates: telemetry.updates,
      drops: Object.values(telemetry.drops).reduce((sum, count) => sum + count, 0),
      marketTimeMs: marketTimeMs(),
    });
    lastEvents = events;
    lastMs = nowMs;
  };
}
