import {
  BroadcastChannel,
  isMainThread,
  receiveMessageOnPort,
  setEnvironmentData,
  type Worker,
} from 'node:worker_threads';
import { CHANNEL_NAME, CONFIGURATION_KEY, type ThreadConfiguration, type ThreadMessage } from './messages.ts';

/** A provider of the main thread, as the hub sees it. */
export interface ThreadReceiver {
  receive(message: ThreadMessage): void;
  /** The thread is gone; what it recorded stays. */
  threadExited(thread: number): void;
}

/**
 * The main thread's end of the channel on which worker threads announce their series: one for the process, whatever
 * number of copies of this package is loaded, because environment data and the channel are the process's too.
 */
class ThreadHub {
  readonly #receivers = new Map<number, WeakRef<ThreadReceiver>>();
  readonly #channel = new BroadcastChannel(CHANNEL_NAME);
  /** By provider, the latest last. */
  readonly #configurations = new Map<number, ThreadConfiguration>();
  #serial = 0;

  constructor() {
    this.#channel.onmessage = (event: unknown) => {
      this.#dispatch((event as { data: ThreadMessage }).data);
    };
    this.#channel.unref();
    process.on('worker', (worker: Worker) => {
      const { threadId } = worker;
      worker.once('exit', () => {
        this.#threadExited(threadId);
      });
    });
  }

  /** Lets workers that start from now on record for this provider; the number tells providers apart. */
  register(receiver: ThreadReceiver): number {
    this.#serial++;
    this.#receivers.set(this.#serial, new WeakRef(receiver));
    return this.#serial;
  }

  /** Workers that start from now on record for the provider that was configured last and is still there. */
  configure(configuration: ThreadConfiguration): void {
    const { provider } = configuration;
    this.#configurations.delete(provider);
    this.#configurations.set(provider, configuration);
    setEnvironmentData(CONFIGURATION_KEY, configuration as never);
  }

  unregister(provider: number): void {
    this.#receivers.delete(provider);
    this.#configurations.delete(provider);
    setEnvironmentData(CONFIGURATION_KEY, [...this.#configurations.values()].at(-1) as never);
  }

  /** Takes in everything announced so far, so that a collection misses no series that exists. */
  drain(): void {
    for (;;) {
      const received = receiveMessageOnPort(this.#channel as never) as { message: ThreadMessage } | undefined;
      if (received === undefined) return;
      this.#dispatch(received.message);
    }
  }

  #dispatch(message: ThreadMessage): void {
    this.#receivers.get(message.provider)?.deref()?.receive(message);
  }

  #threadExited(thread: number): void {
    this.drain();
    for (const [provider, receiver] of this.#receivers) {
      const alive = receiver.deref();
      if (alive === undefined) this.#receivers.delete(provider);
      else alive.threadExited(thread);
    }
  }
}

export type { ThreadHub };

const HUB: unique symbol = Symbol.for('@nanometer/metrics.threadHub');

/** The hub of the main thread; none in workers. */
export function threadHub(): ThreadHub | undefined {
  if (!isMainThread) return undefined;
  const holder = globalThis as { [HUB]?: ThreadHub };
  return (holder[HUB] ??= new ThreadHub());
}
