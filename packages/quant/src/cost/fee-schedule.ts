import { QuantError } from '../errors.ts';

/** One row of an exchange's fee table. */
export interface FeeTier {
  /** Traded value of the measured days from which the tier applies, ≥ 0. */
  readonly volume: number;
  /** Share of the traded value, negative for a rebate: 0.0002 is 2 basis points. */
  readonly maker: number;
  readonly taker: number;
}

/** Where a traded value stands in a schedule. */
export interface FeeStanding extends FeeTier {
  /** Index of the tier, from 0. */
  readonly tier: number;
  /** Traded value that is missing to the next tier; undefined at the top. */
  readonly distance: number | undefined;
}

/** An exchange's maker and taker fees by the value traded over its measuring days. */
export class FeeSchedule {
  readonly tiers: readonly FeeTier[];

  /** At least one tier, volumes rising from 0. Throws {@link QuantError} `invalid_option`. */
  constructor(tiers: readonly FeeTier[]) {
    tiers.forEach(({ volume, maker, taker }, at) => {
      const before = tiers[at - 1]?.volume ?? -1;
      if (!(volume > before && volume < Infinity) || (at === 0 && volume !== 0)) {
        throw new QuantError('invalid_option', `fee tier ${at} begins at ${volume}; volumes must rise, from 0`);
      }
      if (!(Math.abs(maker) < 1) || !(Math.abs(taker) < 1)) {
        throw new QuantError('invalid_option', `fee tier ${at} takes ${maker} and ${taker}; both are shares below 1`);
      }
    });
    if (tiers.length === 0) throw new QuantError('invalid_option', 'a fee schedule needs at least one tier');
    this.tiers = tiers;
  }

  /** The tier of a traded value, and how far the next one is. NaN and negative values stand in the first. */
  standingAt(volume: number): FeeStanding {
    let tier = 0;
    while (tier + 1 < this.tiers.length && volume >= this.tiers[tier + 1]!.volume) tier++;
    const next = this.tiers[tier + 1];
    return { ...this.tiers[tier]!, tier, distance: next && next.volume - Math.max(0, volume || 0) };
  }

  /**
   * Fees that the same trading would have cost less one tier up, cost positive; undefined at the top. Says what the next
   * tier is worth, not that it could be reached.
   */
  savingAtNext(volume: number, makerNotional: number, takerNotional: number): number | undefined {
    const { tier, maker, taker } = this.standingAt(volume);
    const next = this.tiers[tier + 1];
    return next && makerNotional * (maker - next.maker) + takerNotional * (taker - next.taker);
  }

  /**
   * Fees saved if the share `fillProbability` of what was taken had been made instead, at the rates of `volume`'s tier.
   * What would not have filled is not priced. Undefined for a probability outside 0 to 1.
   */
  savingAsMaker(volume: number, takerNotional: number, fillProbability: number): number | undefined {
    if (!(fillProbability >= 0 && fillProbability <= 1)) return undefined;
    const { maker, taker } = this.standingAt(volume);
    return takerNotional * (taker - maker) * fillProbability;
  }
}
