import type { MetricInput } from './otlp.ts';

export const counter = (value: number | bigint, rest: object = {}): MetricInput => ({
  name: 'fills',
  sum: [{ value, ...rest }],
  monotonic: true,
});
