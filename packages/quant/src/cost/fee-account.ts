import { restoredNumbers } from '../number/restored-numbers.ts';
import { NeumaierSum } from '../number/neumaier-sum.ts';
import type { Liquidity } from '../ledger/events.ts';

const BASIS_POINTS = 10_000;

/** Traded value and fees by liquidity: what trading on one exchange really cost. */
export class FeeAccount {
  readonly #makerNotional = new NeumaierSum();
  readonly #takerNotional = new NeumaierSum();
  readonly #makerFees = new NeumaierSum();
  readonly #takerFees = new NeumaierSum();

  /** Takes a fill: its traded value ≥ 0, and its fee in the same currency, cost positive. False when one is none. */
  add(liquidity: Liquidity, notional: number, fee: number): boolean {
    if (!(notional >= 0 && notional < Infinity) || !Number.isFinite(fee)) return false;
    (liquidity === 'maker' ? this.#makerNotional : this.#takerNotional).add(notional);
    (liquidity === 'maker' ? this.#makerFees : this.#takerFees).add(fee);
    return true;
  }

  notional(liquidity: Liquidity): number {
    return (liquidity === 'maker' ? this.#makerNotional : this.#takerNotional).value;
  }

  /** Cost positive, rebates negative. */
  fees(liquidity: Liquidity): number {
    return (liquidity === 'maker' ? this.#makerFees : this.#takerFees).value;
  }

  /** Fees over traded value in basis points, of one liquidity or of both; undefined where nothing was traded. */
  effectiveBps(liquidity?: Liquidity): number | undefined {
    const notional =
      liquidity === undefined ? this.notional('maker') + this.notional('taker') : this.notional(liquidity);
    const fees = liquidity === undefined ? this.fees('maker') + this.fees('taker') : this.fees(liquidity);
    return notional > 0 ? (fees / notional) * BASIS_POINTS : undefined;
  }

  /** Share of the traded value that was made, 0 to 1; undefined where nothing was traded. */
  get makerRatio(): number | undefined {
    const maker = this.notional('maker');
    const total = maker + this.notional('taker');
    return total > 0 ? maker / total : undefined;
  }

  snapshot(): readonly number[] {
    return [this.notional('maker'), this.notional('taker'), this.fees('maker'), this.fees('taker')];
  }

  /** Takes the sums back. Throws `QuantError` `invalid_snapshot`. */
  restore(snapshot: readonly number[]): void {
    const sums = restoredNumbers('FeeAccount', snapshot, 4) as [number, number, number, number];
    this.#makerNotional.reset(sums[0]);
    this.#takerNotional.reset(sums[1]);
    this.#makerFees.reset(sums[2]);
    this.#takerFees.reset(sums[3]);
  }
}
