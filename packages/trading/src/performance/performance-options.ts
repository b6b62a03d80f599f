import type { PerformanceBookOptions } from '@nanometer/quant';

/** A market whose marks are a benchmark. */
export interface BenchmarkMarket {
  readonly exchange: string;
  readonly symbol: string;
}

/** How the returns of strategies are measured; amounts are in the reporting currency. */
export interface PerformanceOptions extends PerformanceBookOptions {
  /** What alpha, beta and the information ratio compare with; none by default. */
  readonly benchmark?: BenchmarkMarket | undefined;
}
