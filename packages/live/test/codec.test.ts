import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { FrameError, decodeFrame, encodeFrame, frameBytes, inflateFrame } from '@nanometer/live';
import type { FrameHeader } from '@nanometer/live';
import { swapElements } from '../src/protocol/frame.ts';

interface Vectors {
  valid: {
    name: string;
    hex: string;
    frame: FrameHeader & { ids: number[]; dt: number[]; values: (number | string)[] };
  }[];
  compressed: { name: string; hex: string; plain: string }[];
  invalid: { name: string; hex: string; code: string }[];
}

const VECTORS = JSON.parse(readFileSync(new URL('../vectors/frames.json', import.meta.url), 'utf8')) as Vectors;

function bytesOf(hex: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.from(hex, 'hex'));
}

const HEADER: fc.Arbitrary<FrameHeader> = fc.record({
  type: fc.constantFrom('snapshot' as const, 'update' as const),
  conflated: fc.boolean(),
  final: fc.boolean(),
  backfill: fc.boolean(),
  stream: fc.nat(0xffff),
  epoch: fc.nat(0xffff_ffff),
  sequence: fc.oneof(fc.maxSafeNat(), fc.constantFrom(0, 2 ** 32 - 1, 2 ** 32, 2 ** 53 - 1)),
  baseTimeMs: fc.double({ noNaN: true, noDefaultInfinity: true }),
});

const ROW: fc.Arbitrary<[number, number, number]> = fc.tuple(
  fc.nat(0xffff_ffff),
  fc.nat(0xffff_ffff),
  fc.oneof(fc.double(), fc.constantFrom(NaN, Infinity, -Infinity, -0, 5e-324, 2 ** 53 - 1, 2 ** 53 + 2)),
);

function encode(header: FrameHeader, rows: readonly (readonly number[])[]): Uint8Array<ArrayBuffer> {
  return encodeFrame(
    header,
    Uint32Array.from(rows, (row) => row[0]!),
    Uint32Array.from(rows, (row) => row[1]!),
    Float64Array.from(rows, (row) => row[2]!),
  );
}

describe('golden vectors', () => {
  test.each(VECTORS.valid)('$name', ({ hex, frame }) => {
    const { ids, dt, values, ...header } = frame;
    const numbers = values.map(Number);
    const bytes = encodeFrame(header, Uint32Array.from(ids), Uint32Array.from(dt), Float64Array.from(numbers));
    expect(Buffer.from(bytes).toString('hex')).toBe(hex);
    const decoded = decodeFrame(bytesOf(hex));
    expect(decoded).toEqual({
      ...header,
      count: ids.length,
      ids: Uint32Array.from(ids),
      dt: Uint32Array.from(dt),
      values: Float64Array.from(numbers),
    });
  });

  test.each(VECTORS.compressed)('inflates $name', async ({ hex, plain }) => {
    expect(() => decodeFrame(bytesOf(hex))).toThrow(expect.objectContaining({ code: 'compressed' }));
    expect(Buffer.from(await inflateFrame(bytesOf(hex))).toString('hex')).toBe(plain);
  });

  test.each(VECTORS.invalid)('refuses $name with $code', async ({ hex, code }) => {
    const read = async (): Promise<unknown> => decodeFrame(await inflateFrame(bytesOf(hex)));
    await expect(read()).rejects.toMatchObject({ name: 'FrameError', code });
  });
});

test('decode after encode is the identity, at any alignment', () => {
  fc.assert(
    fc.property(HEADER, fc.array(ROW, { maxLength: 40 }), fc.nat(9), (header, rows, offset) => {
      const encoded = encode(header, rows);
      expect(encoded.byteLength).toBe(frameBytes(rows.length));
      const shifted = Buffer.alloc(encoded.length + offset);
      shifted.set(encoded, offset);
      for (const input of [encoded, encoded.buffer, shifted.subarray(offset)]) {
        const { count, ids, dt, values, ...decoded } = decodeFrame(input);
        expect(decoded).toEqual(header);
        expect(count).toBe(rows.length);
        // toEqual tells -0 from 0.
        expect(Array.from(ids, (id, index) => [id, dt[index], values[index]])).toEqual(rows);
      }
    }),
  );
});

function refusesOrReads(bytes: Uint8Array): void {
  try {
    const frame = decodeFrame(bytes);
    expect(frameBytes(frame.count)).toBe(bytes.byteLength);
  } catch (error) {
    if (!(error instanceof FrameError)) throw error;
  }
}

test('any bytes are read or refused with a FrameError', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), refusesOrReads), { numRuns: 1_000 });
});

test('a damaged frame is read or refused with a FrameError', () => {
  const damage = fc.array(fc.tuple(fc.nat(400), fc.nat(255)), { maxLength: 4 });
  fc.assert(
    fc.property(HEADER, fc.array(ROW, { maxLength: 20 }), damage, fc.nat(400), (header, rows, flips, length) => {
      const bytes = encode(header, rows);
      for (const [at, value] of flips) if (at < bytes.length) bytes[at] = value;
      refusesOrReads(bytes);
      refusesOrReads(bytes.subarray(0, length));
    }),
    { numRuns: 1_000 },
  );
});

test('damage to a compressed frame is read or refused with a FrameError', async () => {
  const bytes = bytesOf(VECTORS.compressed[0]!.hex);
  const damage = fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 3 });
  await fc.assert(
    fc.asyncProperty(damage, fc.nat(bytes.length), async (flips, length) => {
      const damaged = bytes.slice(0, length);
      for (const [at, value] of flips) if (at < damaged.length) damaged[at] = value;
      try {
        refusesOrReads(await inflateFrame(damaged));
      } catch (error) {
        if (!(error instanceof FrameError)) throw error;
      }
    }),
    { numRuns: 300 },
  );
});

test('every truncation of a frame is refused', () => {
  const bytes = encode({ ...VECTORS.valid[0]!.frame, sequence: 1 }, [[1, 2, 3]]);
  for (let length = 0; length < bytes.length; length++) {
    expect(() => decodeFrame(bytes.subarray(0, length))).toThrow(FrameError);
  }
});

test('columns of different length are refused', () => {
  const header = VECTORS.valid[0]!.frame;
  expect(() => encodeFrame(header, new Uint32Array(1), new Uint32Array(2), new Float64Array(2))).toThrow(
    'columns of a frame have equal length, got ids 1, dt 2, values 2',
  );
});

test('a big-endian host turns the elements of a column', () => {
  const bytes = Uint8Array.from({ length: 16 }, (_, index) => index);
  swapElements(bytes, 4);
  expect([...bytes.subarray(0, 8)]).toEqual([3, 2, 1, 0, 7, 6, 5, 4]);
  swapElements(bytes, 4);
  swapElements(bytes, 8);
  expect([...bytes.subarray(8)]).toEqual([15, 14, 13, 12, 11, 10, 9, 8]);
});
