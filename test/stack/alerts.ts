import { AlertService, parseRules } from '@nanometer/alerting';
import { waitFor } from './wait-for.ts';

const NAME = 'StackLimit';
const RULES = JSON.stringify({
  rules: [
    {
      name: NAME,
      kind: 'threshold',
      metric: 'risk.limit.utilization',
      above: 1,
      severity: 'critical',
      summary: '{{risk.limit.name}} at {{value}}',
      description: 'Made by the stack test.',
      tiers: ['process'],
    },
  ],
});

interface AlertmanagerAlert {
  readonly fingerprint: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/**
 * Breaches a limit in this process: Alertmanager must have the alert under our fingerprint, tell its receiver, and know
 * of its end.
 */
export async function ownAlertArrives(alertmanager: string, notifications: readonly string[]): Promise<string> {
  const service = await AlertService.open({
    rules: parseRules('stack.yaml', RULES),
    receivers: [{ kind: 'alertmanager', url: alertmanager }],
  });
  try {
    const attributes = { 'risk.limit.name': 'gross "é"' };
    const limit = service.watch({ name: 'risk.limit.utilization', attributes, resource: { 'service.name': 'stack' } });
    const begunAt = performance.now();
    limit.update(1.5);
    const told = (status: string) => (): boolean =>
      notifications.some((body) => body.includes(NAME) && body.includes(`"status":"${status}"`));
    await waitFor('the receiver is told of the breach', told('firing'));
    const afterMs = Math.round(performance.now() - begunAt);
    const held = await alertsOf(alertmanager);
    const [ours] = service.center.list();
    const theirs = held.find(({ labels }) => labels['alertname'] === NAME);
    if (theirs?.fingerprint !== ours?.fingerprint) {
      throw new Error(`Alertmanager's fingerprint is ${theirs?.fingerprint}, ours ${ours?.fingerprint}`);
    }
    if (theirs?.annotations['summary'] !== 'gross "é" at 1.5') throw new Error(JSON.stringify(theirs));
    limit.update(0.5);
    await waitFor('Alertmanager knows that it is over', async () =>
      (await alertsOf(alertmanager)).every(({ labels }) => labels['alertname'] !== NAME),
    );
    return `after ${afterMs} ms`;
  } finally {
    await service.close();
  }
}

async function alertsOf(alertmanager: string): Promise<readonly AlertmanagerAlert[]> {
  const response = await fetch(`${alertmanager}/api/v2/alerts`);
  return (await response.json()) as readonly AlertmanagerAlert[];
}
