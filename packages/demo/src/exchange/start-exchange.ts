import { DemoError } from '../errors.ts';
import type { MarketMode } from '../market/market-feed.ts';
import type { ExchangeOptions, ExchangeTotals } from '../options.ts';
import { openReplay } from '../replay/open-replay.ts';
import { SimulatedFeed } from '../simulated/simulated-feed.ts';
import { ExchangeServer } from './exchange-server.ts';
import { systemClock, type WallClock } from './pace.ts';

/** Market time a simulated market runs at speed `max` when no duration is given: it would never end. */
export const SIMULATED_MAX_SECONDS = 300;

/** An exchange that listens. */
export interface RunningExchange {
  readonly url: string;
  readonly port: number;
  readonly mode: MarketMode;
  /** Name of the data. */
  readonly name: string;
  readonly exchanges: readonly string[];
  /** Grows while data is read. */
  readonly notices: readonly string[];
  /** Resolves when the desk has been served; rejects with `ReplayError` or `DemoError`. */
  readonly finished: Promise<ExchangeTotals>;
  /** Ends gracefully after the slice under way. */
  stop(): void;
  /** Closes every connection at once. */
  close(): Promise<void>;
}

/**
 * Opens the data, listens, and serves the first desk that connects.
 * @throws ReplayError for data that cannot be used, DemoError for options or a port that cannot be used.
 */
export async function startExchange(
  options: ExchangeOptions = {},
  clock: WallClock = systemClock,
): Promise<RunningExchange> {
  const { replay, speed = 1, seed = 1, sliceMs = 50, host = '127.0.0.1', port = 0, durationSeconds } = options;
  const { startSeconds = 0 } = options;
  if (speed !== 1 && speed !== 10 && speed !== 'max') {
    throw new DemoError('invalid_option', `speed: expected 1, 10 or max, found ${String(speed)}`);
  }
  if (!Number.isSafeInteger(seed))
    throw new DemoError('invalid_option', `seed: expected a whole number, found ${seed}`);
  if (!(sliceMs >= 1 && sliceMs <= 1000)) {
    throw new DemoError('invalid_option', `sliceMs: expected 1 to 1000 milliseconds, found ${sliceMs}`);
  }
  if (durationSeconds !== undefined && !(durationSeconds > 0)) {
    throw new DemoError('invalid_option', `durationSeconds: expected more than 0, found ${durationSeconds}`);
  }
  if (!(startSeconds >= 0 && startSeconds < Infinity)) {
    throw new DemoError('invalid_option', `startSeconds: expected 0 or more, found ${startSeconds}`);
  }
  const startMs = startSeconds * 1000;
  const endless = replay === undefined && speed === 'max' ? SIMULATED_MAX_SECONDS : Infinity;
  const durationMs = (durationSeconds ?? endless) * 1000;
  const feed = replay === undefined ? new SimulatedFeed(seed, durationMs) : await openReplay(replay);
  const server = new ExchangeServer({ feed, speed, startMs, durationMs, seed, sliceMs, host, port, clock });
  let boundPort: number;
  try {
    boundPort = await server.listen();
  } catch (error) {
    await feed.close();
    throw error;
  }
  const finished = server.run();
  // Whoever awaits `finished` gets the error; nobody has to.
  finished.catch(() => undefined);
  return {
    url: `ws://${host}:${boundPort}`,
    port: boundPort,
    mode: feed.mode,
    name: feed.name,
    exchanges: server.exchanges,
    notices: feed.notices,
    finished,
    stop: () => server.stop(),
    close: () => server.close(),
  };
}
