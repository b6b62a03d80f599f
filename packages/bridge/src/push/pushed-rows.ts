import type { PushRows } from '@nanometer/live';
import type { Ingest, IngestResult, KnownPoints } from '../ingest.ts';
import type { Intake } from '../intake.ts';
import type { NumberPoint } from '../otlp/read-metrics.ts';
import type { Series } from '../store/series.ts';
import type { PointTemplate } from './point-template.ts';

const NANOS_PER_MILLI = 1_000_000n;
const TWO_32 = 4_294_967_296;

/**
 * The rows of a pushed frame. They stand for an OTLP request of one point each, which a journal keeps and which leads a row to
 * its series the first time; from then on a row goes to its series without bytes being written and read (bench/push.bench.js).
 */
export class PushedRows implements Intake, KnownPoints {
  readonly transport = 'push';
  readonly #rows: PushRows<PointTemplate>;
  #bytes: Buffer | undefined;
  /** Of the row whose time was split last, most rows of a frame have the same. */
  #micros = -1;
  #timeHigh = 0;
  #timeLow = 0;

  constructor(rows: PushRows<PointTemplate>) {
    this.#rows = rows;
  }

  get length(): number {
    return this.#rows.series.length;
  }

  get bytes(): Buffer {
    return (this.#bytes ??= this.#request());
  }

  into(ingest: Ingest, timeMs: number): IngestResult {
    const { series } = this.#rows;
    const { removals } = ingest;
    if (series.every((template) => template.isKnown(removals))) return ingest.points(this, timeMs);
    const found: (Series | undefined)[] = [];
    const result = ingest.request(this.bytes, this.transport, timeMs, series.length, found);
    // Of points that were refused with all of their metric nobody tells.
    if (found.length === series.length) series.forEach((template, row) => template.learn(found[row], removals));
    return result;
  }

  series(row: number): Series {
    return this.#rows.series[row]!.series!;
  }

  read(row: number, point: NumberPoint): void {
    this.#splitTime(row);
    const template = this.#rows.series[row]!;
    point.startHigh = template.startHigh;
    point.startLow = template.startLow;
    point.timeHigh = this.#timeHigh;
    point.timeLow = this.#timeLow;
    point.value = this.#rows.values[row]!;
  }

  #request(): Buffer {
    const { series, values } = this.#rows;
    let length = 0;
    for (const { bytes } of series) length += bytes.length;
    const request = Buffer.allocUnsafe(length);
    let at = 0;
    for (let row = 0; row < series.length; row++) {
      this.#splitTime(row);
      at = series[row]!.write(request, at, this.#timeHigh, this.#timeLow, values[row]!);
    }
    return request;
  }

  /** The nanoseconds of a row's time as two halves of 32 bits, exact. */
  #splitTime(row: number): void {
    const { baseTimeMs, dt } = this.#rows;
    const micros = dt[row]!;
    if (micros === this.#micros) return;
    this.#micros = micros;
    const baseMs = Math.trunc(Math.max(0, baseTimeMs));
    const sumMicros = baseMs * 1_000 + micros;
    if (sumMicros > Number.MAX_SAFE_INTEGER) {
      const nanos = BigInt.asUintN(64, BigInt(baseMs) * NANOS_PER_MILLI + BigInt(micros) * 1_000n);
      this.#timeHigh = Number(nanos >> 32n);
      this.#timeLow = Number(nanos & 0xffff_ffffn);
      return;
    }
    const high = Math.floor(sumMicros / TWO_32);
    const lowNanos = (sumMicros - high * TWO_32) * 1_000;
    this.#timeHigh = high * 1_000 + Math.floor(lowNanos / TWO_32);
    this.#timeLow = lowNanos % TWO_32;
  }
}
