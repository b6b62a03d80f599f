import { HistoryError } from '../errors.ts';
import { HOUR_MS, MINUTE_MS } from '../rollup/rollup.ts';
import type { RollupQuestion, SeriesQuestion } from './question.ts';
import { durationMs, timeOf } from './time-text.ts';

/** Points per series when no step is asked for. */
const POINTS_WANTED = 300;
const NAME_LENGTH_LIMIT = 1024;
const FILTER_LIMIT = 32;
const DEFAULT_SPAN = '-1h';
/** Steps that fall on what people read off a clock, minutes. */
const STEPS_MINUTES = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 10_080];

/** `name`, `attr.KEY` and `resource.KEY` of a query string. Throws `HistoryError` `INVALID_QUERY`. */
export function readSeriesQuestion(search: URLSearchParams): SeriesQuestion {
  return read(search, []);
}

/**
 * A question of a query string: `name`, `attr.KEY`, `resource.KEY`, `from` (default an hour ago), `to` (default now), `step` (default
 * some 300 points). Where minutes are gone, and with steps of hours, hours are asked.
 *
 * @throws HistoryError `INVALID_QUERY`.
 */
export function readRollupQuestion(search: URLSearchParams, nowMs: number, minutesFromMs: number): RollupQuestion {
  const filter = read(search, ['from', 'to', 'step']);
  const fromMs = timeOf('from', search.get('from') ?? DEFAULT_SPAN, nowMs);
  const toMs = timeOf('to', search.get('to') ?? 'now', nowMs);
  if (!(toMs > fromMs)) throw invalid(`to (${toMs}) must be after from (${fromMs})`);
  const asked = stepOf(search.get('step'));
  const stepMs = asked ?? niceStep(toMs - fromMs);
  const isHourly = stepMs % HOUR_MS === 0 || (asked === undefined && fromMs < minutesFromMs);
  const wholeMs = isHourly ? Math.ceil(stepMs / HOUR_MS) * HOUR_MS : stepMs;
  return {
    ...filter,
    fromMs: Math.floor(fromMs / wholeMs) * wholeMs,
    toMs: Math.ceil(toMs / wholeMs) * wholeMs,
    stepMs: wholeMs,
    resolution: isHourly ? 'hour' : 'minute',
  };
}

function read(search: URLSearchParams, others: readonly string[]): SeriesQuestion {
  const attributes: [string, string][] = [];
  const resource: [string, string][] = [];
  const seen = new Set<string>();
  for (const [key, value] of search) {
    if (seen.has(key)) throw invalid(`${key} comes twice`);
    seen.add(key);
    if (key.startsWith('attr.')) attributes.push([key.slice('attr.'.length), value]);
    else if (key.startsWith('resource.')) resource.push([key.slice('resource.'.length), value]);
    else if (key !== 'name' && !others.includes(key)) {
      throw invalid(
        `unknown parameter ${JSON.stringify(key)}; there are ${['name', 'attr.KEY', 'resource.KEY', ...others].join(', ')}`,
      );
    }
  }
  const name = search.get('name') ?? (others.length === 0 ? '*' : '');
  if (name === '' || name.length > NAME_LENGTH_LIMIT)
    throw invalid('name must be the name of a metric, or a glob such as risk.*');
  if (attributes.length + resource.length > FILTER_LIMIT) throw invalid(`more than ${FILTER_LIMIT} filters`);
  return { name, attributes: Object.fromEntries(attributes), resource: Object.fromEntries(resource) };
}

function stepOf(text: string | null): number | undefined {
  if (text === null) return undefined;
  const stepMs = durationMs(text);
  if (stepMs !== undefined && stepMs >= MINUTE_MS && stepMs % MINUTE_MS === 0) return stepMs;
  throw invalid(`step is ${JSON.stringify(text)}; expected whole minutes, such as 1m, 5m, 1h or 1d`);
}

function niceStep(spanMs: number): number {
  const leastMinutes = spanMs / MINUTE_MS / POINTS_WANTED;
  const minutes = STEPS_MINUTES.find((step) => step >= leastMinutes) ?? Math.ceil(leastMinutes / 10_080) * 10_080;
  return minutes * MINUTE_MS;
}

function invalid(message: string): HistoryError {
  return new HistoryError('INVALID_QUERY', message);
}
