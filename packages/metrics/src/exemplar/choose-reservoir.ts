import type { Attributes } from '@opentelemetry/api';
import type { ResolvedAggregation } from '../aggregation/aggregation.ts';
import { type AggregationOption, AggregationType } from '../data-types.ts';
import { AlignedHistogramBucketExemplarReservoir } from './aligned-histogram-bucket-exemplar-reservoir.ts';
import type { ExemplarReservoir, ExemplarReservoirFactory } from './exemplar-reservoir.ts';
import { SimpleFixedSizeExemplarReservoir } from './simple-fixed-size-exemplar-reservoir.ts';

/** Exemplars of one exponential histogram, at most. */
const MOST_EXPONENTIAL = 20;

/** The reservoir that the specification names for an aggregation (exemplar defaults). */
function defaultReservoir(aggregation: ResolvedAggregation): ExemplarReservoir {
  if (aggregation.kind === 'explicit' && aggregation.boundaries.length > 0) {
    return new AlignedHistogramBucketExemplarReservoir(aggregation.boundaries);
  }
  if (aggregation.kind === 'exponential') {
    return new SimpleFixedSizeExemplarReservoir(Math.min(MOST_EXPONENTIAL, aggregation.maxSize));
  }
  return new SimpleFixedSizeExemplarReservoir();
}

/** An aggregation in the form in which views and readers ask for it. */
function optionOf(aggregation: ResolvedAggregation): AggregationOption {
  const { kind } = aggregation;
  if (kind === 'explicit') {
    const options = { boundaries: [...aggregation.boundaries], recordMinMax: aggregation.recordMinMax };
    return { type: AggregationType.EXPLICIT_BUCKET_HISTOGRAM, options };
  }
  if (kind === 'exponential') {
    const options = { maxSize: aggregation.maxSize, recordMinMax: aggregation.recordMinMax };
    return { type: AggregationType.EXPONENTIAL_HISTOGRAM, options };
  }
  if (kind === 'last-value') return { type: AggregationType.LAST_VALUE };
  return { type: kind === 'sum' ? AggregationType.SUM : AggregationType.DROP };
}

/** Says how to make the reservoir of a stream's series: as its view wants, else as the specification does. */
export function chooseReservoir(
  aggregation: ResolvedAggregation,
  ofView: ExemplarReservoirFactory | undefined,
): (attributes: Attributes) => ExemplarReservoir {
  if (ofView === undefined) return () => defaultReservoir(aggregation);
  const option = optionOf(aggregation);
  return (attributes) => ofView({ aggregation: option, attributes });
}
