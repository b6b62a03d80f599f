import type { Alert } from '../engine/alert.ts';
import type { Severity } from '../rules/rule.ts';
import { postJson } from './http-post.ts';
import { type Notification, type Outcome, statusOf, type Transport } from './notification.ts';

// Blue and orange: told apart by people who cannot tell red from green.
const COLORS: Readonly<Record<Severity, string>> = { critical: '#d55e00', warning: '#e69f00', info: '#56b4e9' };
const RESOLVED_COLOR = '#0072b2';

/** A message of Slack's incoming webhooks, which Mattermost, Rocket.Chat and others take as well. */
export function slackMessage(notifications: readonly Notification[]): object {
  const firing = notifications.filter((each) => statusOf(each) === 'firing').length;
  const rules = [...new Set(notifications.map(({ alert }) => alert.rule))].join(', ');
  const counts = [
    ...(firing > 0 ? [`FIRING ${firing}`] : []),
    ...(firing < notifications.length ? [`RESOLVED ${notifications.length - firing}`] : []),
  ];
  return {
    text: escaped(`[${counts.join(', ')}] ${rules}`),
    attachments: notifications.map((notification) => {
      const { alert } = notification;
      const isFiring = statusOf(notification) === 'firing';
      const { summary = alert.rule, description, runbook_url: runbook } = alert.annotations;
      return {
        color: isFiring ? COLORS[alert.severity] : RESOLVED_COLOR,
        fallback: escaped(`${statusOf(notification)}: ${summary}`),
        title: escaped(`${isFiring ? alert.severity.toUpperCase() : 'RESOLVED'}: ${summary}`),
        ...(runbook === undefined ? {} : { title_link: runbook }),
        ...(description === undefined ? {} : { text: escaped(description) }),
        fields: fieldsOf(alert),
        footer: alert.fingerprint,
        ts: Math.floor((alert.endsAtMs ?? alert.startsAtMs ?? alert.activeAtMs) / 1000),
      };
    }),
  };
}

function fieldsOf({ labels, value, threshold }: Alert): object[] {
  const field = (title: string, text: string): object => ({ title, value: escaped(text), short: true });
  const rest = Object.entries(labels).filter(([name]) => name !== 'alertname' && name !== 'severity');
  return [
    ...(value === undefined ? [] : [field('value', String(value))]),
    ...(threshold === undefined ? [] : [field('threshold', String(threshold))]),
    ...rest.map(([name, text]) => field(name, text)),
  ];
}

/** The three characters that are control characters of Slack's text. */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** Posts Slack messages. */
export class SlackTransport implements Transport {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  send(notifications: readonly Notification[], signal: AbortSignal): Promise<Outcome> {
    return postJson(this.#url, JSON.stringify(slackMessage(notifications)), {}, signal);
  }
}
