import type { LiveError } from '../protocol/errors.ts';
import type { LiveFrame } from '../protocol/frame.ts';
import type { ClientMessage, Recovery, ResumePoint, SubscriptionFilter } from '../protocol/messages.ts';

/** Of one subscription. */
export interface LiveSubscribeOptions {
  /** Frames of this subscription, after the store has taken them over. Equal subscriptions get the same frames. */
  readonly onFrame?: (frame: LiveFrame) => void;
  /** Lets the server compress the snapshot (default false): fewer bytes, more time. */
  readonly compressSnapshot?: boolean;
}

/** A subscription of a client. It outlives connections: after a reconnect it is made again. */
export interface LiveSubscription {
  readonly id: number;
  readonly filter: SubscriptionFilter;
  /** Series that matched when the server last confirmed it; undefined until then. */
  readonly matched: number | undefined;
  /** How it began on the current connection; undefined until the server has confirmed it. */
  readonly recovery: Recovery | undefined;
  /** Resolves when the first snapshot is complete in the store; rejects when the server refuses the subscription. */
  readonly ready: Promise<void>;
  /** Ends it. Series of other subscriptions go on. Idempotent. */
  unsubscribe(): void;
}

/** What the client itself knows of a subscription. */
export class SubscriptionState implements LiveSubscription {
  readonly id: number;
  readonly filter: SubscriptionFilter;
  readonly ready: Promise<void>;
  matched: number | undefined;
  stream: number | undefined;
  recovery: Recovery | undefined;
  readonly options: LiveSubscribeOptions;
  /** Where a lossless one is: what it asks to go on from. */
  position: ResumePoint | undefined;
  #rowTimeMs: number | undefined;
  readonly #unsubscribe: (state: SubscriptionState) => void;
  #resolve: () => void = () => undefined;
  #reject: (error: LiveError) => void = () => undefined;

  constructor(
    id: number,
    filter: SubscriptionFilter,
    options: LiveSubscribeOptions,
    unsubscribe: (state: SubscriptionState) => void,
  ) {
    this.id = id;
    this.filter = filter;
    this.options = options;
    this.#unsubscribe = unsubscribe;
    this.ready = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    // A caller that does not wait still gets no unhandled rejection; onError reports it.
    this.ready.catch(() => undefined);
  }

  /** What to ask the server for, now or on a new connection. */
  get message(): ClientMessage {
    return {
      ...this.filter,
      type: 'subscribe',
      id: this.id,
      ...(this.options.compressSnapshot === true ? { compressSnapshot: true } : {}),
      ...(this.position === undefined ? {} : { resume: this.position }),
    };
  }

  /** Takes note of a frame of its stream. */
  note(frame: LiveFrame): void {
    if (this.filter.delivery === 'lossless' && (frame.final || frame.type === 'update')) {
      const { epoch, sequence, baseTimeMs } = frame;
      this.#rowTimeMs = latestTimeMs(frame, this.#rowTimeMs);
      // A snapshot without rows says when there were none.
      this.position = { epoch, sequence, timeMs: this.#rowTimeMs ?? baseTimeMs };
    }
    this.options.onFrame?.(frame);
    if (frame.final) this.#resolve();
  }

  unsubscribe(): void {
    this.#unsubscribe(this);
  }

  fail(error: LiveError): void {
    this.#reject(error);
  }
}

/** Unix milliseconds of the latest row, not before `least`; undefined as long as there was none. */
function latestTimeMs({ dt, baseTimeMs }: LiveFrame, least: number | undefined): number | undefined {
  let latest = least;
  for (let row = 0; row < dt.length; row++) {
    const timeMs = baseTimeMs + dt[row]! / 1_000;
    if (latest === undefined || timeMs > latest) latest = timeMs;
  }
  return latest;
}
