/** A call of a model. */
export interface InferenceEvent {
  readonly model: string;
  /** Seconds, finite and ≥ 0. */
  readonly durationSeconds: number;
}

/** A prediction was made. Times are Unix milliseconds. */
export interface PredictionEvent {
  readonly model: string;
  /** Names the prediction until its outcome is known; never becomes an attribute. Absent: its outcome is reported by `model`. */
  readonly predictionId?: string | number | undefined;
  readonly value: number;
  /** Milliseconds from `timeMs` to the moment the prediction is about, ≥ 0; default 0. */
  readonly horizonMs?: number | undefined;
  readonly timeMs: number;
}

/** The outcome of a prediction is known: whether it was right, how far off it was, or both. */
export interface OutcomeEvent {
  /** The prediction, which must be pending. */
  readonly predictionId?: string | number | undefined;
  /** The model, where the prediction has no id. */
  readonly model?: string | undefined;
  readonly correct?: boolean | undefined;
  /** Predicted minus realised, finite; its absolute value is recorded. */
  readonly error?: number | undefined;
  readonly timeMs: number;
}
