import { AlertmanagerTransport } from './alertmanager.ts';
import { CallbackTransport } from './callback.ts';
import { FileTransport } from './file.ts';
import type { Transport } from './notification.ts';
import type { CheckedReceiver } from './receiver-options.ts';
import { SlackTransport } from './slack.ts';
import { WebhookTransport } from './webhook.ts';

/** The transport of a receiver. */
export function createTransport({ options, groupBy, repostMs }: CheckedReceiver, now: () => number): Transport {
  if (options.kind === 'alertmanager') return new AlertmanagerTransport(options.url, repostMs ?? 60_000, now);
  if (options.kind === 'webhook') return new WebhookTransport(options.url, options.secret, groupBy ?? [], now);
  if (options.kind === 'slack') return new SlackTransport(options.url);
  return options.kind === 'file' ? new FileTransport(options.path) : new CallbackTransport(options.deliver);
}
