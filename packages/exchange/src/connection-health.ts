import {
  type BoundCounter,
  type BoundGauge,
  type BoundHistogram,
  bindCounter,
  bindGauge,
  bindHistogram,
} from '@nanometer/metrics';
import { isDuration } from '@nanometer/instrumentation';
import type { Attributes } from '@opentelemetry/api';
import type { Drops } from './drops.ts';
import type { TimeSyncEvent } from './events.ts';
import type { Instruments } from './instruments.ts';

/** Health of the connections of one exchange: reconnects, down time, handshakes, pings, clock. */
export class ConnectionHealth {
  readonly #drops: Drops;
  readonly #reconnects: BoundCounter;
  readonly #downTime: BoundCounter;
  readonly #handshake: BoundHistogram;
  readonly #ping: BoundHistogram;
  readonly #offset: BoundGauge;
  #isLost = false;
  /** Unix milliseconds; NaN while a connection is open, and where the loss had no time. */
  #lostMs = Number.NaN;

  constructor(instruments: Instruments, drops: Drops, attributes: Attributes) {
    this.#drops = drops;
    this.#reconnects = bindCounter(instruments.connectionReconnect, attributes);
    this.#downTime = bindCounter(instruments.connectionDownTime, attributes);
    this.#handshake = bindHistogram(instruments.handshakeDuration, attributes);
    this.#ping = bindHistogram(instruments.pingDuration, attributes);
    this.#offset = bindGauge(instruments.clockOffset, attributes);
  }

  opened(timeMs: number | undefined, handshakeSeconds: number | undefined): void {
    if (handshakeSeconds !== undefined) this.#record(this.#handshake, handshakeSeconds);
    if (!this.#isLost) return;
    this.#isLost = false;
    this.#reconnects.add(1);
    const down = (timeMs ?? Number.NaN) - this.#lostMs;
    // A clock that was set back between the two leaves no duration to tell.
    if (Number.isFinite(down)) {
      if (down >= 0) this.#downTime.add(down / 1000);
      else this.#drops.count('invalid_time');
    }
  }

  /** The last open connection was lost. */
  lost(timeMs: number | undefined): void {
    this.#isLost = true;
    this.#lostMs = timeMs ?? Number.NaN;
  }

  ping(roundTripSeconds: number): void {
    this.#record(this.#ping, roundTripSeconds);
  }

  timeSync(event: TimeSyncEvent): void {
    const answered = event.serverSendTimeMs;
    const received = event.serverReceiveTimeMs ?? answered;
    const offset = (received - event.sendTimeMs + (answered - event.receiveTimeMs)) / 2000;
    if (Number.isFinite(offset) && event.receiveTimeMs >= event.sendTimeMs) this.#offset.record(offset);
    else this.#drops.count('invalid_time');
  }

  #record(histogram: BoundHistogram, seconds: number): void {
    if (isDuration(seconds)) histogram.record(seconds);
    else this.#drops.count('invalid_duration');
  }
}
