import { postJson } from './http-post.ts';
import { type Notification, type Outcome, statusOf, type Transport } from './notification.ts';
import { SIGNATURE_HEADER, signatureOf } from './signature.ts';

/** One notification as JSON, in a webhook's message and in a line of a file. */
export function notificationJson(notification: Notification): object {
  const { id, atMs, alert } = notification;
  const time = (ms: number | undefined): string | undefined =>
    ms === undefined ? undefined : new Date(ms).toISOString();
  return {
    id,
    fingerprint: alert.fingerprint,
    status: statusOf(notification),
    rule: alert.rule,
    severity: alert.severity,
    labels: alert.labels,
    annotations: alert.annotations,
    value: alert.value,
    threshold: alert.threshold,
    at: time(atMs),
    startsAt: time(alert.startsAtMs),
    endsAt: time(alert.endsAtMs),
  };
}

/** Posts messages of this package's own form, signed when there is a secret. */
export class WebhookTransport implements Transport {
  readonly #url: string;
  readonly #secret: string | undefined;
  readonly #groupBy: readonly string[];
  readonly #now: () => number;

  constructor(url: string, secret: string | undefined, groupBy: readonly string[], now: () => number) {
    this.#url = url;
    this.#secret = secret;
    this.#groupBy = groupBy;
    this.#now = now;
  }

  send(notifications: readonly Notification[], signal: AbortSignal): Promise<Outcome> {
    const { labels = {} } = notifications[0]?.alert ?? {};
    const firing = notifications.filter((each) => statusOf(each) === 'firing').length;
    const body = JSON.stringify({
      version: 1,
      status: firing > 0 ? 'firing' : 'resolved',
      groupLabels: Object.fromEntries(this.#groupBy.map((name) => [name, labels[name] ?? ''])),
      alerts: notifications.map(notificationJson),
    });
    const headers =
      this.#secret === undefined ? {} : { [SIGNATURE_HEADER]: signatureOf(this.#secret, body, this.#now()) };
    return postJson(this.#url, body, headers, signal);
  }
}
