/** What readers read: one series, or that series together with its counterparts in other threads. */
export interface Source<State> {
  /** Position within its storage; readers keep their baselines under it. */
  readonly ordinal: number;
  /** Number of records so far. */
  readonly updates: number;
  /** Unix milliseconds. */
  readonly startTimeMillis: number;
  /** Whether other threads record into it, now or before. */
  readonly isShared: boolean;
  /** Copies the aggregated state. */
  snapshot(): State;
}

/** Joins the states of a series across threads. */
export class SharedSource<State> implements Source<State> {
  readonly ordinal: number;
  readonly isShared = true;
  readonly #own: Source<State>;
  readonly #members: readonly Source<State>[];
  readonly #merge: (a: State, b: State) => State;

  constructor(own: Source<State>, members: readonly Source<State>[], merge: (a: State, b: State) => State) {
    this.ordinal = own.ordinal;
    this.#own = own;
    this.#members = members;
    this.#merge = merge;
  }

  get updates(): number {
    return this.#members.reduce((sum, member) => sum + member.updates, this.#own.updates);
  }

  get startTimeMillis(): number {
    return this.#members.reduce((first, member) => Math.min(first, member.startTimeMillis), this.#own.startTimeMillis);
  }

  snapshot(): State {
    return this.#members.reduce((state, member) => this.#merge(state, member.snapshot()), this.#own.snapshot());
  }
}
