import type { Alert } from '../engine/alert.ts';
import { postJson } from './http-post.ts';
import type { Notification, Outcome, Transport } from './notification.ts';

/**
 * Alertmanager's v2 API. It keeps alerts in memory only and takes one for resolved at its `endsAt`: what fires is given an
 * end four posts ahead, and is posted again before then.
 */
export class AlertmanagerTransport implements Transport {
  readonly #url: string;
  readonly #repostMs: number;
  readonly #now: () => number;

  constructor(url: string, repostMs: number, now: () => number) {
    this.#url = `${url.replace(/\/+$/, '')}/api/v2/alerts`;
    this.#repostMs = repostMs;
    this.#now = now;
  }

  send(notifications: readonly Notification[], signal: AbortSignal): Promise<Outcome> {
    return this.post(
      notifications.map(({ alert }) => ({ alert })),
      signal,
    );
  }

  /** Posts alerts as they are; `holdMs` is an end further ahead, for an alert that will not be posted again. */
  post(alerts: readonly { readonly alert: Alert; readonly holdMs?: number }[], signal: AbortSignal): Promise<Outcome> {
    const aheadMs = Math.max(4 * this.#repostMs, 120_000);
    const nowMs = this.#now();
    const body = alerts.map(({ alert, holdMs }) => {
      const endsAtMs = alert.endsAtMs ?? nowMs + Math.max(aheadMs, holdMs ?? 0);
      return {
        labels: alert.labels,
        annotations: alert.annotations,
        // After the clock was set back it may seem to have begun later than it ends, which would be refused.
        startsAt: new Date(Math.min(alert.startsAtMs ?? alert.activeAtMs, endsAtMs)).toISOString(),
        endsAt: new Date(endsAtMs).toISOString(),
      };
    });
    return postJson(this.#url, JSON.stringify(body), {}, signal);
  }
}
