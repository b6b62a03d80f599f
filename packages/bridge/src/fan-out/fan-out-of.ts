import type { Server } from 'node:http';
import type { HistorySource } from '@nanometer/live';
import type { CheckedOptions } from '../options.ts';
import { listen } from '../servers/listen.ts';
import { LIVE_PATH } from '../servers/stream-paths.ts';
import type { FanOut } from './fan-out.ts';
import { InlineFanOut } from './inline-fan-out.ts';
import { WorkerFanOut } from './worker-fan-out.ts';

/** The live stream of a bridge, as its options have it; `page` answers what is not the stream. */
export function fanOutOf(page: Server, checked: CheckedOptions, history: HistorySource | undefined): FanOut {
  const { host, port, tls, requestTimeoutMillis, liveTokens, allowedHosts, allowedOrigins, onTrouble } = checked;
  const live = {
    path: LIVE_PATH,
    name: 'nanometer-bridge',
    ...(allowedHosts === undefined ? {} : { allowedHosts }),
    ...(liveTokens === undefined ? {} : { tokens: liveTokens }),
    ...(allowedOrigins === undefined ? {} : { allowedOrigins }),
  };
  if (checked.fanOut === 'inline') {
    const options = history === undefined ? live : { ...live, history };
    return new InlineFanOut(page, options, () => listen(page, host, port, 'port', onTrouble));
  }
  return new WorkerFanOut(page, {
    host,
    port,
    tls,
    requestTimeoutMillis,
    live,
    history,
    ringBytes: checked.fanOutRingBytes,
    queueBytes: checked.fanOutQueueBytes,
    stallMillis: checked.fanOutStallMillis,
    onTrouble,
  });
}
