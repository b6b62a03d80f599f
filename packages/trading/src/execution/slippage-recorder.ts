import type { Histogram, Meter, UpDownCounter } from '@opentelemetry/api';
import { type BoundHistogram, type BoundUpDownCounter, bindHistogram, bindUpDownCounter } from '@nanometer/metrics';
import { type Fill, type Position, unitValue } from '@nanometer/quant';
import {
  ATTR_TRADING_SLIPPAGE_DIRECTION,
  createHistogram,
  createUpDownCounter,
  METRIC_TRADING_SLIPPAGE,
  METRIC_TRADING_SLIPPAGE_COST,
} from '@nanometer/semconv';
import type { Drops } from '../drops.ts';
import { PositionAttributes } from '../position-attributes.ts';

const BASIS_POINTS = 10_000;

// Cells of a series: doubles that stay in an array are not boxed on their way to an instrument.
const SLIPPAGE = 0;
const COST = 1;

/** Distance of fills from the mid at arrival. */
export class SlippageRecorder {
  readonly #slippage: Histogram;
  readonly #cost: UpDownCounter;
  readonly #drops: Drops;
  /** By position handle. */
  readonly #series: SlippageSeries[] = [];

  constructor(meter: Meter, drops: Drops) {
    this.#slippage = createHistogram(meter, METRIC_TRADING_SLIPPAGE);
    this.#cost = createUpDownCounter(meter, METRIC_TRADING_SLIPPAGE_COST);
    this.#drops = drops;
  }

  /** Takes an applied fill; one without an arrival mid has no slippage. */
  filled(fill: Fill, position: Position): void {
    if (fill.arrivalMid === undefined) return;
    const series = (this.#series[position.handle] ??= new SlippageSeries(this.#slippage, this.#cost, position));
    if (!series.slipped(fill, position)) this.#drops.count('invalid_arrival_mid');
  }
}

class SlippageSeries {
  readonly #slippage: Histogram;
  readonly #cost: UpDownCounter;
  readonly #attributes: PositionAttributes;
  readonly #values = new Float64Array(2);
  #costs: BoundHistogram | undefined = undefined;
  #improvements: BoundHistogram | undefined = undefined;
  #money: BoundUpDownCounter | undefined = undefined;

  constructor(slippage: Histogram, cost: UpDownCounter, position: Position) {
    this.#slippage = slippage;
    this.#cost = cost;
    this.#attributes = new PositionAttributes(position);
  }

  /** False when the arrival mid cannot be used. */
  slipped(fill: Fill, position: Position): boolean {
    const arrivalMid = fill.arrivalMid as number;
    const values = this.#values;
    const sign = fill.side === 'buy' ? 1 : -1;
    values[SLIPPAGE] = ((sign * (fill.price - arrivalMid)) / arrivalMid) * BASIS_POINTS;
    if (!(arrivalMid > 0) || !Number.isFinite(values[SLIPPAGE])) return false;
    const { contract } = position;
    values[COST] = sign * fill.quantity * (unitValue(contract, fill.price) - unitValue(contract, arrivalMid));
    if (values[SLIPPAGE] >= 0) this.#worse();
    else this.#better();
    this.#money ??= bindUpDownCounter(this.#cost, this.#attributes.money);
    this.#money.add(values[COST]);
    return true;
  }

  #worse(): void {
    this.#costs ??= this.#bind('cost');
    this.#costs.record(this.#values[SLIPPAGE] as number);
  }

  #better(): void {
    this.#improvements ??= this.#bind('improvement');
    this.#improvements.record(-(this.#values[SLIPPAGE] as number));
  }

  #bind(direction: string): BoundHistogram {
    return bindHistogram(this.#slippage, {
      ...this.#attributes.venue,
      [ATTR_TRADING_SLIPPAGE_DIRECTION]: direction,
    });
  }
}
