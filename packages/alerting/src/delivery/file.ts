import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Notification, Outcome, Transport } from './notification.ts';
import { notificationJson } from './webhook.ts';

const NEWLINE = 0x0a;

/** Appends one line of JSON per notification; delivered when the disk has it. */
export class FileTransport implements Transport {
  readonly #path: string;
  /** Whether the file is known to end with a whole line. */
  #isWhole = false;

  constructor(path: string) {
    this.#path = path;
  }

  async send(notifications: readonly Notification[]): Promise<Outcome> {
    const lines = notifications.map((each) => `${JSON.stringify(notificationJson(each))}\n`);
    try {
      await mkdir(dirname(this.#path), { recursive: true });
      const file = await open(this.#path, 'a+');
      try {
        // A kill or a full disk leaves part of a line, which must not spoil the one after it.
        const torn = !this.#isWhole && (await endsWithin(file));
        this.#isWhole = false;
        await file.appendFile(`${torn ? '\n' : ''}${lines.join('')}`);
        await file.sync();
        this.#isWhole = true;
      } finally {
        await file.close();
      }
      return { kind: 'delivered' };
    } catch (error) {
      return { kind: 'retry', error: (error as NodeJS.ErrnoException).code ?? 'unknown' };
    }
  }
}

/** Whether a file ends within a line. */
async function endsWithin(file: FileHandle): Promise<boolean> {
  const { size } = await file.stat();
  // A pipe or a device has no end to look at.
  if (size === 0) return false;
  const last = Buffer.alloc(1);
  await file.read(last, 0, 1, size - 1);
  return last[0] !== NEWLINE;
}
