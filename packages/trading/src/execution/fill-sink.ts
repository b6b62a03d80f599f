import {
  type Contract,
  CURVE_EFFECTIVE_BPS,
  CURVE_IMPACT_BPS,
  CURVE_NET_BPS,
  CURVE_NOTIONAL,
  CURVE_REALIZED_BPS,
  MARKOUT_FEE_BPS,
  MARKOUT_LATER_MID,
  MARKOUT_MID,
  MARKOUT_NOTIONAL,
  MARKOUT_PRICE,
  MARKOUT_QUANTITY,
  type MarkoutSink,
} from '@nanometer/quant';
import type { AlphaSeries } from './alpha-series.ts';
import type { MarkoutGroup } from './markout-group.ts';

/** Takes what the market did after the fills of one position that made, or took, liquidity. */
export class FillSink implements MarkoutSink {
  readonly group: MarkoutGroup;
  /** Number of its position and liquidity, by which a snapshot names it. */
  readonly code: number;
  readonly #contract: Contract;
  readonly #alpha: AlphaSeries;
  readonly #holding: number;

  constructor(contract: Contract, group: MarkoutGroup, alpha: AlphaSeries, holding: number, code: number) {
    this.#contract = contract;
    this.group = group;
    this.#alpha = alpha;
    this.#holding = holding;
    this.code = code;
  }

  settled(horizonIndex: number, fill: Float64Array): void {
    const { curve, values } = this.group;
    const mid = fill[MARKOUT_MID] as number;
    const price = fill[MARKOUT_PRICE] as number;
    const later = fill[MARKOUT_LATER_MID] as number;
    const scale = ((fill[MARKOUT_QUANTITY] as number) > 0 ? 10_000 : -10_000) / mid;
    values[CURVE_NET_BPS] = scale * (later - price) - (fill[MARKOUT_FEE_BPS] as number);
    values[CURVE_EFFECTIVE_BPS] = 2 * scale * (price - mid);
    values[CURVE_REALIZED_BPS] = 2 * scale * (price - later);
    values[CURVE_IMPACT_BPS] = 2 * scale * (later - mid);
    values[CURVE_NOTIONAL] = fill[MARKOUT_NOTIONAL] as number;
    if (!curve.add(horizonIndex, values) || horizonIndex !== this.#holding) return;
    this.group.held(values[CURVE_NET_BPS], fill);
    this.#alpha.held(this.#contract, fill);
  }
}
