import type { ExponentialHistogram } from '@opentelemetry/sdk-metrics';
import { atScale, type Buckets } from './exponential-scale.ts';
import { UnwritablePoint } from './encoding.ts';

/** Prometheus' schemas of exponential buckets. */
const FINEST_SCHEMA = 8;
const COARSEST_SCHEMA = -4;

/** Shorter gaps are filled with empty buckets, which cost less than another span. */
const LONGEST_FILLED_GAP = 2;

/** Runs of buckets and their counts, each count as the difference to the one before. */
export interface Spans {
  readonly spans: readonly { readonly offset: number; readonly length: number }[];
  readonly deltas: readonly number[];
}

/** The exponential buckets of a native histogram. */
export interface NativeBuckets {
  readonly schema: number;
  readonly negative: Spans;
  readonly positive: Spans;
}

/**
 * OpenTelemetry's buckets in Prometheus' form: scales finer than schema 8 are merged down to it; coarser ones than -4 have
 * no schema. @throws UnwritablePoint `scale_out_of_range`
 */
export function nativeBuckets({ scale, negative, positive }: ExponentialHistogram): NativeBuckets {
  if (!(scale >= COARSEST_SCHEMA)) throw new UnwritablePoint('scale_out_of_range');
  const schema = Math.min(scale, FINEST_SCHEMA);
  return {
    schema,
    negative: spansOf(atScale(negative, scale, schema)),
    positive: spansOf(atScale(positive, scale, schema)),
  };
}

/** OpenTelemetry numbers a bucket by its lower bound, Prometheus by its upper one: one more. */
function spansOf({ offset, counts }: Buckets): Spans {
  const spans: { offset: number; length: number }[] = [];
  const deltas: number[] = [];
  let previous = 0;
  let end = 0;
  for (let index = 0; index < counts.length; index++) {
    const count = counts[index]!;
    if (count === 0) continue;
    const at = offset + index + 1;
    const gap = at - end;
    const last = spans.at(-1);
    if (last !== undefined && gap <= LONGEST_FILLED_GAP) {
      for (let filled = 0; filled < gap; filled++) {
        deltas.push(-previous);
        previous = 0;
      }
      last.length += gap + 1;
    } else {
      spans.push({ offset: gap, length: 1 });
    }
    deltas.push(count - previous);
    previous = count;
    end = at + 1;
  }
  return { spans, deltas };
}
