import { lineFrame, type LineFrame, type StatsdDialect, type TagValue } from './dialect.ts';

/** The percentiles a histogram is sent with, by the suffix of their gauge. */
export const HISTOGRAM_PERCENTILES: readonly { readonly suffix: string; readonly quantile: number }[] = [
  { suffix: '.p50', quantile: 0.5 },
  { suffix: '.p90', quantile: 0.9 },
  { suffix: '.p99', quantile: 0.99 },
  { suffix: '.p999', quantile: 0.999 },
];

/** The line frames of one histogram series. */
export interface HistogramFrames {
  readonly count: LineFrame;
  readonly sum: LineFrame;
  readonly min: LineFrame;
  readonly max: LineFrame;
  /** In the order of {@link HISTOGRAM_PERCENTILES}. */
  readonly percentiles: readonly LineFrame[];
}

/** Frames the lines of one histogram series: `.count` and `.sum` counters, `.min`, `.max` and percentile gauges; `ended` is put over each. */
export function histogramFrames(
  dialect: StatsdDialect,
  name: string,
  tags: readonly (readonly [string, TagValue])[],
  ended: (frame: LineFrame) => LineFrame = (frame): LineFrame => frame,
): HistogramFrames {
  const frame = (suffix: string): LineFrame => ended(lineFrame(dialect, name, tags, suffix));
  return {
    count: frame('.count'),
    sum: frame('.sum'),
    min: frame('.min'),
    max: frame('.max'),
    percentiles: HISTOGRAM_PERCENTILES.map(({ suffix }) => frame(suffix)),
  };
}
