import { filteredScenarios, ScenarioBook } from '@nanometer/quant';
import { RISK_METHODS, type RiskMethod } from './risk-method.ts';

/** The scenario books that a choice of methods needs: past returns as they were, filtered ones, or both. */
export class ScenarioPair {
  readonly scenarioCount: number;
  readonly #lambda: number;
  readonly #plain: ScenarioBook | undefined;
  readonly #filtered: ScenarioBook | undefined;
  #size = 0;

  constructor(methods: readonly RiskMethod[], scenarioCount: number, lambda: number) {
    const needs = (isFiltered: boolean): boolean =>
      methods.some((method) => RISK_METHODS[method].isFiltered === isFiltered);
    this.scenarioCount = scenarioCount;
    this.#lambda = lambda;
    this.#plain = needs(false) ? new ScenarioBook(scenarioCount, lambda) : undefined;
    this.#filtered = needs(true) ? new ScenarioBook(scenarioCount, lambda) : undefined;
  }

  /** The book whose scenarios a method uses. */
  bookOf(method: RiskMethod): ScenarioBook {
    return (RISK_METHODS[method].isFiltered ? this.#filtered : this.#plain)!;
  }

  /** Gives an instrument its returns, at least as many as scenarios; a new one when `index` is undefined. */
  define(index: number | undefined, returns: ArrayLike<number>): number {
    const surplus = returns.length - this.scenarioCount;
    this.#put(this.#plain, index, () => Float64Array.from(returns).subarray(surplus));
    this.#put(this.#filtered, index, () => filteredScenarios(returns, this.#lambda).subarray(surplus));
    return index ?? this.#size++;
  }

  /** The scenarios of an instrument as they are in use, in one list for each book. */
  rowsOf(index: number): Float64Array[] {
    return this.#books().map((book) => book.returns(index)!);
  }

  /** Of the lists that {@link rowsOf} gives, which are filtered. */
  get kinds(): readonly boolean[] {
    return [...(this.#plain === undefined ? [] : [false]), ...(this.#filtered === undefined ? [] : [true])];
  }

  /** Adds an instrument with what {@link rowsOf} gave of it. */
  resume(rows: readonly ArrayLike<number>[]): number {
    this.#books().forEach((book, at) => book.add(rows[at]!));
    return this.#size++;
  }

  #books(): ScenarioBook[] {
    return [this.#plain, this.#filtered].filter((book) => book !== undefined);
  }

  /** Sets the exposure of an instrument from an array, in both books. */
  setExposureFrom(index: number, values: Float64Array, from: number): void {
    this.#plain?.setExposureFrom(index, values, from);
    this.#filtered?.setExposureFrom(index, values, from);
  }

  /** Drops the rounding of many changes. */
  recompute(): void {
    this.#plain?.recompute();
    this.#filtered?.recompute();
  }

  #put(book: ScenarioBook | undefined, index: number | undefined, scenarios: () => Float64Array): void {
    if (index === undefined) book?.add(scenarios());
    else book?.replace(index, scenarios());
  }
}
