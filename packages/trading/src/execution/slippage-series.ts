import { type BoundHistogram, bindHistogram } from '@nanometer/metrics';
import { type Contract, NeumaierSum, type Position, type Tape, unitValue } from '@nanometer/quant';
import { ATTR_TRADING_EXECUTION_BENCHMARK, ATTR_TRADING_SLIPPAGE_DIRECTION } from '@nanometer/semconv';
import type { Attributes, Histogram } from '@opentelemetry/api';
import { PositionAttributes } from '../position-attributes.ts';
import { BENCHMARKS } from './benchmark.ts';

const BASIS_POINTS = 10_000;

/** Cells of what was traded, beside the prices to compare it with: a double in an array is not boxed on its way. */
export const TRADED_QUANTITY = 0;
export const TRADED_PRICE = 1;
/** Price compared with; NaN where it is not known. */
export const BENCHMARK_PRICE = 2;
export const TRADED_CELLS = 3;

/** Slippage of one position against every benchmark. */
export class SlippageSeries {
  readonly #histogram: Histogram;
  readonly #contract: Contract;
  readonly #venue: Attributes;
  /** By benchmark. */
  readonly #attributes: readonly Attributes[];
  /** By benchmark, in the settlement currency. */
  readonly #cost = BENCHMARKS.map(() => new NeumaierSum());
  readonly #value = BENCHMARKS.map(() => new NeumaierSum());
  readonly #costs: (BoundHistogram | undefined)[] = BENCHMARKS.map(() => undefined);
  readonly #improvements: (BoundHistogram | undefined)[] = BENCHMARKS.map(() => undefined);

  constructor(histogram: Histogram, position: Position) {
    const { venue, money } = new PositionAttributes(position);
    this.#histogram = histogram;
    this.#contract = position.contract;
    this.#venue = venue;
    this.#attributes = BENCHMARKS.map((benchmark) => ({ ...money, [ATTR_TRADING_EXECUTION_BENCHMARK]: benchmark }));
  }

  /** Takes a signed quantity at a price against one benchmark, whose price must be positive and finite. */
  add(benchmark: number, cells: Float64Array): void {
    const price = cells[TRADED_PRICE] as number;
    const against = cells[BENCHMARK_PRICE] as number;
    const quantity = cells[TRADED_QUANTITY] as number;
    const at = unitValue(this.#contract, against);
    (this.#cost[benchmark] as NeumaierSum).add(quantity * (unitValue(this.#contract, price) - at));
    (this.#value[benchmark] as NeumaierSum).add(Math.abs(quantity * at));
    const bps = ((quantity > 0 ? price - against : against - price) / against) * BASIS_POINTS;
    if (bps >= 0) (this.#costs[benchmark] ??= this.#bind(benchmark, 'cost')).record(bps);
    else (this.#improvements[benchmark] ??= this.#bind(benchmark, 'improvement')).record(-bps);
  }

  /** Calls `observe` with cost, value and attributes of each benchmark that fills were compared with. */
  observe(observe: (cost: number, value: number, attributes: Attributes) => void): void {
    this.#attributes.forEach((attributes, benchmark) => {
      const { value } = this.#value[benchmark] as NeumaierSum;
      if (value > 0) observe((this.#cost[benchmark] as NeumaierSum).value, value, attributes);
    });
  }

  carry(tape: Tape): void {
    for (const sum of [...this.#cost, ...this.#value]) sum.carry(tape);
  }

  #bind(benchmark: number, direction: string): BoundHistogram {
    return bindHistogram(this.#histogram, {
      ...this.#venue,
      [ATTR_TRADING_EXECUTION_BENCHMARK]: BENCHMARKS[benchmark] as string,
      [ATTR_TRADING_SLIPPAGE_DIRECTION]: direction,
    });
  }
}
