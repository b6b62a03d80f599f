import type { Mark, Portfolio, Position, TailRisk } from '@nanometer/quant';
import { checkReturns, type ContractReturns } from './contract-returns.ts';
import { PeriodReturns } from './period-returns.ts';
import { RISK_METHODS, type RiskMethod } from './risk-method.ts';
import { ScenarioPair } from './scenario-pair.ts';
import { append, type StateNumbers } from '../state/state-numbers.ts';
import { tailOf, TailState } from './tail-state.ts';

/** Part that one contract has in the tail risk, in the reporting currency; negative for a hedge. */
export interface RiskComponent {
  readonly exchange: string;
  readonly symbol: string;
  /** Signed exposure, long positive. */
  readonly exposure: number;
  /** Adds up to the value at risk over all contracts; NaN where the method has none. */
  readonly valueAtRisk: number;
  /** Adds up to the expected shortfall over all contracts; NaN where the method has none. */
  readonly expectedShortfall: number;
  /** What one more unit of exposure adds to the value at risk. */
  readonly marginalValueAtRisk: number;
  /** What one more unit of exposure adds to the expected shortfall. */
  readonly marginalExpectedShortfall: number;
}

/** What a {@link TailRiskBook} computes, and from how much past. */
export interface TailRiskSettings {
  readonly riskMethods: readonly RiskMethod[];
  readonly confidences: readonly number[];
  readonly scenarioCount: number;
  readonly volatilityLambda: number;
  readonly collectReturns: boolean;
}

/** The names of a book's state, in the order in which its numbers follow. */
export interface TailRiskHead {
  /** Whether the scenarios are past returns as they were, filtered ones, or both, so 1 or 2 lists for each contract. */
  readonly books: readonly boolean[];
  readonly contracts: readonly (readonly [exchange: string, symbol: string])[];
  readonly histories: readonly (readonly [exchange: string, symbol: string, returnCount: number])[];
  readonly states: readonly (readonly [method: string, level: number, cells: number])[];
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
  readonly states: readonly TailState[];
  readonly #portfolio: Portfolio;
  readonly #settings: TailRiskSettings;
  readonly #scenarios: ScenarioPair;
  readonly #history: PeriodReturns | undefined;
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
  /** Equity when the present period began. */
  #equity: number;

  constructor(portfolio: Portfolio, settings: TailRiskSettings) {
    const { riskMethods, confidences, scenarioCount, volatilityLambda } = settings;
    this.#portfolio = portfolio;
    this.#settings = settings;
    this.#scenarios = new ScenarioPair(riskMethods, scenarioCount, volatilityLambda);
    this.#history = settings.collectReturns ? new PeriodReturns(scenarioCount) : undefined;
    this.#equity = portfolio.equity;
    this.states = riskMethods.flatMap((method) =>
      confidences.map((confidence) => new TailState(method, confidence, this.#scenarios.bookOf(method))),
    );
  }

  /**
   * Gives a contract its past returns, or newer ones; the latest `scenarioCount` are used. Throws a
   * `RiskOptionError` when there are fewer, or one is no finite number.
   */
  defineReturns(returns: ContractReturns): void {
    checkReturns(returns, this.#settings.scenarioCount);
    this.#history?.define(returns.exchange, returns.symbol, returns.returns);
    this.#define(returns);
  }

  /** Whether any contract has returns; without them there is nothing to report. */
  get isActive(): boolean {
    return this.#contracts.length > 0;
  }

  /** Takes the price of a contract for the returns that are collected. */
  mark(mark: Mark): void {
    this.#history?.mark(mark);
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
      this.#scenarios.setExposureFrom(contract, this.#nets, contract);
    }
    exposures[handle] = output[0]!;
  }

  /** Tail risk by a method; a live object, reused. Undefined without returns and for a method that was not chosen. */
  tail(confidence: number, method: RiskMethod | undefined): TailRisk | undefined {
    const chosen = this.#chosen(method);
    if (chosen === undefined) return undefined;
    const states = this.states;
    for (let at = 0; at < states.length; at++) {
      const state = states[at]!;
      // To find the probability costs more than the rest of it, and most ask for what is kept.
      if (state.level === confidence && state.method === chosen) return state.tail();
    }
    return this.#scenarios.bookOf(chosen).tail(tailOf(confidence), RISK_METHODS[chosen].law);
  }

  /** By the first method at the first confidence, which limits watch. */
  firstTail(): TailRisk | undefined {
    return this.isActive ? this.states[0]?.tail() : undefined;
  }

  /** Writes the sum of absolute exposures of positions without returns into the first cell. */
  uncoveredInto(output: Float64Array): void {
    // Below 0 by rounding alone.
    output[0] = Math.max(0, this.#sums[UNCOVERED_SUM]!);
  }

  /** Parts of the tail risk by contract; they add up to it. */
  components(confidence: number, method: RiskMethod | undefined): readonly RiskComponent[] {
    const chosen = this.#chosen(method);
    if (chosen === undefined) return [];
    const marginal = this.#scenarios.bookOf(chosen).marginal(tailOf(confidence), RISK_METHODS[chosen].law);
    if (marginal === undefined) return [];
    return this.#contracts.map(({ exchange, symbol }, at) => {
      const exposure = this.#nets[at]!;
      const marginalValueAtRisk = marginal.valueAtRisk[at]!;
      const marginalExpectedShortfall = marginal.expectedShortfall[at]!;
      const valueAtRisk = exposure * marginalValueAtRisk;
      const expectedShortfall = exposure * marginalExpectedShortfall;
      return {
        exchange,
        symbol,
        exposure,
        valueAtRisk,
        expectedShortfall,
        marginalValueAtRisk,
        marginalExpectedShortfall,
      };
    });
  }

  /**
   * Ends a period: compares its result with the forecasts made when it began, takes its returns into the scenarios when
   * they are collected, and makes the forecasts of the next. `onResult` is told of each comparison.
   */
  closePeriod(onResult: (state: TailState, isException: boolean) => void): void {
    const result = this.#portfolio.equity - this.#equity;
    this.#equity = this.#portfolio.equity;
    this.#roll();
    this.#scenarios.recompute();
    for (const state of this.states) {
      const isException = state.backtest.add(state.forecast, result);
      if (isException !== undefined) onResult(state, isException);
      state.forecast = (this.isActive ? state.tail()?.valueAtRisk : undefined) ?? Number.NaN;
    }
  }

  /** Writes everything it remembers; positions it is told of anew. */
  write(numbers: number[]): TailRiskHead {
    const histories = this.#history?.histories ?? [];
    const backtests = this.states.map(({ backtest }) => backtest.snapshot());
    numbers.push(this.#equity);
    this.#contracts.forEach((_, at) => this.#scenarios.rowsOf(at).forEach((row) => append(numbers, row)));
    for (const { closePrice, lastPrice, returns } of histories) {
      numbers.push(closePrice, lastPrice);
      append(numbers, returns);
    }
    this.states.forEach(({ forecast }, at) => {
      numbers.push(forecast);
      append(numbers, backtests[at]!);
    });
    return {
      books: this.#scenarios.kinds,
      contracts: this.#contracts.map(({ exchange, symbol }) => [exchange, symbol]),
      histories: histories.map(({ exchange, symbol, returns }) => [exchange, symbol, returns.length]),
      states: this.states.map(({ method, level }, at) => [method, level, backtests[at]!.length]),
    };
  }

  /**
   * Takes back what {@link write} wrote, before any position. Methods and confidences that are new begin anew; scenarios of
   * other kinds than the methods need are left out, and wait for {@link defineReturns}.
   */
  read(head: TailRiskHead, from: StateNumbers): void {
    this.#equity = from.next();
    const fits = head.books.join() === this.#scenarios.kinds.join();
    for (const [exchange, symbol] of head.contracts) {
      const rows = head.books.map(() => from.take(this.#settings.scenarioCount));
      if (!fits) continue;
      const contract = this.#scenarios.resume(rows);
      this.#indices.set(keyOf(exchange, symbol), contract);
      this.#contracts.push({ exchange, symbol });
      if (contract === this.#nets.length) this.#nets = grown(this.#nets);
    }
    for (const [exchange, symbol, count] of head.histories) {
      const [closePrice = Number.NaN, lastPrice = Number.NaN] = from.take(2);
      const returns = from.take(count);
      this.#history?.resume(exchange, symbol, closePrice, lastPrice, returns);
    }
    for (const [method, level, cells] of head.states) {
      const forecast = from.next();
      const backtest = from.take(cells);
      const state = this.states.find((each) => each.method === method && each.level === level);
      if (state === undefined) continue;
      state.forecast = forecast;
      state.backtest.restore(backtest);
    }
  }

  #roll(): void {
    this.#history?.close();
    for (const history of this.#history?.histories ?? []) {
      const { returns, flatCount } = history;
      // All kept returns are 0 and so was the one that went: a market that is closed has the scenarios it had.
      if (flatCount > returns.length) continue;
      if (returns.length >= this.#settings.scenarioCount) this.#define(history);
    }
  }

  #define({ exchange, symbol, returns }: ContractReturns): void {
    const key = keyOf(exchange, symbol);
    const known = this.#indices.get(key);
    const contract = this.#scenarios.define(known, returns);
    if (known !== undefined) return;
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

  #chosen(method: RiskMethod | undefined): RiskMethod | undefined {
    const { riskMethods } = this.#settings;
    const chosen = method ?? riskMethods[0];
    return this.isActive && chosen !== undefined && riskMethods.includes(chosen) ? chosen : undefined;
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
