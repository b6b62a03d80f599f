import type { Series } from './series.ts';
import type { Source } from './source.ts';

/** Joins the states of a series across threads. */
export class SharedSource<State> implements Source<State> {
  readonly ordinal: number;
  readonly isShared = true;
  readonly own: Series<State>;
  readonly members: readonly Series<State>[];
  readonly #merge: (a: State, b: State) => State;

  constructor(own: Series<State>, members: readonly Series<State>[], merge: (a: State, b: State) => State) {
    this.ordinal = own.ordinal;
    this.own = own;
    this.members = members;
    this.#merge = merge;
  }

  get updates(): number {
    return this.members.reduce((sum, member) => sum + member.updates, this.own.updates);
  }

  get startTimeMillis(): number {
    return this.members.reduce((first, member) => Math.min(first, member.startTimeMillis), this.own.startTimeMillis);
  }

  snapshot(): State {
    return this.members.reduce((state, member) => this.#merge(state, member.snapshot()), this.own.snapshot());
  }

  /** A member's thread is gone: its records become this thread's own. The member is left out next time. */
  inherit(gone: Series<State>): void {
    this.own.inherit(gone);
  }
}
