import { OnlineLogit } from './online-logit.ts';

/** Half-life of the trade flow in milliseconds. */
const FLOW_HALF_LIFE_MS = 1000;
const FEATURE_COUNT = 3;

/** What became of the pending prediction at a quote. */
export interface SignalOutcome {
  readonly predictionId: number;
  readonly correct: boolean;
}

/**
 * Predicts whether a market's mid moves up or down next, from the imbalance of the displayed sizes, the recent flow of
 * aggressors and the last move, and learns from every move. One prediction is pending at a time.
 */
export class Signal {
  readonly #model: OnlineLogit = new OnlineLogit(FEATURE_COUNT);
  readonly #features: Float64Array = new Float64Array(FEATURE_COUNT);
  readonly #pendingFeatures: Float64Array = new Float64Array(FEATURE_COUNT);
  #pendingId: number | undefined;
  #pendingUp = false;
  #mid = NaN;
  #lastMove = 0;
  #flow = 0;
  #flowVolume = 0;
  #flowTimeMs = 0;
  /** Latest probability that the next move is up. */
  probabilityUp = 0.5;

  /** A public trade; `signedQuantity` is positive when the buyer was the aggressor. */
  onTrade(signedQuantity: number, timeMs: number): void {
    const decay = 0.5 ** (Math.max(0, timeMs - this.#flowTimeMs) / FLOW_HALF_LIFE_MS);
    this.#flow = this.#flow * decay + signedQuantity;
    this.#flowVolume = this.#flowVolume * decay + Math.abs(signedQuantity);
    this.#flowTimeMs = timeMs;
  }

  /** Settles the pending prediction when the mid has moved, and learns from it. */
  settle(mid: number): SignalOutcome | undefined {
    const up = mid > this.#mid;
    const moved = up || mid < this.#mid;
    this.#mid = mid;
    if (!moved) return undefined;
    this.#lastMove = up ? 1 : -1;
    if (this.#pendingId === undefined) return undefined;
    this.#model.learn(this.#pendingFeatures, up ? 1 : 0);
    const outcome = { predictionId: this.#pendingId, correct: this.#pendingUp === up };
    this.#pendingId = undefined;
    return outcome;
  }

  /** Runs the model on the present state. */
  infer(bidQuantity: number, askQuantity: number): number {
    const features = this.#features;
    const displayed = bidQuantity + askQuantity;
    features[0] = displayed > 0 ? (bidQuantity - askQuantity) / displayed : 0;
    features[1] = this.#flowVolume > 0 ? this.#flow / this.#flowVolume : 0;
    features[2] = this.#lastMove;
    this.probabilityUp = this.#model.predict(features);
    return this.probabilityUp;
  }

  /** True when no prediction waits for its outcome. */
  get idle(): boolean {
    return this.#pendingId === undefined;
  }

  /** Makes the latest inference the prediction to be judged by the next move. */
  commit(predictionId: number): void {
    this.#pendingId = predictionId;
    this.#pendingUp = this.probabilityUp >= 0.5;
    this.#pendingFeatures.set(this.#features);
  }
}
