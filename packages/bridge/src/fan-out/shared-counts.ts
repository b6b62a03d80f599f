import type { LiveServerStats } from '@nanometer/live';
import { LIVE_ERROR_CODES } from '@nanometer/live/parts';

const COUNTERS = [
  'framesEncoded',
  'framesCompressed',
  'framesSent',
  'updatesSent',
  'framesConflated',
  'bytesSent',
  'eventsSent',
] as const;
const GAUGES = ['clients', 'subscriptions', 'streams', 'framesUnackedMax'] as const;
const RESUMES = ['replayed', 'backfilled', 'reset'] as const;

const RESUMES_AT = COUNTERS.length;
const REJECTED_AT = RESUMES_AT + RESUMES.length;
/** What begins anew with each worker is behind what is added up over all of them. */
const GAUGES_AT = REJECTED_AT + LIVE_ERROR_CODES.length;
const COUNT = GAUGES_AT + GAUGES.length;

type Counter = (typeof COUNTERS)[number];
type Gauge = (typeof GAUGES)[number];

/** What the worker knows of the stream; the rest the bridge's own thread does. */
export type WorkerCounts = Pick<LiveServerStats, Counter | Gauge | 'resumes' | 'rejected'>;

/** Memory in which one worker keeps its counts: whole numbers, each written and read as one. */
export function countsMemory(): BigUint64Array<SharedArrayBuffer> {
  return new BigUint64Array(new SharedArrayBuffer(8 * COUNT));
}

/** The worker's end: makes its counts visible. */
export function writeCounts(memory: BigUint64Array, stats: LiveServerStats): void {
  const put = (place: number, value: number): void => void Atomics.store(memory, place, BigInt(value));
  for (const [index, name] of COUNTERS.entries()) put(index, stats[name]);
  for (const [index, name] of RESUMES.entries()) put(RESUMES_AT + index, stats.resumes[name]);
  for (const [index, code] of LIVE_ERROR_CODES.entries()) put(REJECTED_AT + index, stats.rejected[code] ?? 0);
  for (const [index, name] of GAUGES.entries()) put(GAUGES_AT + index, stats[name]);
}

/** The counts of all workers of one bridge, which outlive each of them. */
export class SharedCounts {
  readonly #ended = new Float64Array(GAUGES_AT);
  #memory: BigUint64Array = countsMemory();

  /** A new worker counts there; what the last one had counted stays. */
  attach(memory: BigUint64Array): void {
    this.detach();
    this.#memory = memory;
  }

  /** The worker is gone: nobody is connected to it any more. */
  detach(): void {
    for (let place = 0; place < GAUGES_AT; place++) this.#ended[place] = this.#at(place);
    this.#memory = countsMemory();
  }

  read(): WorkerCounts {
    const rejected: Partial<Record<(typeof LIVE_ERROR_CODES)[number], number>> = {};
    for (const [index, code] of LIVE_ERROR_CODES.entries()) {
      const count = this.#at(REJECTED_AT + index);
      if (count > 0) rejected[code] = count;
    }
    return {
      ...this.#named(COUNTERS, 0),
      ...this.#named(GAUGES, GAUGES_AT),
      resumes: this.#named(RESUMES, RESUMES_AT),
      rejected,
    };
  }

  #named<Name extends string>(names: readonly Name[], from: number): Record<Name, number> {
    return Object.fromEntries(names.map((name, index) => [name, this.#at(from + index)])) as Record<Name, number>;
  }

  #at(place: number): number {
    return (this.#ended[place] ?? 0) + Number(Atomics.load(this.#memory, place));
  }
}
