import { clearDescription, type Describe, emptyDescription, type MessageFormat } from '../format/description.ts';
import type { ExchangeInstrumentation } from '../exchange-instrumentation.ts';
import type { Clocks } from './clocks.ts';

/** Restarted sequences remembered per connection, to tell a first snapshot from a resync. */
const STARTED_MAX = 8192;

/** Telemetry of one connection to an exchange, fed by whatever carries it. Nothing here throws. */
export class ConnectionObserver {
  readonly #telemetry: ExchangeInstrumentation;
  readonly #exchange: string;
  readonly #describe: Describe | undefined;
  readonly #clocks: Clocks;
  readonly #description = emptyDescription();
  // The events are filled anew for each message: the instrumentation keeps none of them.
  readonly #message: MutableMessage;
  readonly #handled: { exchange: string; channel: string; durationSeconds: number };
  readonly #started = new Set<string>();
  // Doubles from the start: a field that always is one is written in place.
  #receivedMs: number = Number.NaN;
  #begunMs: number = Number.NaN;
  #open = false;

  constructor(telemetry: ExchangeInstrumentation, exchange: string, format: MessageFormat | undefined, clocks: Clocks) {
    this.#telemetry = telemetry;
    this.#exchange = exchange;
    this.#describe = format?.();
    this.#clocks = clocks;
    this.#message = {
      exchange,
      channel: '',
      symbol: undefined,
      bytes: 0,
      eventTimeMs: undefined,
      receiveTimeMs: 0,
      sequence: undefined,
      firstId: undefined,
      lastId: undefined,
      previousLastId: undefined,
    };
    this.#handled = { exchange, channel: '', durationSeconds: 0 };
  }

  /** Whether messages are looked into, so that parsing one is of use. */
  get describes(): boolean {
    return this.#describe !== undefined;
  }

  opened(): void {
    if (this.#open) return;
    this.#open = true;
    this.#telemetry.onConnect({ exchange: this.#exchange });
  }

  /** The connection is gone; with a `reason`, it was lost. */
  closed(reason: string | undefined): void {
    if (!this.#open) return;
    this.#open = false;
    this.#telemetry.onDisconnect({ exchange: this.#exchange, reason });
  }

  /** Stamps a message before anything is done with it. */
  received(bytes: number): void {
    this.#receivedMs = this.#clocks.wallMs();
    this.#message.bytes = bytes;
  }

  /** Records the message that was received, as parsed by whoever parses it; `undefined` where nobody did. */
  describe(parsed: unknown): void {
    const into = this.#description;
    clearDescription(into);
    if (this.#describe === undefined) into.channel = UNDESCRIBED;
    else this.#read(this.#describe, parsed);
    if (into.missed > 0) {
      this.#telemetry.onGap({ exchange: this.#exchange, channel: into.channel, missed: into.missed });
    }
    if (into.restarts) this.#restart();
    const event = this.#message;
    event.channel = into.channel;
    event.symbol = into.symbol;
    event.eventTimeMs = into.eventTimeMs;
    event.receiveTimeMs = this.#receivedMs;
    event.sequence = into.sequence;
    event.firstId = into.firstId;
    event.lastId = into.lastId;
    event.previousLastId = into.previousLastId;
    this.#telemetry.onMessage(event);
  }

  /** What the service did with the message took this long. */
  handled(durationSeconds: number): void {
    const event = this.#handled;
    event.channel = this.#message.channel;
    event.durationSeconds = durationSeconds;
    this.#telemetry.onHandled(event);
  }

  /** {@link describe}, where the service handles the message next and {@link ended} follows. */
  begun(parsed: unknown): void {
    this.describe(parsed);
    this.#begunMs = this.#clocks.monotonicMs();
  }

  /** The service has handled the message that has {@link begun}. */
  ended(): void {
    this.handled((this.#clocks.monotonicMs() - this.#begunMs) / 1000);
  }

  /** The message could not be read at all. */
  unreadable(): void {
    this.#telemetry.onUnreadableMessage(this.#exchange);
  }

  #read(describe: Describe, parsed: unknown): void {
    try {
      describe(parsed, this.#description);
    } catch {
      // A vendor's message of a shape that nobody foresaw: counted, and kept away from the service.
      clearDescription(this.#description);
      this.#telemetry.onUnreadableMessage(this.#exchange);
    }
  }

  /** The first snapshot of a symbol on a connection starts its sequence; only a later one is a resync. */
  #restart(): void {
    const { channel, symbol } = this.#description;
    const key = `${channel} ${symbol ?? ''}`;
    const known = this.#started.has(key);
    if (known) this.#telemetry.onResync({ exchange: this.#exchange, channel, symbol });
    else if (this.#started.size < STARTED_MAX) this.#started.add(key);
  }
}

/** Channel of a message that nobody looked into. */
const UNDESCRIBED = 'message';

interface MutableMessage {
  exchange: string;
  channel: string;
  symbol: string | undefined;
  bytes: number;
  eventTimeMs: number | undefined;
  receiveTimeMs: number;
  sequence: number | undefined;
  firstId: number | undefined;
  lastId: number | undefined;
  previousLastId: number | undefined;
}
