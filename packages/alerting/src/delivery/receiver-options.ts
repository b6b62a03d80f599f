import { AlertingError } from '../errors.ts';
import type { Notification } from './notification.ts';

interface Common {
  /** Its name in metrics and in the state; default its kind. */
  readonly name?: string;
  /** Most notifications that wait; the oldest is dropped for one more. Default 100,000. */
  readonly queueLimit?: number;
  /** Most notifications of one message. Default 200, of Slack 20. */
  readonly batchLimit?: number;
  /** Most messages per minute; what is beyond waits and is grouped. Default 6,000, of Slack 60. */
  readonly messagesPerMinute?: number;
  /** Milliseconds that a notification waits for others of its group. Default 0. */
  readonly groupWaitMillis?: number;
  /** Labels that all notifications of one message share. Default `alertname` where messages are read by people. */
  readonly groupBy?: readonly string[];
  /** Milliseconds in which the receiver must have answered. Default 5,000. */
  readonly timeoutMillis?: number;
}

/** Where notifications go. */
export type ReceiverOptions =
  | (Common & {
      readonly kind: 'alertmanager';
      /** Such as `http://127.0.0.1:9093`; the v2 API is below it. */
      readonly url: string;
      /** Milliseconds after which what fires is told again, for Alertmanager forgets. Default 60,000. */
      readonly repostMillis?: number;
    })
  | (Common & {
      readonly kind: 'webhook';
      readonly url: string;
      /** Signs each message (HMAC-SHA256). */
      readonly secret?: string;
    })
  | (Common & { readonly kind: 'slack'; readonly url: string })
  | (Common & { readonly kind: 'file'; readonly path: string })
  | (Common & {
      readonly kind: 'callback';
      /** A promise that rejects is tried again. */
      readonly deliver: (notifications: readonly Notification[]) => void | Promise<void>;
    });

/** A receiver's settings, complete. */
export interface CheckedReceiver {
  readonly name: string;
  readonly queueLimit: number;
  readonly batchLimit: number;
  readonly messagesPerMinute: number;
  readonly groupWaitMs: number;
  readonly groupBy: readonly string[] | undefined;
  readonly timeoutMs: number;
  readonly repostMs: number | undefined;
  readonly options: ReceiverOptions;
}

/** Applies defaults. @throws AlertingError `RECEIVER_INVALID` */
export function checkedReceivers(receivers: readonly ReceiverOptions[]): CheckedReceiver[] {
  const names = new Set<string>();
  return receivers.map((options) => {
    const checked = checkedReceiver(options);
    if (names.has(checked.name)) {
      invalid(`two receivers are called "${checked.name}"; give one of them a name of its own`);
    }
    names.add(checked.name);
    return checked;
  });
}

function checkedReceiver(options: ReceiverOptions): CheckedReceiver {
  const { kind, name = kind } = options;
  const whole = (option: keyof Common | 'repostMillis', value: number, least: number): number => {
    if (Number.isInteger(value) && value >= least && value <= 2 ** 31) return value;
    return invalid(
      `${option} of receiver "${name}" is ${value}; it must be a whole number from ${least} to 2147483648`,
    );
  };
  if (!/^[a-zA-Z0-9_.-]{1,64}$/.test(name)) {
    invalid(`a receiver is called ${JSON.stringify(name)}; letters, digits, ".", "_" and "-" make a name`);
  }
  if ('url' in options) checkUrl(name, options.url);
  if (kind === 'file' && options.path === '') invalid(`path of receiver "${name}" is empty; a file is needed`);
  if (kind === 'webhook' && options.secret === '')
    invalid(`secret of receiver "${name}" is empty; leave it out for no signature`);
  const isRead = kind === 'webhook' || kind === 'slack';
  return {
    name,
    queueLimit: whole('queueLimit', options.queueLimit ?? 100_000, 1),
    batchLimit: whole('batchLimit', options.batchLimit ?? (kind === 'slack' ? 20 : 200), 1),
    messagesPerMinute: whole('messagesPerMinute', options.messagesPerMinute ?? (kind === 'slack' ? 60 : 6000), 1),
    groupWaitMs: whole('groupWaitMillis', options.groupWaitMillis ?? 0, 0),
    groupBy: options.groupBy ?? (isRead ? ['alertname'] : undefined),
    timeoutMs: whole('timeoutMillis', options.timeoutMillis ?? 5000, 1),
    repostMs: kind === 'alertmanager' ? whole('repostMillis', options.repostMillis ?? 60_000, 100) : undefined,
    options,
  };
}

function checkUrl(name: string, url: string): void {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed?.protocol === 'http:' || parsed?.protocol === 'https:') return;
  invalid(`url of receiver "${name}" is ${JSON.stringify(url)}; an address such as http://127.0.0.1:9093 is needed`);
}

function invalid(message: string): never {
  throw new AlertingError('RECEIVER_INVALID', message);
}
