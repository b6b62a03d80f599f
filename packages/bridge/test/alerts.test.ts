import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { AlertView } from '@nanometer/alerting';
import type { Bridge, BridgeOptions } from '@nanometer/bridge';
import { LiveClient } from '@nanometer/live';
import { until } from '@nanometer/testing';
import { createBridge } from '@nanometer/bridge';
import { cleanUp, FAN_OUTS, serveBy, startBridge } from './support/bridge.ts';

const RULES = `
rules:
  - name: Limit
    kind: threshold
    metric: risk.limit.utilization
    aggregate: max
    by: [job, risk.limit.name]
    above: 1
    severity: critical
    summary: '{{job}}: {{risk.limit.name}} at {{value}}'
  - name: SlowAcks
    kind: threshold
    metric: my.latency
    custom: true
    instrument: histogram
    field: p99
    above: 0.5
    tiers: [bridge]
    severity: warning
    summary: slow
`;

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bridge-alerts-'));
  writeFileSync(join(folder, 'rules.yaml'), RULES);
});
afterEach(async () => {
  await cleanUp();
  rmSync(folder, { recursive: true, force: true });
});

const rulesFile = (): string => join(folder, 'rules.yaml');

async function send(bridge: Bridge, metric: object): Promise<void> {
  const body = {
    resourceMetrics: [
      {
        resource: { attributes: [{ key: 'service.name', value: { stringValue: 'desk' } }] },
        scopeMetrics: [{ scope: { name: 's' }, metrics: [metric] }],
      },
    ],
  };
  const response = await fetch(`${bridge.addresses.otlpHttp}/v1/metrics`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  expect(response.status).toBe(200);
}

let timeMs = Date.now();
const utilization = (value: number): object => ({
  name: 'risk.limit.utilization',
  unit: '1',
  gauge: {
    dataPoints: [
      {
        timeUnixNano: `${timeMs++}000000`,
        asDouble: value,
        attributes: [{ key: 'risk.limit.name', value: { stringValue: 'gross' } }],
      },
    ],
  },
});

const api = (bridge: Bridge, path: string): string => new URL(`api/v1/${path}`, bridge.addresses.page).href;

async function alertsOf(bridge: Bridge): Promise<AlertView[]> {
  const response = await fetch(api(bridge, 'alerts'));
  return ((await response.json()) as { alerts: AlertView[] }).alerts;
}

const post = (url: string, body: object, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });

describe('a bridge with rules', () => {
  test('fires on what comes in, tells the file and the page, counts it', async () => {
    const lists: (readonly AlertView[])[] = [];
    const path = join(folder, 'alerts.ndjson');
    const bridge = await startBridge({
      alerts: {
        rulesFile: rulesFile(),
        receivers: [{ kind: 'file', path }],
        onAlertsChanged: (list) => lists.push(list),
      },
    });
    await send(bridge, utilization(0.9));
    expect(await alertsOf(bridge)).toEqual([]);
    await send(bridge, utilization(1.25));
    const [alert] = await alertsOf(bridge);
    expect(alert).toMatchObject({
      rule: 'Limit',
      state: 'firing',
      value: 1.25,
      labels: { alertname: 'Limit', severity: 'critical', job: 'desk', risk_limit_name: 'gross' },
      annotations: { summary: 'desk: gross at 1.25' },
    });
    expect(lists.at(-1)).toMatchObject([{ fingerprint: alert?.fingerprint }]);
    await until('the file has it', () => bridge.stats().alerts?.receivers['file']?.delivered === 1);
    expect(readFileSync(path, 'utf8')).toContain('"status":"firing"');
    const metrics = await (await fetch(bridge.addresses.metrics)).text();
    expect(metrics).toContain(
      'nanometer_alert_active{nanometer_alert_severity="critical",nanometer_alert_state="firing"} 1',
    );
    expect(metrics).toContain('nanometer_alert_notification_delivered_total{nanometer_alert_receiver="file"} 1');
    expect(metrics).toContain('nanometer_alert_delivery_duration_seconds_count{nanometer_alert_receiver="file"} 1');
    expect(bridge.stats().outputs.alerts).toMatchObject({ received: 2, forwarded: 2 });
  });

  test.each(FAN_OUTS)('tells the live stream, those who come later as well, served %s', async (fanOut) => {
    serveBy(fanOut);
    const bridge = await startBridge({ alerts: { rulesFile: rulesFile() } });
    await send(bridge, utilization(1.5));
    const client = new LiveClient({ url: bridge.addresses.live });
    const bodies: unknown[] = [];
    client.listen('alerts', (event) => bodies.push(event.body));
    await client.connect();
    try {
      await until('the stream has the alert', () => JSON.stringify(bodies).includes('"state":"firing"'));
      await send(bridge, utilization(0.5));
      await until('the stream has its end', () => JSON.stringify(bodies.at(-1)).includes('"state":"resolved"'));
      expect(bodies.at(-1)).toMatchObject({ total: 1, alerts: [{ rule: 'Limit' }] });
    } finally {
      client.close();
    }
  });

  test('after a freeze, the request that is read first does not make absent what waits behind it', async () => {
    const rule = (name: string, on: string): string =>
      `  - {name: ${name}, kind: absence, after: 30s, metric: ${on}, custom: true, severity: critical, summary: gone, tiers: [bridge]}\n`;
    writeFileSync(rulesFile(), `rules:\n${rule('First', 'my.first')}${rule('Second', 'my.second')}`);
    const fired: string[] = [];
    let [nowMs, clockReads] = [Date.now(), 0];
    const bridge = await startBridge({
      now: () => {
        clockReads++;
        return nowMs;
      },
      alerts: {
        rulesFile: rulesFile(),
        onAlertsChanged: (list) => fired.push(...list.map(({ rule: name, state }) => `${name} ${state}`)),
      },
    });
    const gauge = (name: string): object => ({
      name,
      gauge: { dataPoints: [{ timeUnixNano: `${timeMs++}000000`, asDouble: 1 }] },
    });
    for (const name of ['my.first', 'my.second']) await send(bridge, gauge(name));
    nowMs += 60_000;
    await send(bridge, gauge('my.first'));
    const timersRan = async (): Promise<void> => {
      const before = clockReads;
      await until('timers have read the clock', () => clockReads >= before + 5);
    };
    await timersRan();
    expect(fired).toEqual([]);
    await send(bridge, gauge('my.second'));
    nowMs += 100;
    await timersRan();
    expect(fired).toEqual([]);
    // What does not come at all is told of.
    nowMs += 200;
    await timersRan();
    nowMs += 60_000;
    await timersRan();
    nowMs += 100;
    await until('both are missed', () => fired.includes('First firing') && fired.includes('Second firing'));
  });

  test('compares percentiles of what a histogram recorded lately', async () => {
    const bridge = await startBridge({ alerts: { rulesFile: rulesFile() } });
    const startTimeUnixNano = `${timeMs - 1000}000000`;
    const histogram = (bucketCounts: number[]): object => ({
      name: 'my.latency',
      unit: 's',
      histogram: {
        aggregationTemporality: 2,
        dataPoints: [
          {
            startTimeUnixNano,
            timeUnixNano: `${timeMs++}000000`,
            count: String(bucketCounts.reduce((sum, count) => sum + count, 0)),
            sum: 1,
            bucketCounts: bucketCounts.map(String),
            explicitBounds: [0.1, 1],
          },
        ],
      },
    });
    await send(bridge, histogram([100, 0, 0]));
    expect(await alertsOf(bridge)).toEqual([]);
    await send(bridge, histogram([100, 50, 0]));
    expect(await alertsOf(bridge)).toMatchObject([{ rule: 'SlowAcks', state: 'firing' }]);
  });

  test('its API acknowledges, shelves and silences, and survives a restart', async () => {
    const alerts = { rulesFile: rulesFile(), stateDirectory: join(folder, 'state') };
    const first = await startBridge({ alerts });
    await send(first, utilization(2));
    const [{ fingerprint } = { fingerprint: '' }] = await alertsOf(first);
    expect((await post(api(first, `alerts/${fingerprint}/acknowledge`), { by: 'ann' })).status).toBe(200);
    expect((await post(api(first, `alerts/${fingerprint}/shelve`), { by: 'ann', for: '1h' })).status).toBe(200);
    const silence = { matchers: { alertname: 'Limit' }, createdBy: 'ann', for: '1h' };
    const made = (await (await post(api(first, 'silences'), silence)).json()) as { id: string };
    await first.close();

    const second = await startBridge({ alerts });
    expect(await alertsOf(second)).toMatchObject([
      { fingerprint, acknowledgement: { by: 'ann' }, shelf: { by: 'ann' } },
    ]);
    // The first point after the restart does not fire it anew.
    await send(second, utilization(2));
    expect(await alertsOf(second)).toHaveLength(1);
    expect((await fetch(api(second, `silences/${made.id}`), { method: 'DELETE' })).status).toBe(200);
    await send(second, utilization(0));
    expect(await alertsOf(second)).toMatchObject([{ fingerprint, state: 'resolved' }]);
  });

  test('is not changed by pages of other origins, names that point here, and forms', async () => {
    const bridge = await startBridge({ alerts: { rulesFile: rulesFile() } });
    const url = api(bridge, 'silences');
    const silence = { matchers: { a: 'b' }, createdBy: 'x', for: '1h' };
    expect((await post(url, silence, { origin: 'http://elsewhere.example' })).status).toBe(403);
    expect((await post(url, silence, { 'content-type': 'text/plain' })).status).toBe(415);
    expect((await post(url, { ...silence, comment: 'x'.repeat(70_000) })).status).toBe(413);
    expect((await post(url, silence, { origin: new URL(bridge.addresses.page).origin })).status).toBe(201);
    expect(
      (await fetch(url, { method: 'PUT', headers: { 'content-type': 'application/json' }, body: '{}' })).status,
    ).toBe(405);
  });

  test('does not start with rules that are wrong, and says where', async () => {
    writeFileSync(rulesFile(), RULES.replace('above: 1\n', 'abov: 1\n'));
    const ports = { port: 0, otlpGrpcPort: 0, otlpHttpPort: 0 };
    await expect(createBridge({ ...ports, alerts: { rulesFile: rulesFile() } })).rejects.toMatchObject({
      code: 'RULES_INVALID',
      message: expect.stringMatching(/rules\.yaml:8:5: unknown key "abov"; did you mean "above"\?/),
    });
    const missing = { ...ports, alerts: { rulesFile: join(folder, 'no.yaml') } } satisfies BridgeOptions;
    await expect(createBridge(missing)).rejects.toMatchObject({ code: 'RULES_INVALID' });
  });
});

test('a bridge without rules has no alerts', async () => {
  const bridge = await startBridge();
  expect((await fetch(api(bridge, 'alerts'))).status).toBe(404);
  expect(bridge.stats().alerts).toBeUndefined();
});

test('where the stream asks for tokens, alerts are for those who may hear them, and nobody else acknowledges', async () => {
  const liveTokens = [
    { name: 'office', token: 'a-token-for-everything' },
    { name: 'desk-a', token: 'a-token-of-a-desk', scope: { 'service.name': 'desk' }, topics: ['alerts'] },
    { name: 'guest', token: 'a-token-of-a-guest', scope: { 'service.name': 'desk' } },
  ];
  const bridge = await startBridge({ alerts: { rulesFile: rulesFile() }, liveTokens });
  await send(bridge, utilization(1.2));
  const ask = async (token: string | undefined, path = 'alerts', init: RequestInit = {}): Promise<Response> =>
    fetch(`${bridge.addresses.page}api/v1/${path}`, {
      ...init,
      headers: {
        'content-type': 'application/json',
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
    });
  const refused = await ask(undefined);
  expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
  expect((await ask('a-token-of-nobody')).status).toBe(401);
  expect((await ask('a-token-of-a-guest')).status).toBe(403);
  let fingerprint = '';
  await until('the alert is listed', async () => {
    const { alerts } = (await (await ask('a-token-of-a-desk')).json()) as { alerts: AlertView[] };
    fingerprint = alerts[0]?.fingerprint ?? '';
    return fingerprint !== '';
  });
  const acknowledge = async (token: string | undefined): Promise<number> => {
    const init = { method: 'POST', body: JSON.stringify({ by: 'ada' }) };
    return (await ask(token, `alerts/${fingerprint}/acknowledge`, init)).status;
  };
  expect(await acknowledge(undefined)).toBe(401);
  expect(await acknowledge('a-token-of-a-guest')).toBe(403);
  expect(await acknowledge('a-token-for-everything')).toBe(200);
  expect((await ask('a-token-of-a-guest', 'silences')).status).toBe(403);
});
