import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { PushRows, PushSeries } from '@nanometer/live';
import { PointTemplate } from '../src/push/point-template.ts';
import { PushedRows } from '../src/push/pushed-rows.ts';
import type { Series } from '../src/store/series.ts';
import { Pipeline } from './support/pipeline.ts';

const SERIES: readonly PushSeries[] = (['gauge', 'counter', 'updowncounter'] as const).flatMap((kind, at) =>
  ['BTC', 'ETH'].map((symbol) => ({
    name: `risk.${kind}`,
    unit: '1',
    kind,
    attributes: { symbol },
    resource: { 'service.name': 'desk' },
    scope: { name: 'desk', version: '1' },
    startTimeUnixNano: String(1_700_000_000_000_000_000n + BigInt(at)),
  })),
);

interface Frame {
  readonly baseTimeMs: number;
  readonly rows: readonly { readonly at: number; readonly dt: number; readonly value: number }[];
}

const rowsOf = ({ baseTimeMs, rows }: Frame, templates: readonly PointTemplate[]): PushRows<PointTemplate> => ({
  series: rows.map(({ at }) => templates[at]!),
  baseTimeMs,
  dt: Uint32Array.from(rows, ({ dt }) => dt),
  values: Float64Array.from(rows, ({ value }) => value),
});

const stateOf = ({ attributes, metric, ...state }: Series) => ({
  ...state,
  id: 0,
  order: 0,
  key: [metric.name, attributes.identity],
});

const value = fc.double().map((each) => (Object.is(each, -0) ? 0 : each));
const baseTimeMs = fc.oneof(
  fc.integer({ min: 1_700_000_000_000, max: 1_700_000_000_020 }),
  fc.constantFrom(0, -1, 0.5, 9.007e12, 2 ** 53, 1e18, 1.8e13, Number.MAX_VALUE),
);
const frame: fc.Arbitrary<Frame> = fc.record({
  baseTimeMs,
  rows: fc.array(
    fc.record({
      at: fc.nat(SERIES.length - 1),
      dt: fc.oneof(fc.nat(2_000), fc.constantFrom(4_294_967_295, 4_294_967, 0)),
      value,
    }),
    { minLength: 1, maxLength: 8 },
  ),
});

describe('pushed rows', () => {
  test('come to the same as the bytes that stand for them, also when series have been removed in between', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(frame, fc.nat(9)), { maxLength: 20 }), (frames) => {
        const direct = new Pipeline({ seriesLimit: 5 });
        const byBytes = new Pipeline({ seriesLimit: 5 });
        const templates = SERIES.map((series) => new PointTemplate(series));
        for (const [each, removed] of frames) {
          const rows = rowsOf(each, templates);
          const { bytes } = new PushedRows(rows);
          expect(new PushedRows(rows).into(direct.ingest, 5_000)).toEqual(byBytes.ingest.request(bytes, 'push', 5_000));
          for (const { store } of [direct, byBytes]) {
            store.remove([...store.series].filter(({ id }) => id === removed));
          }
        }
        expect([...direct.store.series].map(stateOf)).toEqual([...byBytes.store.series].map(stateOf));
        expect(direct.prometheus.text()).toBe(byBytes.prometheus.text());
        expect(direct.dropped).toEqual(byBytes.dropped);
        expect(direct.ingest.receivedBy).toEqual(byBytes.ingest.receivedBy);
      }),
    );
  });

  test('write no bytes for series that are known', () => {
    const { ingest } = new Pipeline();
    const templates = SERIES.map((series) => new PointTemplate(series));
    const at = (timeMs: number): PushedRows =>
      new PushedRows(rowsOf({ baseTimeMs: timeMs, rows: [{ at: 0, dt: 0, value: 1 }] }, templates));
    at(1_000).into(ingest, 1);
    const known = at(2_000);
    Object.defineProperty(known, 'bytes', {
      get: () => {
        throw new Error('asked for its bytes');
      },
    });
    expect(known.into(ingest, 2)).toMatchObject({ pointCount: 1, droppedCount: 0, duplicateCount: 0 });
  });

  test('have times to the nanosecond, at every size of a double', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.maxSafeNat(), fc.double({ min: 0, noNaN: true, noDefaultInfinity: true })),
        fc.nat(0xffff_ffff),
        (baseMs, dt) => {
          const { bytes } = new PushedRows(
            rowsOf({ baseTimeMs: baseMs, rows: [{ at: 0, dt, value: 1 }] }, [new PointTemplate(SERIES[0]!)]),
          );
          const wanted = BigInt.asUintN(64, BigInt(Math.trunc(baseMs)) * 1_000_000n + BigInt(dt) * 1_000n);
          const { bytes: unwritten } = new PointTemplate(SERIES[0]!);
          const differing = unwritten.indexOf(Buffer.from([0x19, 0, 0, 0, 0, 0, 0, 0, 0, 0x21]));
          expect(bytes.readBigUInt64LE(differing + 1)).toBe(wanted);
        },
      ),
    );
  });
});
