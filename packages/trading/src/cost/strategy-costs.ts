import { NeumaierSum, QuantError } from '@nanometer/quant';

/** What one strategy cost and what its trades brought, in the reporting currency. */
export class StrategyCosts {
  readonly fees: NeumaierSum = new NeumaierSum();
  readonly notional: NeumaierSum = new NeumaierSum();
  readonly infrastructure: NeumaierSum = new NeumaierSum();
  /** Results of closed trades after fees. */
  readonly results: NeumaierSum = new NeumaierSum();
  trades = 0;

  /** Result of a trade on average, infrastructure included; undefined before the first closed trade. */
  get netPerTrade(): number | undefined {
    return this.trades === 0 ? undefined : (this.results.value - this.infrastructure.value) / this.trades;
  }

  /** Fees and infrastructure per closed trade. */
  get costPerTrade(): number | undefined {
    return this.trades === 0 ? undefined : (this.fees.value + this.infrastructure.value) / this.trades;
  }

  /** Fees and infrastructure per million of traded value. */
  get costPerMillion(): number | undefined {
    const notional = this.notional.value;
    return notional > 0 ? ((this.fees.value + this.infrastructure.value) / notional) * 1_000_000 : undefined;
  }

  snapshot(): readonly number[] {
    const { fees, notional, infrastructure, results, trades } = this;
    return [fees.value, notional.value, infrastructure.value, results.value, trades];
  }

  /** Throws a `QuantError` `invalid_snapshot`. */
  restore(snapshot: readonly number[]): void {
    if (snapshot.length !== 5 || !snapshot.every((value) => Number.isFinite(value))) {
      throw new QuantError('invalid_snapshot', 'the snapshot of StrategyCosts is not 5 numbers');
    }
    const [fees, notional, infrastructure, results, trades] = snapshot as [number, number, number, number, number];
    this.fees.reset(fees);
    this.notional.reset(notional);
    this.infrastructure.reset(infrastructure);
    this.results.reset(results);
    this.trades = trades;
  }
}
