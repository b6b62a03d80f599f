import type { WebSocket } from 'ws';
import { CLOSE_GOING_AWAY } from '../protocol/close-codes.ts';
import type { LiveClock } from '../protocol/clock.ts';
import { decodeFrame } from '../protocol/decode-frame.ts';
import { FrameError } from '../protocol/errors.ts';
import type { LiveFrame } from '../protocol/frame.ts';
import type { PushCounts, PushLimits, PushServerMessage } from './messages.ts';
import { parsePushMessage } from './parse-push-message.ts';
import { PushError } from './push-error.ts';
import type { PushSink } from './push-sink.ts';
import type { PushTally } from './push-stats.ts';

/** RFC 6455: the peer broke the protocol. */
const CLOSE_PROTOCOL_ERROR = 1002;
/** Acknowledgements of several frames go out together: each wakes the thread that trades. */
const ACK_AFTER_MS = 100;

/** What the connections of a server share. */
export interface PushContext<Handle> {
  readonly sink: PushSink<Handle>;
  readonly limits: PushLimits;
  readonly epoch: number;
  readonly clock: LiveClock;
  readonly tally: PushTally;
}

/** One producer: its dictionary, and what became of its frames. */
export class PushConnection<Handle> {
  heardAtMs: number;
  pingedAtMs: number;
  readonly socket: WebSocket;
  readonly #context: PushContext<Handle>;
  readonly #handles: (Handle | undefined)[] = [];
  #received = 0;
  #settled = 0;
  #counts = { applied: 0, duplicate: 0, dropped: 0 };
  #waitingBytes = 0;
  #cancelAck: (() => void) | undefined;

  constructor(socket: WebSocket, context: PushContext<Handle>) {
    this.socket = socket;
    this.#context = context;
    this.heardAtMs = this.pingedAtMs = context.clock.monotonic();
  }

  send(message: PushServerMessage): void {
    if (this.socket.readyState === this.socket.OPEN) this.socket.send(JSON.stringify(message));
  }

  /** Takes a message; one that is wrong ends the connection. */
  onMessage(data: Buffer, isBinary: boolean): void {
    this.heardAtMs = this.#context.clock.monotonic();
    try {
      if (isBinary) this.#onFrame(data);
      else this.#onText(data.toString('utf8'));
    } catch (error) {
      if (!(error instanceof PushError)) throw error;
      this.refuse(error);
      if (error.code !== 'event_refused') this.socket.close(CLOSE_PROTOCOL_ERROR, error.code);
    }
  }

  refuse({ code, message, limit }: PushError): void {
    this.#context.tally.refused[code] = (this.#context.tally.refused[code] ?? 0) + 1;
    this.send({ type: 'error', code, message, ...(limit === undefined ? {} : { limit }) });
  }

  /** Says goodbye; what was received is finished all the same. */
  goAway(retryAfterMs: number): void {
    this.#sendAck();
    this.send({ type: 'goaway', reason: 'the server is closing', retryAfterMs });
    this.socket.close(CLOSE_GOING_AWAY, 'going_away');
  }

  ended(): void {
    this.#cancelAck?.();
    this.#handles.length = 0;
  }

  #onText(text: string): void {
    const { sink, limits, tally } = this.#context;
    const message = parsePushMessage(text, limits);
    if (message.type === 'dictionary') {
      for (const { id, ...series } of message.entries) {
        while (this.#handles.length < id) this.#handles.push(undefined);
        this.#handles[id] = sink.define(series);
      }
      return;
    }
    const { topic, body, retain } = message;
    if (!sink.publishEvent(topic, body, retain)) {
      throw new PushError('event_refused', `the event of ${topic} is larger than events may be, or the server closes`);
    }
    tally.events += 1;
  }

  #onFrame(data: Buffer): void {
    const { tally, limits } = this.#context;
    const frame = this.#decoded(data);
    this.#received += 1;
    if (frame.sequence !== this.#received) {
      throw new PushError(
        'invalid_frame',
        `frame ${frame.sequence} follows frame ${this.#received - 1}; frames are numbered from 1`,
      );
    }
    tally.received += frame.count;
    const { byteLength } = data;
    if (this.#waitingBytes > 0 && this.#waitingBytes + byteLength > limits.waitingBytes) {
      this.#settle({ applied: 0, duplicate: 0, dropped: frame.count });
      return;
    }
    this.#waitingBytes += byteLength;
    void this.#apply(frame, byteLength);
  }

  #decoded(data: Buffer): LiveFrame {
    let frame: LiveFrame;
    try {
      frame = decodeFrame(data);
    } catch (error) {
      if (error instanceof FrameError) throw new PushError('invalid_frame', `${error.code}: ${error.message}`);
      throw error;
    }
    const { epoch } = this.#context;
    if (frame.type !== 'update' || frame.conflated || frame.final || frame.backfill || frame.stream !== 0) {
      throw new PushError('invalid_frame', 'a producer sends update frames of stream 0 without flags');
    }
    if (frame.epoch === epoch) return frame;
    throw new PushError('invalid_frame', `epoch ${frame.epoch}, that of this server is ${epoch}`);
  }

  async #apply(frame: LiveFrame, byteLength: number): Promise<void> {
    const { ids, values, dt, baseTimeMs, count } = frame;
    const handles = this.#handles;
    const series: Handle[] = [];
    for (let row = 0; row < count; row++) {
      const handle = handles[ids[row]!];
      if (handle !== undefined) series.push(handle);
    }
    let counts: PushCounts;
    try {
      const known = series.length === count;
      const rows = known ? { series, baseTimeMs, dt, values } : knownRows(frame, handles);
      counts = await this.#context.sink.apply(rows, byteLength);
    } catch {
      // The sink's disk is full or failing, which it tells itself; the producer sends its state again.
      counts = { applied: 0, duplicate: 0, dropped: series.length };
    }
    this.#waitingBytes -= byteLength;
    this.#settle({ ...counts, dropped: counts.dropped + count - series.length });
  }

  #settle({ applied, duplicate, dropped }: PushCounts): void {
    const { tally, clock } = this.#context;
    this.#settled += 1;
    for (const counts of [this.#counts, tally.counts]) {
      counts.applied += applied;
      counts.duplicate += duplicate;
      counts.dropped += dropped;
    }
    this.#cancelAck ??= clock.after(ACK_AFTER_MS, () => this.#sendAck());
  }

  #sendAck(): void {
    this.#cancelAck?.();
    this.#cancelAck = undefined;
    this.send({ type: 'ack', sequence: this.#settled, ...this.#counts });
  }
}

/** The rows whose ids are in the dictionary. */
function knownRows<Handle>({ ids, dt, values, baseTimeMs }: LiveFrame, handles: readonly (Handle | undefined)[]) {
  const rows = Array.from(ids.keys()).filter((row) => handles[ids[row]!] !== undefined);
  return {
    series: rows.map((row) => handles[ids[row]!]!),
    baseTimeMs,
    dt: Uint32Array.from(rows, (row) => dt[row]!),
    values: Float64Array.from(rows, (row) => values[row]!),
  };
}
