import { appendFile, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Notification, Outcome, Transport } from './notification.ts';
import { notificationJson } from './webhook.ts';

/** Appends one line of JSON per notification; delivered when the disk has it. */
export class FileTransport implements Transport {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  async send(notifications: readonly Notification[]): Promise<Outcome> {
    const lines = notifications.map((each) => `${JSON.stringify(notificationJson(each))}\n`);
    try {
      await mkdir(dirname(this.#path), { recursive: true });
      await appendFile(this.#path, lines.join(''), { flush: true });
      return { kind: 'delivered' };
    } catch (error) {
      return { kind: 'retry', error: (error as NodeJS.ErrnoException).code ?? 'unknown' };
    }
  }
}
