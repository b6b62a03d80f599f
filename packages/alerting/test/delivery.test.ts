import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import {
  AlertCenter,
  type ReceiverOptions,
  type ReceiverStats,
  SIGNATURE_HEADER,
  signatureOf,
  verifySignature,
} from '@nanometer/alerting';
import { until } from '@nanometer/testing';
import { alertOf } from './alerts.ts';
import { FakeReceiver } from './servers.ts';

const ends: (() => unknown)[] = [];

afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function receiver(): Promise<{ server: FakeReceiver; url: string }> {
  const server = new FakeReceiver();
  const url = await server.start();
  ends.push(() => server.stop());
  return { server, url };
}

async function centerWith(options: ReceiverOptions): Promise<{ center: AlertCenter; stats: () => ReceiverStats }> {
  // Waits are as short as jitter can make them.
  const center = await AlertCenter.open({ receivers: [options], onTrouble: () => {}, random: () => 0 });
  ends.push(() => center.close());
  return { center, stats: () => Object.values(center.stats().receivers)[0]! };
}

const delivered = (stats: () => ReceiverStats, count: number): Promise<unknown> =>
  until(`${count} are delivered`, () => stats().delivered === count);

describe('webhook', () => {
  test('one message per rule, signed, with values and times', async () => {
    const { server, url } = await receiver();
    const { center, stats } = await centerWith({ kind: 'webhook', url, secret: 's' });
    center.onTransition(alertOf('firing', { k: 'a' }));
    center.onTransition(alertOf('firing', { k: 'b' }));
    center.onTransition(alertOf('firing', { alertname: 'B' }));
    await delivered(stats, 3);
    const bodies = server.received.map(({ body }) => JSON.parse(body) as { groupLabels: object; alerts: object[] });
    expect(bodies.map(({ groupLabels, alerts }) => [groupLabels, alerts.length])).toEqual([
      [{ alertname: 'A' }, 2],
      [{ alertname: 'B' }, 1],
    ]);
    expect(bodies[0]).toMatchObject({
      version: 1,
      status: 'firing',
      alerts: [
        { id: 1, status: 'firing', value: 2, threshold: 1, labels: { k: 'a' }, startsAt: '1970-01-01T00:00:00.200Z' },
        {},
      ],
    });
    for (const { body, headers } of server.received) {
      expect(verifySignature('s', body, String(headers[SIGNATURE_HEADER]), Date.now())).toBe(true);
    }
  });

  test('a signature is of its secret, its body and its time', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string({ minLength: 1 }), (body, other, secret) => {
        const header = signatureOf(secret, body, 5_000_000);
        expect(verifySignature(secret, body, header, 5_000_000)).toBe(true);
        expect(verifySignature(secret, other, header, 5_000_000)).toBe(body === other);
        expect(verifySignature(`${secret}x`, body, header, 5_000_000)).toBe(false);
        expect(verifySignature(secret, body, header, 5_400_000)).toBe(false);
        expect(verifySignature(secret, body, undefined, 5_000_000)).toBe(false);
      }),
    );
  });

  test('what fails is sent again, the same, until it is acknowledged', async () => {
    const { server, url } = await receiver();
    let failures = 0;
    server.answer = () => ({ status: failures++ < 3 ? 500 : 200 });
    const { center, stats } = await centerWith({ kind: 'webhook', url });
    center.onTransition(alertOf('firing'));
    await delivered(stats, 1);
    expect(server.received).toHaveLength(4);
    expect(new Set(server.received.map(({ body }) => body)).size).toBe(1);
    expect(stats()).toMatchObject({ received: 1, held: 0, failed: { 500: 3 }, dropped: { refused: 0 } });
    expect(stats().latencies.count).toBe(1);
  });

  test('waits as long as the receiver asks for', async () => {
    const { server, url } = await receiver();
    const times: number[] = [];
    server.answer = () => {
      times.push(performance.now());
      return times.length > 1 ? { status: 200 } : { status: 429, headers: { 'retry-after': '1' } };
    };
    const { center, stats } = await centerWith({ kind: 'webhook', url });
    center.onTransition(alertOf('firing'));
    await delivered(stats, 1);
    expect(times[1]! - times[0]!).toBeGreaterThan(900);
  });

  test('a receiver that hangs is given up and asked again', async () => {
    const { server, url } = await receiver();
    server.answer = () => (server.received.length > 1 ? { status: 200 } : 'hang');
    const { center, stats } = await centerWith({ kind: 'webhook', url, timeoutMillis: 50 });
    center.onTransition(alertOf('firing'));
    await delivered(stats, 1);
    expect(Object.keys(stats().failed)).toEqual(['timeout']);
  });

  test('a receiver that is not there yet gets everything when it is', async () => {
    const { server, url } = await receiver();
    await server.stop();
    const { center, stats } = await centerWith({ kind: 'webhook', url });
    center.onTransition(alertOf('firing'));
    center.onTransition(alertOf('resolved'));
    await until('it failed', () => (stats().failed['ECONNREFUSED'] ?? 0) > 0);
    expect(stats()).toMatchObject({ received: 2, delivered: 0, held: 2 });
  });

  test('one notification that is refused does not take the others with it', async () => {
    const { server, url } = await receiver();
    server.answer = ({ body }) => ({ status: body.includes('"k":"bad"') ? 400 : 200 });
    const { center, stats } = await centerWith({ kind: 'webhook', url });
    for (const k of ['a', 'bad', 'c']) center.onTransition(alertOf('firing', { k }));
    await until('all are settled', () => stats().held === 0);
    expect(stats()).toMatchObject({ received: 3, delivered: 2, dropped: { refused: 1, queue_full: 0 } });
  });

  test('a redirect is not followed', async () => {
    const { server, url } = await receiver();
    server.answer = () => ({ status: 302, headers: { location: 'http://127.0.0.1:1/' } });
    const { center, stats } = await centerWith({ kind: 'webhook', url });
    center.onTransition(alertOf('firing'));
    await until('it is settled', () => stats().held === 0);
    expect(stats()).toMatchObject({ failed: { 302: 1 }, dropped: { refused: 1 } });
  });

  test('a receiver that has said yes is not asked again, whatever its body does', async () => {
    const { server, url } = await receiver();
    server.answer = () => ({ status: 200, body: 'endless' });
    const { center, stats } = await centerWith({ kind: 'webhook', url, timeoutMillis: 50 });
    center.onTransition(alertOf('firing', { k: 'a' }));
    await delivered(stats, 1);
    server.answer = () => ({ status: 200, body: 'unfinished' });
    center.onTransition(alertOf('firing', { k: 'b' }));
    await delivered(stats, 2);
    expect([server.received.length, stats().failed]).toEqual([2, {}]);
  });

  test('a clock that is set back keeps nothing back', async () => {
    const { url } = await receiver();
    const center = await AlertCenter.open({ receivers: [{ kind: 'webhook', url }], onTrouble: () => {}, now: () => 0 });
    ends.push(() => center.close());
    center.onTransition({ ...alertOf('firing'), startsAtMs: 3_600_000 });
    await until('it is delivered', () => center.stats().receivers['webhook']!.delivered === 1);
  });

  test('who refuses is said to lose what it refuses, and messages taken apart keep to the rate limit', async () => {
    const { server, url } = await receiver();
    const troubles: string[] = [];
    server.answer = () => ({ status: 400 });
    const options: ReceiverOptions = { kind: 'webhook', url, messagesPerMinute: 10 };
    const center = await AlertCenter.open({
      receivers: [options],
      onTrouble: (text) => troubles.push(text),
      now: () => 0,
    });
    ends.push(() => center.close());
    for (const k of ['a', 'b', 'c']) center.onTransition(alertOf('firing', { k }));
    await until('one waits for its turn', () => center.stats().receivers['webhook']!.throttled > 0);
    expect(server.received).toHaveLength(1);
    expect(troubles).toEqual([
      'receiver "webhook" does not take notifications (400); what it refuses is dropped and counted',
    ]);
  });

  test('an alert’s end waits for the message after its beginning’s', async () => {
    const { server, url } = await receiver();
    const { center, stats } = await centerWith({ kind: 'webhook', url });
    for (const state of ['firing', 'resolved', 'firing'] as const) center.onTransition(alertOf(state));
    await delivered(stats, 3);
    const statuses = server.received.map(({ body }) => (JSON.parse(body) as { status: string }).status);
    expect(statuses).toEqual(['firing', 'resolved', 'firing']);
  });

  test('a full queue drops the oldest and counts it', async () => {
    const { server, url } = await receiver();
    server.answer = () => 'hang';
    const { center, stats } = await centerWith({ kind: 'webhook', url, queueLimit: 2 });
    for (const k of ['a', 'b', 'c', 'd']) center.onTransition(alertOf('firing', { k }));
    expect(stats()).toMatchObject({ received: 4, held: 2, dropped: { queue_full: 2 } });
  });

  test('beyond the rate limit messages wait and are grouped', async () => {
    const { server, url } = await receiver();
    let nowMs = 1_000_000;
    const options = { kind: 'webhook', url, messagesPerMinute: 120, groupBy: [] } as const;
    const center = await AlertCenter.open({ receivers: [options], now: () => nowMs });
    ends.push(() => center.close());
    const stats = (): ReceiverStats => center.stats().receivers['webhook']!;
    // A burst of a tenth of a minute's amount is allowed; then the clock, which stands still, has to go on.
    for (let index = 0; index < 12; index++) {
      center.onTransition(alertOf('firing', { k: `${index}` }));
      await delivered(stats, index + 1);
    }
    center.onTransition(alertOf('firing', { k: 'x' }));
    await until('it is throttled', () => stats().throttled > 0);
    center.onTransition(alertOf('firing', { k: 'y' }));
    expect(stats().held).toBe(2);
    nowMs += 500;
    await delivered(stats, 14);
    expect(server.received).toHaveLength(13);
  });
});

describe('Alertmanager', () => {
  test('is told with start and end, and again until an alert is acknowledged', async () => {
    const { server, url } = await receiver();
    let nowMs = 1_000_000;
    const options = { kind: 'alertmanager', url: `${url}/`, repostMillis: 1000 } as const;
    const center = await AlertCenter.open({ receivers: [options], now: () => nowMs });
    ends.push(() => center.close());
    const posted = (count: number): Promise<unknown> => until(`${count} posts`, () => server.received.length === count);
    const fires = alertOf('firing');
    center.onTransition(fires);
    await posted(1);
    expect(server.received[0]?.path).toBe('/api/v2/alerts');
    const [first] = JSON.parse(server.received[0]!.body) as object[];
    expect(first).toEqual({
      labels: fires.labels,
      annotations: fires.annotations,
      startsAt: '1970-01-01T00:00:00.200Z',
      endsAt: '1970-01-01T00:18:40.000Z',
    });
    center.tick();
    await posted(2);
    center.tick();
    nowMs += 1000;
    center.tick();
    await posted(3);
    center.acknowledge(fires.fingerprint, 'ann', '', nowMs + 3_600_000);
    await posted(4);
    expect(server.received[3]?.body).toContain('"endsAt":"1970-01-01T01:16:41.000Z"');
    nowMs += 1000;
    center.tick();
    center.onTransition(alertOf('resolved'));
    await posted(5);
    expect(server.received[4]?.body).toContain('"endsAt":"1970-01-01T00:00:00.300Z"');
  });

  test('holds what is acknowledged without an end for as long as it fires', async () => {
    const { server, url } = await receiver();
    const hourMs = 3_600_000;
    let nowMs = 1_000_000;
    const options = { kind: 'alertmanager', url: `${url}/`, repostMillis: 60_000 } as const;
    const center = await AlertCenter.open({ receivers: [options], now: () => nowMs });
    ends.push(() => center.close());
    const posted = (count: number): Promise<unknown> => until(`${count} posts`, () => server.received.length === count);
    const lastEndMs = (): number => {
      const [last] = JSON.parse(server.received.at(-1)!.body) as { endsAt: string }[];
      return Date.parse(last!.endsAt);
    };
    center.onTransition(alertOf('firing'));
    await posted(1);
    center.acknowledge(alertOf('firing').fingerprint, 'ann');
    await posted(2);
    expect(lastEndMs()).toBe(nowMs + 24 * hourMs);
    center.tick();
    await posted(3);
    for (let hour = 0; hour < 48; hour++) {
      nowMs += hourMs;
      center.tick();
      if (hour % 12 === 11) await posted(4 + (hour - 11) / 12);
      expect(lastEndMs()).toBeGreaterThan(nowMs);
    }
    nowMs -= 40 * hourMs;
    center.tick();
    await posted(8);
    center.onTransition(alertOf('resolved'));
    await posted(9);
    nowMs += 100 * hourMs;
    center.tick();
    await center.close();
    expect(server.received).toHaveLength(9);
  });
});

describe('Alertmanager that is away', () => {
  type Posted = { readonly labels: object; readonly startsAt: string; readonly endsAt: string };
  const posts = (server: FakeReceiver): Posted[][] => server.received.map(({ body }) => JSON.parse(body) as Posted[]);

  async function away(): Promise<{ server: FakeReceiver; center: AlertCenter; fingerprint: string }> {
    const { server, url } = await receiver();
    const { center, stats } = await centerWith({ kind: 'alertmanager', url });
    const alert = alertOf('firing');
    center.onTransition(alert);
    await delivered(stats, 1);
    server.answer = () => ({ status: 503 });
    center.acknowledge(alert.fingerprint, 'Mei');
    await until('it was asked in vain', () => (stats().failed['503'] ?? 0) > 0);
    return { server, center, fingerprint: alert.fingerprint };
  }

  test('while an alert is acknowledged holds it when it is back', async () => {
    const { server } = await away();
    const before = server.received.length;
    server.answer = () => ({ status: 200 });
    await until('it is told to hold it', () => server.received.length > before);
    expect(Date.parse(posts(server).at(-1)![0]!.endsAt)).toBeGreaterThan(Date.now() + 86_000_000);
  });

  test('is not told to hold what has ended meanwhile', async () => {
    const { server, center } = await away();
    center.onTransition(alertOf('resolved'));
    const before = server.received.length;
    server.answer = () => ({ status: 200 });
    await until('the end is told', () => server.received.length > before);
    await center.close();
    expect(
      posts(server)
        .slice(before)
        .flat()
        .map(({ endsAt }) => endsAt),
    ).toEqual(['1970-01-01T00:00:00.300Z']);
  });

  test('never hears of an alert that ends before it begins', async () => {
    const { server, url } = await receiver();
    const { center, stats } = await centerWith({ kind: 'alertmanager', url });
    center.onTransition({ ...alertOf('firing'), startsAtMs: Date.now() + 3_600_000_000 });
    center.onTransition({ ...alertOf('resolved'), startsAtMs: 400 });
    await delivered(stats, 2);
    for (const { startsAt, endsAt } of posts(server).flat())
      expect(Date.parse(startsAt)).toBeLessThanOrEqual(Date.parse(endsAt));
  });
});

describe('Slack', () => {
  test('a message with colour, text and link; control characters escaped', async () => {
    const { server, url } = await receiver();
    const { center, stats } = await centerWith({ kind: 'slack', url });
    const annotations = { summary: 'a < b & c', description: 'd', runbook_url: 'https://r' };
    center.onTransition({ ...alertOf('firing', { k: 'a' }), annotations });
    await delivered(stats, 1);
    expect(JSON.parse(server.received[0]!.body)).toMatchObject({
      text: '[FIRING 1] A',
      attachments: [
        {
          color: '#d55e00',
          title: 'CRITICAL: a &lt; b &amp; c',
          title_link: 'https://r',
          text: 'd',
          fields: [
            { title: 'value', value: '2' },
            { title: 'threshold', value: '1' },
            { title: 'k', value: 'a' },
          ],
        },
      ],
    });
  });
});

describe('file', () => {
  test('part of a line, left by a kill or a full disk, does not spoil the next one', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'nanometer-alerts-'));
    ends.push(() => rmSync(folder, { recursive: true }));
    const path = join(folder, 'alerts.ndjson');
    writeFileSync(path, '{"id":1,"fing');
    const { center, stats } = await centerWith({ kind: 'file', path });
    center.onTransition(alertOf('firing'));
    await delivered(stats, 1);
    center.onTransition(alertOf('resolved'));
    await delivered(stats, 2);
    const [torn, ...lines] = readFileSync(path, 'utf8').trimEnd().split('\n');
    expect(torn).toBe('{"id":1,"fing');
    expect(lines.map((line) => (JSON.parse(line) as { status: string }).status)).toEqual(['firing', 'resolved']);
  });

  test('gets a line of JSON per notification', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'alert-file-'));
    ends.push(() => rmSync(folder, { recursive: true }));
    const path = join(folder, 'deep', 'alerts.ndjson');
    const { center, stats } = await centerWith({ kind: 'file', path });
    center.onTransition(alertOf('firing'));
    center.onTransition({ ...alertOf('resolved'), value: Number.POSITIVE_INFINITY });
    await delivered(stats, 2);
    const lines = readFileSync(path, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as object);
    expect(lines).toMatchObject([
      { id: 1, status: 'firing', rule: 'A' },
      { id: 2, status: 'resolved', endsAt: '1970-01-01T00:00:00.300Z' },
    ]);
    expect(existsSync(path)).toBe(true);
  });
});
