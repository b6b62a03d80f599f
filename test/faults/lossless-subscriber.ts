import { FrameError, LiveClient, type LiveFrame, type Recovery } from '@nanometer/live/client';
import { ATTR_TRADING_SYMBOL } from '@nanometer/semconv';
import type { LifeTruth } from './compare.ts';
import { METRICS } from './outputs.ts';
import { type Recorded, SYMBOLS } from './workload.ts';

/** A server that is wrong is wrong at every attempt. */
const WRONG_LINES_MOST = 100;

/** What a lossless subscriber went through. */
export interface LosslessAccount {
  readonly frames: number;
  /** Rows of updates, each told once. */
  readonly updates: number;
  readonly reconnects: number;
  /** How its subscription went on, each time that it did. */
  readonly recoveries: Readonly<Record<Exclude<Recovery, 'snapshot'>, number>>;
}

/** What has been told of one series of one life. */
interface Cell {
  readonly field: keyof Recorded;
  readonly symbol: number;
  readonly life: number;
  value: number;
  /** Of the last update. */
  timeMs: number;
  readonly told: Set<number>;
}

/**
 * A lossless subscriber of the desk's totals that holds the stream to its promise, across cut links and dead bridges: frames
 * of an epoch follow one another without a gap or a repetition except behind a snapshot, times of a series ascend, its
 * totals never fall, and every total told is one that the desk had. What is not so is told in `wrong`.
 */
export class LosslessSubscriber {
  readonly #client: LiveClient;
  readonly #cells = new Map<string, Cell>();
  /** Cells by series id; ids are of an epoch. */
  #cellById: (Cell | undefined)[] = [];
  #epoch = 0;
  /** Number of the last frame whose rows are in the totals; undefined before the first snapshot of an epoch. */
  #sequence: number | undefined;
  #updates = 0;
  readonly #recoveries = { replay: 0, backfill: 0, reset: 0 };
  readonly #wrong: string[] = [];

  constructor(url: string) {
    this.#client = new LiveClient({
      url,
      backoffMaxMs: 200,
      // A stalled link is given up during the fault, if the heartbeat of a second lets that be known.
      silenceMs: 1_500,
      onReset: () => {
        this.#cellById = [];
        this.#sequence = undefined;
      },
      onError: (error) => {
        // Whatever becomes of a connection, what does come over it is whole. Among these are gaps in the numbers.
        const broken = error instanceof FrameError || error.code === 'protocol_violation';
        if (broken && this.#wrong.length < WRONG_LINES_MOST) this.#wrong.push(`lossless: ${error.message}`);
      },
      onRecovery: (_, recovery) => {
        if (recovery !== 'snapshot') this.#recoveries[recovery] += 1;
      },
    });
    const names = METRICS.map(({ metric }) => metric.name);
    this.#client.subscribe(
      { names, delivery: 'lossless', lane: 'risk' },
      { onFrame: (frame) => this.#take(frame), compressSnapshot: true },
    );
    this.#client.connect().catch(() => undefined);
  }

  get totals(): ReadonlyMap<number, Recorded> {
    const lives = new Map<number, Recorded>();
    for (const { life, field, symbol, value } of this.#cells.values()) {
      const recorded = lives.get(life) ?? { fills: SYMBOLS.map(() => 0), quantity: SYMBOLS.map(() => 0) };
      lives.set(life, recorded);
      recorded[field][symbol] = value;
    }
    return lives;
  }

  get account(): LosslessAccount {
    const { frames, reconnects } = this.#client.stats;
    return { frames, updates: this.#updates, reconnects, recoveries: { ...this.#recoveries } };
  }

  stop(): Promise<void> {
    this.#client.close();
    return Promise.resolve();
  }

  /** What must not be, given what the lives recorded. */
  wrong(truths: readonly LifeTruth[]): string[] {
    const { unknownRows, conflatedFrames } = this.#client.stats;
    const lines = [...this.#wrong];
    for (const [what, count] of Object.entries({
      'rows of no known series': unknownRows,
      'conflated frames': conflatedFrames,
    })) {
      if (count > 0) lines.push(`lossless: ${count} ${what}`);
    }
    for (const { life, field, symbol, told } of this.#cells.values()) {
      const totals = truths.find((truth) => truth.life === life)?.totals ?? [];
      const had = new Set(totals.map((after) => after[field][symbol]));
      for (const value of told) {
        if (!had.has(value))
          lines.push(`lossless, life ${life}, ${field} of ${SYMBOLS[symbol]}: told ${value}, which never was`);
      }
    }
    return lines;
  }

  #take(frame: LiveFrame): void {
    const isUpdate = frame.type === 'update';
    if (isUpdate && frame.sequence !== (this.#sequence ?? Number.NaN) + 1) {
      this.#wrong.push(`lossless: frame ${frame.sequence} follows frame ${this.#sequence} of epoch ${frame.epoch}`);
    }
    if (isUpdate || frame.final) this.#sequence = frame.sequence;
    this.#epoch = frame.epoch;
    for (let row = 0; row < frame.count; row += 1) {
      const cell = this.#cellOf(frame.ids[row] ?? -1);
      if (cell === undefined) continue;
      const value = frame.values[row] ?? Number.NaN;
      const timeMs = frame.baseTimeMs + (frame.dt[row] ?? Number.NaN) / 1_000;
      cell.told.add(value);
      // Rows of the history are older than the snapshot behind them, and may be older than what was told before the cut.
      if (frame.backfill) continue;
      if (isUpdate) {
        this.#updates += 1;
        if (!(timeMs > cell.timeMs)) this.#complain(cell, `an update of ${timeMs} follows one of ${cell.timeMs}`);
      }
      if (value < cell.value) this.#complain(cell, `${value} follows ${cell.value}`);
      cell.timeMs = timeMs;
      cell.value = value;
    }
  }

  #complain({ life, field, symbol }: Cell, text: string): void {
    this.#wrong.push(`lossless, life ${life}, ${field} of ${SYMBOLS[symbol]}: ${text}, epoch ${this.#epoch}`);
  }

  #cellOf(id: number): Cell | undefined {
    const known = this.#cellById[id];
    if (known !== undefined) return known;
    const series = this.#client.store.descriptor(id);
    const field = METRICS.find(({ metric }) => metric.name === series?.name)?.field;
    const instance = /^life-(\d+)$/.exec(String(series?.resource?.['service.instance.id']))?.[1];
    const symbol = (SYMBOLS as readonly string[]).indexOf(String(series?.attributes[ATTR_TRADING_SYMBOL]));
    if (field === undefined || instance === undefined || symbol < 0) return undefined;
    const key = `${instance} ${field} ${symbol}`;
    const made: Cell = { field, symbol, life: Number(instance), value: 0, timeMs: -Infinity, told: new Set() };
    const cell = this.#cells.get(key) ?? made;
    this.#cells.set(key, cell);
    this.#cellById[id] = cell;
    return cell;
  }
}
