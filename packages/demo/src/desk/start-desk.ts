import type { Fill } from '@nanometer/quant';
import type { MarketMode } from '../market/market-feed.ts';
import type { DeskOptions, DeskStatus, DeskTotals } from '../options.ts';
import { Desk } from './desk.ts';
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
  const session = await MarketSession.connect(options.exchangeUrl);
  const { mode, name: marketName, originMs } = session.welcome;
  let marketNowMs = originMs;
  let metrics: string;
  let telemetry: Telemetry;
  try {
    telemetry = new Telemetry({ ...options, mode, marketName, marketClock: () => marketNowMs, notice });
    metrics = await telemetry.start();
  } catch (error) {
    session.close();
    throw error;
  }

  let desk: Desk | undefined;
  try {
    await session.open({
      onConnect: (exchange) => telemetry.exchange.onConnect({ exchange }),
      onDisconnect: (exchange, lost) =>
        telemetry.exchange.onDisconnect({ exchange, reason: lost ? 'connection_closed' : undefined }),
      onDecoded: (records, durationSeconds) => {
        telemetry.pipeline.onIngest({ stage: 'decode', records });
        telemetry.pipeline.onProcessed({ stage: 'decode', records, durationSeconds });
      },
      onSlice: (messages, timeMs, closing) => {
        desk?.onSlice(messages, timeMs, closing);
        marketNowMs = originMs + timeMs;
      },
    });
  } catch (error) {
    session.close();
    await telemetry.close();
    throw error;
  }
  const gateway = { originMs, send: session.request.bind(session) };
  const trading = new Desk(
    session.hellos.flatMap((hello) => hello.contracts),
    gateway,
    telemetry,
    (fill) => listener.onFill?.(fill),
  );
  desk = trading;

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
      session.close();
      await telemetry.close();
    }
  };
  const finished = run();
  finished.catch(() => undefined);
  session.start();
  return { metrics, otlp: telemetry.otlpUrl, mode, marketName, finished, totals, stop: () => session.stop() };
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
