import { afterEach, describe, expect, test } from '@jest/globals';
import { type Alert, AlertService, type AlertServiceOptions, type RuleSet } from '@nanometer/alerting';
import { MeterProvider } from '@nanometer/metrics';
import { MetricReader } from '@opentelemetry/sdk-metrics';
import { rulesOf } from './support.ts';

const services: AlertService[] = [];

afterEach(async () => {
  for (const service of services.splice(0)) await service.close();
});

async function start(rules: RuleSet, options: Partial<AlertServiceOptions> = {}): Promise<[AlertService, Alert[]]> {
  const alerts: Alert[] = [];
  const service = await AlertService.open({ rules, onAlert: (alert) => alerts.push(alert), ...options });
  services.push(service);
  return [service, alerts];
}

class Reader extends MetricReader {
  protected override onForceFlush(): Promise<void> {
    return Promise.resolve();
  }

  protected override onShutdown(): Promise<void> {
    return Promise.resolve();
  }
}

const above = { kind: 'threshold', above: 1, tiers: ['process'] };

describe('in the process', () => {
  test('a watched series has called back when update returns', async () => {
    const [service, alerts] = await start(rulesOf(above));
    const series = service.watch({ name: 'x', attributes: { k: 'a' } });
    series.update(0.5);
    expect(alerts).toEqual([]);
    series.update(2);
    expect(alerts).toMatchObject([{ state: 'firing', value: 2, labels: { k: 'a' } }]);
    expect(service.watch({ name: 'y', attributes: {} }).isWatched).toBe(false);
  });

  test('a callback that throws is told as trouble, and the alert goes its way', async () => {
    const troubles: string[] = [];
    const [service] = await start(rulesOf(above), {
      onTrouble: (text) => troubles.push(text),
      onAlert: () => {
        throw new Error('no');
      },
    });
    service.watch({ name: 'x', attributes: {} }).update(2);
    expect(troubles).toEqual(['onAlert failed: Error: no']);
    expect(service.center.list()).toHaveLength(1);
  });

  test('what a reader collects is compared: gauges, sums, fields of histograms', async () => {
    const rules = rulesOf(
      above,
      { ...above, name: 'B', metric: 'h', instrument: 'histogram', field: 'count' },
      { ...above, name: 'C', metric: 'h', instrument: 'histogram', field: 'sum', above: 100 },
    );
    const [service, alerts] = await start(rules);
    const reader = new Reader();
    const meter = new MeterProvider({ readers: [reader] }).getMeter('test');
    meter.createGauge('x').record(2, { k: 'a' });
    const histogram = meter.createHistogram('h');
    for (const value of [10, 20]) histogram.record(value);
    service.takeCollected((await reader.collect()).resourceMetrics);
    service.takeCollected((await reader.collect()).resourceMetrics);
    expect(alerts.map(({ rule, state, value }) => [rule, state, value])).toEqual([
      ['A', 'firing', 2],
      ['B', 'firing', 2],
    ]);
  });
});
