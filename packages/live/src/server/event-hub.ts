import { LiveError } from '../protocol/errors.ts';
import { globMatches } from '../protocol/glob.ts';
import { grantedTopics } from './access/grant.ts';
import { checkEvent } from './check-event.ts';
import type { Connection } from './connection.ts';
import type { ResolvedOptions } from './options.ts';
import type { ServerCounters } from './stats.ts';

/** How an event is published. */
export interface PublishOptions {
  /** Keeps the event as the last of its topic, for those who begin to listen later (default false). */
  readonly retain?: boolean;
}

/** What is known of a topic. */
interface Topic {
  seq: number;
  /** Text of the retained event, marked as a replay. */
  retained: string | undefined;
}

/** Carries events to those who listen to their topics, and keeps the last one of each topic that wants it kept. */
export class EventHub {
  readonly #options: ResolvedOptions;
  readonly #counters: ServerCounters;
  readonly #connections: ReadonlySet<Connection>;
  readonly #topics = new Map<string, Topic>();
  #retained = 0;

  constructor(options: ResolvedOptions, counters: ServerCounters, connections: ReadonlySet<Connection>) {
    this.#options = options;
    this.#counters = counters;
    this.#connections = connections;
  }

  /** Whether an event waits for a client that does not read. */
  get hasWaiting(): boolean {
    for (const connection of this.#connections) if (connection.hasWaitingEvents) return true;
    return false;
  }

  /** Sends an event at once. Returns its number, or `undefined` when it was dropped, which is counted. Never throws. */
  publish(topic: string, body: unknown, { retain = false }: PublishOptions): number | undefined {
    const checked = checkEvent(topic, body, this.#options.limits.eventBytes);
    if (checked.refusal !== undefined) {
      this.#counters.eventsDropped[checked.refusal] += 1;
      return undefined;
    }
    const { bodyText } = checked;
    const known = this.#topicOf(topic);
    known.seq += 1;
    this.#counters.eventsPublished += 1;
    const head = `{"type":"event","topic":"${topic}","seq":${known.seq},"timeMs":${this.#options.clock.now()}`;
    if (retain) this.#retain(known, `${head},"replayed":true,"body":${bodyText}}`);
    this.#send(topic, `${head},"replayed":false,"body":${bodyText}}`);
    return known.seq;
  }

  /**
   * Lets a connection hear topics from now on, and tells it the retained events of those that match.
   *
   * @throws LiveError `too_many_topics`, `topic_refused`.
   */
  listen(connection: Connection, topics: readonly string[]): void {
    const limit = this.#options.limits.topicsPerConnection;
    if (new Set([...connection.topics, ...topics]).size > limit) {
      throw new LiveError('too_many_topics', `this connection may listen to ${limit} topics, its limit`, limit);
    }
    const granted = grantedTopics(connection.grant);
    const refused = topics.find((topic) => !hears(granted, topic));
    if (refused !== undefined) {
      const allowed = granted.length === 0 ? 'it has none' : `it has ${granted.join(', ')}`;
      throw new LiveError(
        'topic_refused',
        `the token of this connection does not include the topic "${refused}"; ${allowed}`,
      );
    }
    for (const topic of topics) connection.topics.add(topic);
    connection.everSubscribed = true;
    connection.send({ type: 'listening', topics: [...connection.topics] });
    for (const [topic, { retained }] of this.#topics) {
      if (retained !== undefined && hears(topics, topic) && hears(granted, topic)) connection.sendEvent(retained);
    }
  }

  unlisten(connection: Connection, topics: readonly string[]): void {
    for (const topic of topics) connection.topics.delete(topic);
    connection.send({ type: 'listening', topics: [...connection.topics] });
  }

  /** Sends what waited for clients that read again. */
  flush(): void {
    for (const connection of this.#connections) if (connection.hasWaitingEvents) connection.flushEvents();
  }

  #send(topic: string, text: string): void {
    for (const connection of this.#connections) {
      if (connection.topics.size === 0 || !hears(connection.topics, topic)) continue;
      // Also here: a glob that a grant matches as text may match more than the grant does.
      if (hears(grantedTopics(connection.grant), topic)) connection.sendEvent(text);
    }
  }

  #retain(topic: Topic, text: string): void {
    if (topic.retained === undefined) {
      if (this.#retained >= this.#options.limits.retainedTopics) return;
      this.#retained += 1;
    }
    topic.retained = text;
  }

  /** Counts of topics beyond the limit begin anew when the oldest one without a retained event makes room. */
  #topicOf(name: string): Topic {
    const known = this.#topics.get(name);
    if (known !== undefined) return known;
    if (this.#topics.size >= 2 * this.#options.limits.retainedTopics) {
      for (const [other, { retained }] of this.#topics) {
        if (retained !== undefined) continue;
        this.#topics.delete(other);
        break;
      }
    }
    const topic: Topic = { seq: 0, retained: undefined };
    this.#topics.set(name, topic);
    return topic;
  }
}

function hears(patterns: Iterable<string>, topic: string): boolean {
  for (const pattern of patterns) if (globMatches(pattern, topic)) return true;
  return false;
}
