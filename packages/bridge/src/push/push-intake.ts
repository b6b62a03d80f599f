import type { PushCounts, PushRows, PushSeries, PushSink } from '@nanometer/live';
import type { LiveFeed } from '../fan-out/fan-out.ts';
import type { TakeRequest } from '../intake.ts';
import { PointTemplate } from './point-template.ts';

const NANOS_PER_MILLI = 1_000_000n;
const TWO_32 = 4_294_967_296n;

/**
 * Takes what services push into the store, as OTLP requests of the transport `push`: one identity, one order of points and one
 * account for both ways in, so that what comes by both counts once.
 */
export class PushIntake implements PushSink<PointTemplate> {
  readonly #take: TakeRequest;
  readonly #live: LiveFeed;

  constructor(take: TakeRequest, live: LiveFeed) {
    this.#take = take;
    this.#live = live;
  }

  define(series: PushSeries): PointTemplate {
    return new PointTemplate(series);
  }

  async apply(rows: PushRows<PointTemplate>): Promise<PushCounts> {
    const { pointCount, duplicateCount, droppedCount } = await this.#take(requestOf(rows), 'push');
    return {
      applied: pointCount - duplicateCount - droppedCount,
      duplicate: duplicateCount,
      dropped: droppedCount,
    };
  }

  publishEvent(topic: string, body: unknown, retain: boolean): boolean {
    return this.#live.publishEvent(topic, body, { retain });
  }
}

function requestOf({ series, baseTimeMs, dt, values }: PushRows<PointTemplate>): Buffer {
  let length = 0;
  for (const { bytes } of series) length += bytes.length;
  const request = Buffer.allocUnsafe(length);
  // Exact beyond 2^53; most rows of a frame share one time.
  const base = BigInt(Math.trunc(Math.max(0, baseTimeMs))) * NANOS_PER_MILLI;
  let micros = -1;
  let high = 0;
  let low = 0;
  let at = 0;
  for (let row = 0; row < series.length; row++) {
    if (dt[row] !== micros) {
      micros = dt[row]!;
      const nanos = BigInt.asUintN(64, base + BigInt(micros) * 1_000n);
      high = Number(nanos / TWO_32);
      low = Number(nanos % TWO_32);
    }
    at = series[row]!.write(request, at, high, low, values[row]!);
  }
  return request;
}
