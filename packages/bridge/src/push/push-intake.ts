import type { PushCounts, PushRows, PushSeries, PushSink } from '@nanometer/live';
import type { LiveFeed } from '../fan-out/fan-out.ts';
import type { Take } from '../intake.ts';
import { PointTemplate } from './point-template.ts';
import { PushedRows } from './pushed-rows.ts';

/**
 * Takes what services push into the store, as OTLP requests of the transport `push`: one identity, one order of points and one
 * account for both ways in, so that what comes by both counts once.
 */
export class PushIntake implements PushSink<PointTemplate> {
  readonly #take: Take;
  readonly #live: LiveFeed;

  constructor(take: Take, live: LiveFeed) {
    this.#take = take;
    this.#live = live;
  }

  define(series: PushSeries): PointTemplate {
    return new PointTemplate(series);
  }

  async apply(rows: PushRows<PointTemplate>): Promise<PushCounts> {
    const { pointCount, duplicateCount, droppedCount } = await this.#take(new PushedRows(rows));
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
