import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { MalformedOtlp } from '../src/otlp/malformed.ts';
import { parseExposition } from './support/exposition.ts';
import { join, message, metricBytes, type MetricInput, request, varint } from './support/otlp.ts';
import { Pipeline } from './support/pipeline.ts';
import { counter } from './support/point-inputs.ts';

const anyPoint = fc.record({
  value: fc.oneof(fc.double(), fc.constant(undefined)),
  attributes: fc.dictionary(fc.constantFrom('a', 'b', 'job'), fc.constantFrom('x', 1n, true, ['x'])),
  start: fc.bigInt({ min: 0n, max: 3n }),
  time: fc.bigInt({ min: 0n, max: 5n }),
  flags: fc.constantFrom(0, 0, 0, 1),
});

const anyHistogram = fc.record({
  count: fc.nat(9),
  sum: fc.double(),
  bounds: fc.constantFrom([], [1], [1, 2], [2, 1]),
  counts: fc.constantFrom([], [1, 0], [1, 0, 2]),
  time: fc.bigInt({ min: 0n, max: 5n }),
});

const anyMetric: fc.Arbitrary<MetricInput> = fc
  .record({
    name: fc.constantFrom('', 'a', 'a.b', 'a_b', 'h'),
    unit: fc.constantFrom('', 's', '1'),
    kind: fc.constantFrom('gauge', 'sum', 'histogram', 'summary'),
    points: fc.array(anyPoint, { maxLength: 4 }),
    histograms: fc.array(anyHistogram, { maxLength: 3 }),
    monotonic: fc.boolean(),
    temporality: fc.constantFrom(0, 1, 2),
  })
  .map(({ name, unit, kind, points, histograms, monotonic, temporality }) => ({
    name,
    unit,
    monotonic,
    temporality,
    [kind]: kind === 'histogram' ? histograms : kind === 'summary' ? points.length : points,
  }));

describe('requests', () => {
  test('received = forwarded + dropped after any sequence of requests, and the exposition holds', () => {
    fc.assert(
      fc.property(fc.array(fc.array(anyMetric, { maxLength: 4 }), { maxLength: 6 }), (requests) => {
        const pipeline = new Pipeline({ seriesLimit: 4 });
        for (const metrics of requests) pipeline.send(metrics, { 'service.name': 'desk' });
        const { received, forwarded, dropped } = pipeline.prometheus.account.ledger(0);
        expect(received).toBe(pipeline.ingest.receivedBy.http);
        expect(forwarded + Object.values(dropped).reduce((a, b) => a + b, 0)).toBe(received);
        parseExposition(pipeline.prometheus.text());
      }),
      { numRuns: 300 },
    );
  });

  const sample = request(
    [
      { ...counter(1), description: 'd', unit: 's' },
      { name: 'g', gauge: [{ value: 1, attributes: { list: ['a', { b: 1n }], bytes: new Uint8Array([1]) } }] },
      { name: 'h', histogram: [{ count: 2, sum: 1, min: 0, max: 1, bounds: [1], counts: [1, 1] }] },
      { name: 'e', exponential: [{ count: 2, scale: 2, positive: { offset: -3, counts: [1, 1] } }] },
      { name: 's', summary: 2 },
    ],
    { 'service.name': 'desk' },
    { name: 'scope', version: '1', attributes: { k: true } },
  );

  test('cut off at any byte, a request is malformed or shorter, and nothing of a malformed one is stored', () => {
    let malformed = 0;
    for (let length = 0; length < sample.length; length++) {
      const pipeline = new Pipeline();
      try {
        pipeline.ingest.request(sample.subarray(0, length), 'grpc', 5000);
      } catch (error) {
        expect(error).toBeInstanceOf(MalformedOtlp);
        expect(pipeline.accepted).toEqual([]);
        expect(pipeline.ingest.receivedBy.grpc).toBe(0);
        malformed++;
      }
    }
    // The whole is one ResourceMetrics: only the empty prefix is a request.
    expect(malformed).toBe(sample.length - 1);
  });

  test('with bytes changed, a request is malformed or every one of its points is accounted for', () => {
    const change = fc.tuple(fc.nat(sample.length - 1), fc.nat(255));
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 6 }), (changes) => {
        const bytes = Buffer.from(sample);
        for (const [at, byte] of changes) bytes[at] = byte;
        const pipeline = new Pipeline({ seriesLimit: 3 });
        try {
          pipeline.ingest.request(bytes, 'grpc', 5000);
        } catch (error) {
          if (!(error instanceof MalformedOtlp)) throw error;
          expect(pipeline.accepted).toEqual([]);
        }
        const { received, forwarded, dropped } = pipeline.prometheus.account.ledger(0);
        expect(forwarded + Object.values(dropped).reduce((a, b) => a + b, 0)).toBe(received);
        parseExposition(pipeline.prometheus.text());
      }),
      { numRuns: 2000 },
    );
  });

  test.each<[string, Uint8Array, RegExp]>([
    ['an endless varint', Buffer.alloc(11, 0xff), /varint is longer than 10 bytes at byte 0/],
    ['a length beyond the end', Buffer.from([0x0a, 0x7f, 0x00]), /a length of 127 exceeds what is left at byte 1/],
    ['a length beyond any memory', join(Buffer.from([0x0a]), varint(2n ** 62n)), /exceeds what is left/],
    ['a group', Buffer.from([0x13]), /wire type 3/],
    ['field number 0', Buffer.from([0x02, 0x00]), /field number 0/],
    ['a message where a number belongs', message(1, message(2, message(2, Buffer.from([0x38, 0x01])))), /wire type 0/],
    [
      'half a packed double',
      message(1, message(2, message(2, message(9, message(1, message(7, Buffer.alloc(12))))))),
      /not a whole number of values/,
    ],
  ])('%s is refused with the place', (_, bytes, text) => {
    expect(() => new Pipeline().ingest.request(bytes, 'grpc', 5000)).toThrow(text);
  });

  test('attributes nested without end are refused before the stack is', () => {
    let value = message(1, Buffer.from('x'));
    for (let depth = 0; depth < 5000; depth++) value = message(5, message(1, value));
    const attribute = message(1, join(message(1, Buffer.from('k')), message(2, value)));
    expect(() => new Pipeline().ingest.request(message(1, message(1, attribute)), 'grpc', 5000)).toThrow(
      /nesting deeper/,
    );
  });

  test('fields of a later protocol are passed over', () => {
    const unknown = join(varint(15 * 8 + 2), varint(3), Buffer.from('new'), varint(16 * 8), varint(300));
    const metric = join(metricBytes({ name: 'g', gauge: [{ value: 4 }] }), unknown);
    const pipeline = new Pipeline();
    pipeline.ingest.request(join(message(1, join(unknown, message(2, message(2, metric)))), unknown), 'grpc', 5000);
    expect(pipeline.values()).toEqual([4]);
  });
});
