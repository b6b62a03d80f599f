import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client, credentials, Metadata, type ServiceError, status } from '@grpc/grpc-js';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { Bridge } from '@nanometer/bridge';
import { OtlpExporter } from '@nanometer/exporter-otlp';
import { until } from '@nanometer/testing';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { atEnd, cleanUp, post, scrape, startBridge } from './support/bridge.ts';
import { sampleOf } from './support/exposition.ts';
import { KillableBridge } from './support/killable-bridge.ts';
import { request } from './support/otlp.ts';
import { folder, wreckOf, statsdReceiver, fills, increment } from './support/durable.ts';

afterEach(cleanUp);

const NEVER = 3_600_000;

/** Sends until it is acknowledged, as an exporter with a log does. */
async function deliver(bridge: () => KillableBridge, body: Buffer): Promise<void> {
  for (;;) {
    try {
      const response = await fetch(`${bridge().addresses.otlpHttp}/v1/metrics`, {
        method: 'POST',
        headers: { 'content-type': 'application/x-protobuf' },
        body: new Uint8Array(body),
        signal: AbortSignal.timeout(60_000),
      });
      await response.arrayBuffer();
      if (response.ok) return;
    } catch {
      // The bridge is gone or going: the next one takes it.
    }
    await new Promise(setImmediate);
  }
}

function lehmer(seed: number): () => number {
  let state = (seed % 2147483646) + 1;
  return () => (state = (state * 48271) % 2147483647) / 2147483647;
}

function grpcCode(bridge: Bridge, body: Buffer): Promise<number | undefined> {
  const client = new Client(bridge.addresses.otlpGrpc, credentials.createInsecure());
  const pass = (bytes: Buffer): Buffer => bytes;
  const path = '/opentelemetry.proto.collector.metrics.v1.MetricsService/Export';
  return new Promise((resolve) => {
    client.makeUnaryRequest(path, pass, pass, body, new Metadata(), (error: ServiceError | null) => {
      client.close();
      resolve(error?.code);
    });
  });
}

describe('a bridge with a state directory', () => {
  test.each(['closed', 'killed'])('that was %s goes on where it ended', async (ending) => {
    const receiver = await statsdReceiver();
    const statsd = { port: receiver.port, flushIntervalMillis: NEVER };
    let stateDirectory = folder();
    const first = await startBridge({ stateDirectory, statsd });
    await post(first, request([fills(3, 2n), increment(2, 2n)]));
    await first.flush();
    await post(first, request([fills(5, 3n), increment(4, 3n)]));
    if (ending === 'closed') await first.close();
    else stateDirectory = wreckOf(stateDirectory);
    const second = await startBridge({ stateDirectory, statsd });
    expect(second.troubles).toEqual([]);
    expect(sampleOf(await scrape(second), 'fills_total')).toBe(5);
    expect(sampleOf(await scrape(second), 'ticks_total')).toBe(6);
    expect(second.stats().receivedBy.http).toBe(4);
    // Sent again, as by a sender that did not get the answer.
    await post(second, request([fills(5, 3n), increment(4, 3n)]));
    await post(second, request([fills(9, 4n), increment(1, 4n)]));
    await second.flush();
    await until('all has arrived', () => receiver.counter('fills') === 9 && receiver.counter('ticks') === 7);
    const { statsd: ledger } = second.stats().outputs;
    expect(ledger).toEqual({ received: 8, forwarded: 6, held: 0, dropped: { duplicate_point: 2 } });
  });

  test('says no to a second bridge on the same folder', async () => {
    const stateDirectory = folder();
    await startBridge({ stateDirectory });
    await expect(startBridge({ stateDirectory })).rejects.toMatchObject({
      code: 'STATE_IN_USE',
      option: 'stateDirectory',
    });
  });

  test('says which folder cannot be used', async () => {
    const file = join(folder(), 'file');
    writeFileSync(file, '');
    await expect(startBridge({ stateDirectory: file })).rejects.toMatchObject({ code: 'STATE_UNUSABLE' });
  });

  test('answers "unavailable" while a request does not fit the log, and takes it again once there is room', async () => {
    const bridge = await startBridge({ stateDirectory: folder(), stateLogLimitBytes: 64 * 1024 });
    const wide = (time: bigint): Buffer =>
      request([{ name: 'level', gauge: [{ value: Number(time), time }] }], { pad: 'x'.repeat(20_000) });
    const huge = request(Array.from({ length: 4000 }, (_, n) => ({ name: `huge${n}`, gauge: [{ value: 1 }] })));
    const refused = await post(bridge, huge);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1']);
    expect(await grpcCode(bridge, huge)).toBe(status.UNAVAILABLE);
    expect(bridge.stats()).toMatchObject({ receivedBy: { http: 0, grpc: 0 }, series: 0 });
    let unavailable = 0;
    for (let time = 2n; time < 20n; time++) {
      await until('it is taken', async () => {
        const { status: code } = await post(bridge, wide(time));
        if (code === 503) unavailable++;
        return code === 200;
      });
    }
    expect(unavailable).toBeGreaterThan(0);
    expect(sampleOf(await scrape(bridge), 'level')).toBe(19);
    expect(bridge.troubles.join('\n')).toContain('senders are asked to try again');
  });

  test.each(['http/protobuf', 'grpc'] as const)(
    'asks an exporter over %s to wait a second, and it does',
    async (protocol) => {
      const bridge = await startBridge({ stateDirectory: folder(), stateLogLimitBytes: 64 * 1024 });
      const { otlpHttp, otlpGrpc } = bridge.addresses;
      const waits: number[] = [];
      const exporter = new OtlpExporter({
        protocol,
        url: protocol === 'grpc' ? `http://${otlpGrpc}` : `${otlpHttp}/v1/metrics`,
        random: () => 0,
        clock: {
          now: () => Date.now(),
          wait: (ms, signal) => {
            waits.push(ms);
            return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
          },
        },
      });
      atEnd(() => exporter.shutdown({ timeoutMillis: 1 }).catch(() => {}));
      const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: NEVER });
      const provider = new MeterProvider({ readers: [reader] });
      // More than fits the log, ever.
      const level = provider.getMeter('desk').createGauge('level');
      for (let n = 0; n < 1500; n++) level.record(n, { pad: 'x'.repeat(50), n });
      await reader.collect().then(({ resourceMetrics }) => exporter.export(resourceMetrics, () => {}));
      await until('it waits', () => waits.length > 0);
      expect(waits).toEqual([1000]);
    },
  );

  test('killed again and again while it is written to: nothing acknowledged is lost, StatsD is sent nothing twice', async () => {
    const receiver = await statsdReceiver();
    const stateDirectory = folder();
    const options = {
      stateDirectory,
      stateSnapshotBytes: 64 * 1024,
      statsd: { port: receiver.port, flushIntervalMillis: 5 },
    };
    let bridge = await KillableBridge.start(options);
    atEnd(() => bridge.kill());
    const seed = Date.now() % 1e6;
    const random = lehmer(seed);
    const SERIES = 20;
    let sent = 0;
    for (let round = 0; round < 3; round++) {
      const killAfter = 2 + Math.floor(random() * 16);
      for (let n = 0; n < 20; n++) {
        const time = BigInt(round * 100 + n + 2);
        const points = Array.from({ length: SERIES }, (_, series) => ({
          value: 1,
          start: time - 1n,
          time,
          attributes: { series },
        }));
        const body = request([{ name: 'ticks', monotonic: true, temporality: 1, sum: points }]);
        const delivered = deliver(() => bridge, body);
        if (n === killAfter) {
          // At some point of what it does with the request.
          for (let turn = Math.floor(random() * 30); turn > 0; turn--) await new Promise(setImmediate);
          await bridge.kill();
          bridge = await KillableBridge.start(options);
        }
        await delivered;
        sent += SERIES;
      }
    }
    const total = async (): Promise<number> => {
      const text = await (await fetch(bridge.addresses.metrics)).text();
      return [...text.matchAll(/^ticks_total\{.*\} (\d+)$/gm)].reduce((sum, [, value]) => sum + Number(value), 0);
    };
    expect({ seed, total: await total() }).toEqual({ seed, total: sent });
    await until('StatsD has what is held', async () => (await bridge.stats()).outputs.statsd!.held === 0);
    const { outputs } = await bridge.stats();
    const { unconfirmed = 0, duplicate_point: duplicates = 0 } = outputs.statsd!.dropped;
    // Each increment is 1, so points and their sum are one number.
    const counted = (): number =>
      [...receiver.counters()].reduce((sum, { name, value }) => sum + (name === 'ticks' ? value : 0), 0);
    await until('datagrams have arrived', () => counted() + unconfirmed >= sent);
    expect({ seed, most: counted() <= sent }).toEqual({ seed, most: true });
    expect(outputs.statsd!.received).toBe(sent + duplicates);
    if (unconfirmed === 0) expect({ seed, counted: counted() }).toEqual({ seed, counted: sent });
  });
});
