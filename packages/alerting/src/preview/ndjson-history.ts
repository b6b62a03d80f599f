import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { SeriesIdentity, SeriesUpdate } from '../engine/series.ts';
import { AlertingError } from '../errors.ts';

/**
 * History from a file with one point per line, ascending in time:
 *
 *     {"timeMs": 1700000000000, "name": "risk.drawdown.ratio", "attributes": {"trading.currency": "USD"}, "value": 0.01}
 *
 * and optionally `field`, `resource` and `startMs`. Empty lines are passed over.
 *
 * @throws AlertingError `OPTION_INVALID` with the line's number.
 */
export async function* ndjsonHistory(path: string): AsyncGenerator<SeriesUpdate> {
  let number = 0;
  try {
    for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY })) {
      number++;
      if (line.trim() !== '') yield pointOf(line);
    }
  } catch (error) {
    const why = error instanceof Error ? error.message : String((error as { message?: unknown }).message ?? error);
    throw new AlertingError('OPTION_INVALID', number === 0 ? `${path}: ${why}` : `${path}:${number}: ${why}`, error);
  }
}

function pointOf(line: string): SeriesUpdate {
  const point = JSON.parse(line) as Partial<SeriesIdentity> & { timeMs?: unknown; value?: unknown; startMs?: unknown };
  const { name, field, attributes = {}, resource, timeMs, value, startMs } = point ?? {};
  if (typeof name !== 'string' || name === '') throw new Error('"name" must be the name of a metric');
  if (typeof timeMs !== 'number') throw new Error('"timeMs" must be a number of milliseconds');
  if (typeof value !== 'number' && value !== null) throw new Error('"value" must be a number');
  return {
    series: {
      name,
      attributes,
      ...(field === undefined ? {} : { field }),
      ...(resource === undefined ? {} : { resource }),
    },
    timeMs,
    // JSON has no NaN.
    value: value ?? Number.NaN,
    ...(typeof startMs === 'number' ? { startMs } : {}),
  };
}
