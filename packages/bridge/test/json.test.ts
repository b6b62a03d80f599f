import { zstdCompressSync } from 'node:zlib';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { Bridge } from '@nanometer/bridge';
import { OTLPMetricExporter as JsonExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import { OTLPMetricExporter as ProtoExporter } from '@opentelemetry/exporter-metrics-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { AggregationType, MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import * as fc from 'fast-check';
import { checkExport } from '../src/otlp/check-export.ts';
import { MalformedOtlp } from '../src/otlp/malformed.ts';
import { JSON_EXPORT_REQUEST, type JsonMessage, type JsonType } from '../src/otlp-json/json-schema.ts';
import { protobufOfJson } from '../src/otlp-json/protobuf-of-json.ts';
import { cleanUp, post, scrape, startBridge } from './support/bridge.ts';
import { sampleOf } from './support/exposition.ts';
import { Pipeline } from './support/pipeline.ts';

afterEach(cleanUp);

const JSON_HEADERS = { 'content-type': 'application/json' };

const documentOf = (...metrics: object[]): object => ({
  resourceMetrics: [{ resource: { attributes: [] }, scopeMetrics: [{ scope: { name: 'desk' }, metrics }] }],
});
const bytesOf = (document: unknown): Buffer => Buffer.from(JSON.stringify(document));
const point = (rest: object): object => ({ startTimeUnixNano: '1', timeUnixNano: '2', ...rest });
const gauge = (rest: object): object => documentOf({ name: 'level', gauge: { dataPoints: [point(rest)] } });

/** What a pipeline holds after a document. */
function valuesOf(document: object): { values: number[]; refusals: string; pipeline: Pipeline } {
  const pipeline = new Pipeline();
  const { refusals } = pipeline.ingest.request(protobufOfJson(bytesOf(document)), 'http', 5000);
  return { values: pipeline.values(), refusals, pipeline };
}

describe('OTLP as JSON', () => {
  test('of the stock exporter gives what its protobuf gives', async () => {
    const bridges = [await startBridge(), await startBridge()];
    const exporters = [
      new JsonExporter({ url: `${bridges[0]!.addresses.otlpHttp}/v1/metrics` }),
      new ProtoExporter({ url: `${bridges[1]!.addresses.otlpHttp}/v1/metrics` }),
    ];
    const provider = new MeterProvider({
      resource: resourceFromAttributes({ 'service.name': 'desk', 'host.cpus': 2, flags: [true, false] }),
      views: [{ instrumentName: 'wide', aggregation: { type: AggregationType.EXPONENTIAL_HISTOGRAM } }],
      readers: exporters.map((exporter) => new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 1e9 })),
    });
    const meter = provider.getMeter('desk', '1.2', { schemaUrl: 'https://example.test' });
    meter
      .createCounter('fills', { unit: '{fill}', description: 'Fills.' })
      .add(3, { venue: 'a', ok: true, share: 0.1 });
    meter.createUpDownCounter('position').add(-2.5, { symbols: ['x', 'y'] });
    for (const value of [1e-9, 0.2, 7, 5e300]) {
      meter.createHistogram('latency', { unit: 's' }).record(value);
      meter.createHistogram('wide').record(value);
    }
    await provider.forceFlush();
    await provider.shutdown();
    const [json, proto] = await Promise.all(bridges.map(ofService));
    expect(json).toEqual(proto);
    expect(json!.length).toBeGreaterThan(30);
    expect(bridges[0]!.stats().requests).toEqual({ grpc: {}, http: { '': expect.any(Number) } });
  });

  test('is answered in JSON, refused points included', async () => {
    const bridge = await startBridge();
    const taken = await post(bridge, bytesOf(gauge({ asInt: '7' })), JSON_HEADERS);
    expect([taken.status, taken.headers.get('content-type'), await taken.json()]).toEqual([
      200,
      'application/json',
      {},
    ]);
    expect(sampleOf(await scrape(bridge), 'level')).toBe(7);
    const summary = documentOf({ name: 's', summary: { dataPoints: [point({}), point({})] } });
    const refused = await post(bridge, bytesOf(summary), JSON_HEADERS);
    expect(await refused.json()).toEqual({
      partialSuccess: { rejectedDataPoints: '2', errorMessage: '2 unsupported_type' },
    });
    const malformed = await post(bridge, Buffer.from('{"resourceMetrics":7}'), JSON_HEADERS);
    expect(malformed.status).toBe(400);
    expect(await malformed.json()).toEqual({
      code: 3,
      message: 'malformed OTLP metrics: must be an array at $.resourceMetrics',
    });
  });

  test('may be compressed with zstd, and the limit holds for what comes out', async () => {
    const bridge = await startBridge({ maxRequestBytes: 4096 });
    const body = zstdCompressSync(bytesOf(gauge({ asDouble: 1.5 })));
    const headers = { ...JSON_HEADERS, 'content-encoding': 'zstd' };
    expect((await post(bridge, body, headers)).status).toBe(200);
    expect(sampleOf(await scrape(bridge), 'level')).toBe(1.5);
    const bomb = zstdCompressSync(Buffer.alloc(20_000_000));
    expect(bomb.length).toBeLessThan(4096);
    expect((await post(bridge, bomb, headers)).status).toBe(413);
    expect((await post(bridge, body.subarray(0, -4), headers)).status).toBe(400);
  });

  test.each<[string, object, number]>([
    ['an integer as text', { asInt: '9007199254740993' }, 9007199254740992],
    ['the least integer', { asInt: '-9223372036854775808' }, -(2 ** 63)],
    ['an integer as number', { asInt: -3 }, -3],
    ['a double', { asDouble: 5e-324 }, 5e-324],
    ['a double as text', { asDouble: '0.1' }, 0.1],
    ['minus zero', { asDouble: '-0' }, -0],
    ['NaN', { asDouble: 'NaN' }, Number.NaN],
    ['Infinity', { asDouble: 'Infinity' }, Infinity],
    ['-Infinity', { asDouble: '-Infinity' }, -Infinity],
    ['fields it does not know', { asDouble: 2, exemplars: [{ traceId: 'ff' }], newField: { deep: [1] } }, 2],
    ['nulls for what is absent', { asDouble: 2, attributes: null, flags: null }, 2],
  ])('takes %s', (_, fields, value) => {
    expect(valuesOf(gauge(fields)).values).toEqual([value]);
  });

  test('takes every kind of attribute value, and the same attributes in another order as the same series', () => {
    const attributes = [
      { key: 's', value: { stringValue: 'ü\u0000' } },
      { key: 'b', value: { boolValue: false } },
      { key: 'i', value: { intValue: '-5' } },
      { key: 'd', value: { doubleValue: 0.25 } },
      { key: 'a', value: { arrayValue: { values: [{ intValue: 1 }, { stringValue: '1' }] } } },
      { key: 'm', value: { kvlistValue: { values: [{ key: 'x', value: { boolValue: true } }] } } },
      { key: 'y', value: { bytesValue: 'AQI=' } },
      { key: 'e', value: {} },
    ];
    const { pipeline } = valuesOf(gauge({ asInt: 1, attributes }));
    const later = gauge({ asInt: 2, attributes: attributes.toReversed(), timeUnixNano: '3' });
    pipeline.ingest.request(protobufOfJson(bytesOf(later)), 'http', 5000);
    expect(pipeline.values()).toEqual([2]);
    expect(pipeline.accepted[0]!.attributes.entries).toEqual([
      ['a', [1, '1']],
      ['b', false],
      ['d', 0.25],
      ['e', ''],
      ['i', -5],
      ['m', '{"x":true}'],
      ['s', 'ü\u0000'],
      ['y', 'AQI='],
    ]);
  });

  const deep = Array.from({ length: 60 }).reduce<object>((value) => ({ arrayValue: { values: [value] } }), {
    stringValue: 'x',
  });
  test.each<[string, Buffer, string]>([
    ['no JSON', Buffer.from('{"a":'), 'the document'],
    ['no UTF-8', Buffer.from([0x22, 0xff, 0x22]), 'the document'],
    ['an empty body', Buffer.alloc(0), 'the document'],
    ['an array', bytesOf([]), 'must be an object at $'],
    ['a fraction for an integer', bytesOf(gauge({ asInt: 1.5 })), '.dataPoints[0].asInt'],
    ['an integer of 65 bits', bytesOf(gauge({ asInt: '9223372036854775808' })), '.asInt'],
    ['an endless integer', bytesOf(gauge({ asInt: '9'.repeat(100_000) })), '.asInt'],
    ['a negative time', bytesOf(gauge({ timeUnixNano: '-1' })), '.timeUnixNano'],
    ['a word for a double', bytesOf(gauge({ asDouble: 'much' })), 'must be a number at'],
    ['a list for a double', bytesOf(gauge({ asDouble: [1] })), 'must be a number at'],
    ['a number for a name', bytesOf(documentOf({ name: 5 })), 'must be a text at'],
    ['text for a flag', bytesOf(documentOf({ name: 'a', sum: { isMonotonic: 'true' } })), 'must be true or false'],
    ['nesting without end', bytesOf(gauge({ attributes: [{ key: 'k', value: deep }] })), 'nesting deeper than 40'],
  ])('refuses %s, saying where', (_, body, message) => {
    expect(() => protobufOfJson(body)).toThrow(MalformedOtlp);
    expect(() => protobufOfJson(body)).toThrow(message);
  });

  test('whatever the values, becomes well-formed protobuf or is refused as malformed', () => {
    fc.assert(
      fc.property(anyOf(JSON_EXPORT_REQUEST, 0), (document) => {
        let bytes: Buffer;
        try {
          bytes = protobufOfJson(bytesOf(document));
        } catch (error) {
          expect(error).toBeInstanceOf(MalformedOtlp);
          return;
        }
        // Not thrown: what was written can be read.
        checkExport(bytes);
        new Pipeline().ingest.request(bytes, 'http', 1);
      }),
    );
  });
});

/** Documents of the right shape with good and bad values. */
function anyOf(type: JsonType, depth: number): fc.Arbitrary<unknown> {
  if (typeof type !== 'object') return anyScalar(type);
  return fc.record(depth > 7 ? {} : fieldsOf(type, depth), { requiredKeys: [] });
}

function fieldsOf(message: JsonMessage, depth: number): Record<string, fc.Arbitrary<unknown>> {
  return Object.fromEntries(
    [...message.fields].map(([name, { type, repeated }]) => {
      const value = fc.oneof(
        { weight: 50, arbitrary: anyOf(type, depth + 1) },
        { weight: 1, arbitrary: fc.jsonValue() },
      );
      return [name, repeated ? fc.array(value, { maxLength: 2 }) : value];
    }),
  );
}

function anyScalar(type: Exclude<JsonType, JsonMessage>): fc.Arbitrary<unknown> {
  if (type === 'string' || type === 'base64') return fc.string();
  if (type === 'bool') return fc.boolean();
  if (type === 'double') return fc.oneof(fc.double(), fc.constantFrom('NaN', 'Infinity', '-Infinity', '1e3'));
  if (type.startsWith('packed'))
    return fc.array(fc.oneof(fc.nat(), fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(String)));
  return fc.oneof(fc.integer(), fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String));
}

async function ofService(bridge: Bridge): Promise<string[]> {
  const text = await scrape(bridge);
  return text.split('\n').filter((line) => line !== '' && !line.includes('nanometer_'));
}
