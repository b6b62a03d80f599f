import {
  filteredScenarios,
  type Portfolio,
  type Position,
  ScenarioBook,
  type TailRisk,
  ValueAtRiskBacktest,
} from '@nanometer/quant';
import { RiskOptionError } from './options.ts';

/** How scenarios are made from past returns. */
export type ScenarioMethod = 'filtered_historical' | 'historical';

/** Past returns of a contract, oldest first, as fractions; all contracts must have them for the same periods. */
export interface ContractReturns {
  readonly exchange: string;
  readonly symbol: string;
  readonly returns: ArrayLike<number>;
}

/** Part of the expected shortfall that one contract bears, in the reporting currency; negative for a hedge. */
export interface RiskComponent {
  readonly exchange: string;
  readonly symbol: string;
  readonly amount: number;
}

/** Forecasts of one confidence and what became of them. */
export interface TailState {
  /** Value of the attribute `risk.confidence`. */
  readonly confidence: string;
  /** Probability of a larger loss. */
  readonly p: number;
  readonly backtest: ValueAtRiskBacktest;
  /** Value at risk when the present period began, NaN without one. */
  forecast: number;
}

const FIRST_CAPACITY = 64;
const UNCOVERED = -1;
/** Of the sums: exposure without returns. */
const UNCOVERED_SUM = 0;

/**
 * Value at risk and expected shortfall of the positions of a portfolio on past returns, current after each position
 * that is told of. A position without returns is left out, and its exposure counted as uncovered.
 */
export class TailRiskBook {
  readonly method: ScenarioMethod;
  readonly states: readonly TailState[];
  readonly #portfolio: Portfolio;
  readonly #scenarioCount: number;
  readonly #book: ScenarioBook;
  readonly #contracts: { readonly exchange: string; readonly symbol: string }[] = [];
  readonly #indices = new Map<string, number>();
  // Doubles live in typed arrays: one in a field or an argument is boxed on the heap (bench/events.bench.js).
  /** Net exposure by contract. */
  #nets = new Float64Array(FIRST_CAPACITY);
  /** Contract by position handle; none for positions not told of. */
  readonly #contractOf: number[] = [];
  /** Exposure as it is in the sums, by position handle. */
  #exposures = new Float64Array(FIRST_CAPACITY);
  readonly #output = new Float64Array(1);
  readonly #sums = new Float64Array(1);
  #equity: number;

  constructor(portfolio: Portfolio, method: ScenarioMethod, scenarioCount: number, confidences: readonly number[]) {
    this.method = method;
    this.#portfolio = portfolio;
    this.#scenarioCount = scenarioCount;
    this.#book = new ScenarioBook(scenarioCount);
    this.#equity = portfolio.equity;
    this.states = confidences.map((confidence) => {
      // 1 - 0.95 is 0.050000000000000044.
      const p = Number((1 - confidence).toFixed(12));
      return { confidence: String(confidence), p, backtest: new ValueAtRiskBacktest(p), forecast: Number.NaN };
    });
  }

  /**
   * Gives a contract its past returns, or newer ones; the latest `scenarioCount` are used. Throws a
   * {@link RiskOptionError} when there are fewer, or one is no finite number.
   */
  defineReturns({ exchange, symbol, returns }: ContractReturns): void {
    const key = keyOf(exchange, symbol);
    const surplus = returns.length - this.#scenarioCount;
    if (surplus < 0) {
      throw new RiskOptionError(
        `returns of ${symbol} on ${exchange}: ${returns.length} periods; scenarioCount needs ${this.#scenarioCount}`,
      );
    }
    const wrong = Array.from(returns).findIndex((value) => !Number.isFinite(value));
    if (wrong >= 0) {
      throw new RiskOptionError(
        `returns of ${symbol} on ${exchange}: period ${wrong} is ${String(returns[wrong])}; it must be a finite number`,
      );
    }
    const scenarios = (this.method === 'historical' ? Float64Array.from(returns) : filteredScenarios(returns)).subarray(
      surplus,
    );
    const known = this.#indices.get(key);
    if (known !== undefined) {
      this.#book.replace(known, scenarios);
      return;
    }
    const contract = this.#book.add(scenarios);
    this.#indices.set(key, contract);
    this.#contracts.push({ exchange, symbol });
    if (contract === this.#nets.length) this.#nets = grown(this.#nets);
    for (const position of this.#portfolio.ledger.positions()) {
      const { handle } = position;
      if (position.exchange !== exchange || position.symbol !== symbol || this.#contractOf[handle] === undefined)
        continue;
      this.#sums[UNCOVERED_SUM]! -= Math.abs(this.#exposures[handle]!);
      this.#contractOf[handle] = contract;
      this.#exposures[handle] = 0;
      this.update(position);
    }
  }

  /** Whether any contract has returns; without them there is nothing to report. */
  get isActive(): boolean {
    return this.#contracts.length > 0;
  }

  /** Takes the present exposure of a position. While its rate is missing it counts as 0. */
  update(position: Position): void {
    const { handle } = position;
    const contract = this.#contractOf[handle] ?? this.#cover(position);
    const output = this.#output;
    if (!this.#portfolio.exposure.exposureInto(handle, output)) output[0] = 0;
    const exposures = this.#exposures;
    if (contract === UNCOVERED) {
      this.#sums[UNCOVERED_SUM]! += Math.abs(output[0]!) - Math.abs(exposures[handle]!);
    } else {
      this.#nets[contract]! += output[0]! - exposures[handle]!;
      this.#book.setExposureFrom(contract, this.#nets, contract);
    }
    exposures[handle] = output[0]!;
  }

  /** Tail risk with probability `p` of a larger loss; a live object, reused. Undefined without any returns. */
  tail(p: number): TailRisk | undefined {
    return this.isActive ? this.#book.tail(p) : undefined;
  }

  /** Writes the sum of absolute exposures of positions without returns into the first cell. */
  uncoveredInto(output: Float64Array): void {
    // Below 0 by rounding alone.
    output[0] = Math.max(0, this.#sums[UNCOVERED_SUM]!);
  }

  /** Parts of the expected shortfall by contract; they add up to it. */
  components(p: number): readonly RiskComponent[] {
    const amounts = new Float64Array(this.#contracts.length);
    if (!this.isActive || this.#book.components(p, amounts) === undefined) return [];
    return this.#contracts.map(({ exchange, symbol }, at) => ({ exchange, symbol, amount: amounts[at]! }));
  }

  /**
   * Ends a period: compares its result with the forecasts made when it began, and makes those of the next. `onResult` is
   * told of each comparison.
   */
  closePeriod(onResult: (state: TailState, isException: boolean) => void): void {
    const result = this.#portfolio.equity - this.#equity;
    this.#equity = this.#portfolio.equity;
    for (const state of this.states) {
      const isException = state.backtest.add(state.forecast, result);
      if (isException !== undefined) onResult(state, isException);
      state.forecast = this.tail(state.p)?.valueAtRisk ?? Number.NaN;
    }
  }

  #cover({ handle, exchange, symbol }: Position): number {
    while (handle >= this.#exposures.length) this.#exposures = grown(this.#exposures);
    const contract = this.#indices.get(keyOf(exchange, symbol)) ?? UNCOVERED;
    this.#contractOf[handle] = contract;
    return contract;
  }
}

function grown(cells: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(cells.length * 2);
  larger.set(cells);
  return larger;
}

/** Length first, so that no two pairs of names make one key. */
function keyOf(exchange: string, symbol: string): string {
  return `${exchange.length}:${exchange}${symbol}`;
}
