import type { LiveEvent } from '../protocol/event.ts';
import { globMatches } from '../protocol/glob.ts';

/** Called with each event, in order; what it throws is the caller's own error. */
export type LiveEventHandler<Body = unknown> = (event: LiveEvent<Body>) => void;

/** A topic, or a glob of topics, that somebody listens to. It outlives connections. */
export interface LiveListener {
  readonly topic: string;
  /** Ends it. Idempotent. */
  close(): void;
}

interface Listener {
  readonly pattern: string;
  readonly handler: LiveEventHandler;
  /** Number of the last event told, by topic: a replay of what was already told is no news. */
  readonly told: Map<string, number>;
}

/** Who listens to what at a client. */
export class Listeners {
  readonly #listeners = new Set<Listener>();
  /** Number of the last event by topic, within one epoch. */
  readonly #last = new Map<string, number>();

  /** All topics listened to, each once. */
  get topics(): string[] {
    return [...new Set([...this.#listeners].map(({ pattern }) => pattern))];
  }

  /** Adds a listener; `ended` is called when it closes and nobody else listens to the same. */
  add(pattern: string, handler: LiveEventHandler, ended: (pattern: string) => void): LiveListener {
    const listener: Listener = { pattern, handler, told: new Map() };
    this.#listeners.add(listener);
    return {
      topic: pattern,
      close: () => {
        if (this.#listeners.delete(listener) && !this.topics.includes(pattern)) ended(pattern);
      },
    };
  }

  /** Tells an event to those who have not heard it. Returns how many events of its topic went missing before it. */
  tell(event: LiveEvent): number {
    const { topic, seq } = event;
    const last = this.#last.get(topic);
    if (last === undefined || seq > last) this.#last.set(topic, seq);
    // A Set may be changed while it is walked: a handler may add or close listeners.
    for (const listener of this.#listeners) {
      if (seq <= (listener.told.get(topic) ?? 0) || !globMatches(listener.pattern, topic)) continue;
      listener.told.set(topic, seq);
      listener.handler(event);
    }
    return last === undefined ? 0 : Math.max(0, seq - last - 1);
  }

  /** Numbers begin anew: the server was restarted. */
  reset(): void {
    this.#last.clear();
    for (const { told } of this.#listeners) told.clear();
  }

  clear(): void {
    this.#listeners.clear();
  }
}
