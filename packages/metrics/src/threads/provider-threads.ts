import { diag } from '@opentelemetry/api';
import type { Behaviour } from '../compatibility/behaviour.ts';
import type { InstrumentAdvice } from '../instrument/descriptor.ts';
import type { Selectors } from '../stream-plan.ts';
import type { ViewOptions } from '../view/view-options.ts';
import { wishesOf } from './reader-wishes.ts';
import { threadHub, type ThreadHub } from './thread-hub.ts';
import { ThreadMembers, type ThreadMembersOptions } from './thread-members.ts';
import { toThreadView, type ThreadView } from './thread-view.ts';

/** What streams are planned with, beside views and readers. */
interface Planning {
  readonly absent: readonly Selectors[];
  readonly behaviour: Behaviour;
  readonly advice: Map<string, InstrumentAdvice>;
}

/** What a provider of the main thread has to do with worker threads. */
export class ProviderThreads {
  readonly #hub: ThreadHub;
  readonly #views: readonly ThreadView[];
  readonly #planning: Planning;
  readonly #provider: number;
  /** The hub holds it weakly, the provider strongly. */
  readonly #members: ThreadMembers;

  private constructor(
    hub: ThreadHub,
    views: readonly ViewOptions[],
    planning: Planning,
    options: ThreadMembersOptions,
  ) {
    this.#hub = hub;
    this.#views = views.map(toThreadView);
    this.#planning = planning;
    this.#members = new ThreadMembers(options);
    this.#provider = hub.register(this.#members);
  }

  /** None in worker threads: what their own workers record goes to the main thread. */
  static open(
    views: readonly ViewOptions[],
    planning: Planning,
    options: ThreadMembersOptions,
  ): ProviderThreads | undefined {
    const hub = threadHub();
    return hub && new ProviderThreads(hub, views, planning, options);
  }

  /** Prepares workers that start from now on to record for these readers. */
  configure(readers: readonly Selectors[]): void {
    const { absent, behaviour, advice } = this.#planning;
    const wanted = readers.length > 0 ? readers : absent;
    const configuration = {
      provider: this.#provider,
      views: this.#views,
      compatibility: behaviour.compatibility,
      readers: wanted.map(wishesOf),
    };
    try {
      // What cannot be cloned would make `new Worker` throw in the program.
      // Advice goes by reference, to be copied whenever a thread starts: it grows, and is made of what can travel.
      this.#hub.configure({ ...structuredClone(configuration), advice });
    } catch (error) {
      diag.warn(
        'metrics: worker threads record for themselves, because views or readers hold what cannot travel',
        error,
      );
    }
  }

  drain(): void {
    this.#hub.drain();
  }

  close(): void {
    this.#hub.drain();
    this.#hub.unregister(this.#provider);
  }

  /** Shared memory of threads that are alive. */
  get arenaBytes(): number {
    return this.#members.arenaBytes;
  }

  /** Threads whose memory is joined at the moment. */
  get threadCount(): number {
    return this.#members.threadCount;
  }
}
