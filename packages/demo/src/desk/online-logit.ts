/** Steps with the same sign as the error; small enough that one outcome never turns a weight around. */
const LEARNING_RATE = 0.05;
/** Beyond this the logistic function is 0 or 1 in double precision for our purposes, and `exp` may overflow. */
const SCORE_MAX = 30;

/** Logistic regression that learns from one outcome at a time, by gradient descent on the log loss. */
export class OnlineLogit {
  readonly #weights: Float64Array;

  constructor(featureCount: number) {
    this.#weights = new Float64Array(featureCount + 1);
  }

  /** Probability of the positive outcome, 0 to 1; 0.5 before the first outcome. */
  predict(features: Float64Array): number {
    const weights = this.#weights;
    let score = weights[0] as number;
    for (let i = 0; i < features.length; i++) score += (weights[i + 1] as number) * (features[i] as number);
    return 1 / (1 + Math.exp(-Math.max(-SCORE_MAX, Math.min(SCORE_MAX, score))));
  }

  /** Moves the weights towards the outcome (1 or 0) that followed `features`. Features that are not finite are ignored. */
  learn(features: Float64Array, outcome: 0 | 1): void {
    const step = LEARNING_RATE * (outcome - this.predict(features));
    if (!Number.isFinite(step)) return;
    const weights = this.#weights;
    weights[0] = (weights[0] as number) + step;
    for (let i = 0; i < features.length; i++)
      weights[i + 1] = (weights[i + 1] as number) + step * (features[i] as number);
  }
}
