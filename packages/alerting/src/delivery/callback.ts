import type { Notification, Outcome, Transport } from './notification.ts';

/** Hands notifications to a function of this process. */
export class CallbackTransport implements Transport {
  readonly #deliver: (notifications: readonly Notification[]) => void | Promise<void>;

  constructor(deliver: (notifications: readonly Notification[]) => void | Promise<void>) {
    this.#deliver = deliver;
  }

  async send(notifications: readonly Notification[]): Promise<Outcome> {
    try {
      await this.#deliver(notifications);
      return { kind: 'delivered' };
    } catch (error) {
      return { kind: 'retry', error: error instanceof Error ? error.name : 'unknown' };
    }
  }
}
