import type { Writable } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import * as ws from 'ws';
import { decodeFrame, type LiveFrame } from '../src/index.ts';
import { PushFrame } from '../src/publisher/push-frame.ts';

/** It is exported, and in no declaration. */
const { Receiver } = ws as unknown as { readonly Receiver: new (options: object) => Writable };

/** What a server of `ws` makes of bytes. */
function received(bytes: Uint8Array): Buffer[] {
  const messages: Buffer[] = [];
  const receiver = new Receiver({ isServer: true, skipUTF8Validation: false });
  receiver.on('message', (data: Buffer, isBinary: boolean) => {
    expect(isBinary).toBe(true);
    messages.push(Buffer.from(data));
  });
  receiver.on('error', (error: Error) => {
    throw error;
  });
  receiver.write(Buffer.from(bytes));
  return messages;
}

interface Row {
  readonly id: number;
  readonly dt: number;
  readonly value: number;
}

function written(frame: PushFrame, rows: readonly Row[], sequence = 1): Buffer {
  frame.begin(rows.length);
  for (const [at, { id, dt, value }] of rows.entries()) frame.row(at, id, dt, value);
  return frame.message(7, sequence, 1.7e12);
}

const rowsOf = ({ ids, dt, values }: LiveFrame): Row[] =>
  Array.from(ids, (id, at) => ({ id, dt: dt[at]!, value: values[at]! }));

const row = fc.record({
  id: fc.nat(0xffff_ffff),
  dt: fc.nat(0xffff_ffff),
  value: fc.oneof(fc.double(), fc.constantFrom(Number.NaN, Infinity, -Infinity, -0, 5e-324, 2 ** 53 - 1, 2 ** 53 + 2)),
});

describe('the message of a frame', () => {
  test('is one that a WebSocket server reads and the decoder takes, however many there were before it', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.array(row, { minLength: 1, maxLength: 40 }), fc.boolean())), (frames) => {
        const frame = new PushFrame();
        for (const [index, [rows, isKept]] of frames.entries()) {
          const sequence = index === 0 ? Number.MAX_SAFE_INTEGER : index;
          const messages = received(written(frame, rows, sequence));
          expect(messages).toHaveLength(1);
          const decoded = decodeFrame(messages[0]!);
          expect(decoded).toMatchObject({ type: 'update', epoch: 7, sequence, stream: 0, baseTimeMs: 1.7e12 });
          expect(decoded).toMatchObject({ conflated: false, final: false, backfill: false });
          expect(rowsOf(decoded)).toEqual(rows);
          if (isKept) frame.letGo();
        }
      }),
    );
  });

  // A payload of 125 bytes is the last of the short form, one of 65,535 the last of the middle one.
  test.each([5, 6, 4_093, 4_094, 8_192])('has the header that %i rows need', (count) => {
    const rows = Array.from({ length: count }, (_, id) => ({ id, dt: id, value: id / 3 }));
    expect(rowsOf(decodeFrame(received(written(new PushFrame(), rows))[0]!))).toEqual(rows);
  });

  test('has unused bytes of zero, also where a longer one stood before', () => {
    const frame = new PushFrame();
    written(
      frame,
      Array.from({ length: 8 }, () => ({ id: 0xffff_ffff, dt: 0xffff_ffff, value: Number.NaN })),
    );
    const [payload] = received(written(frame, [{ id: 1, dt: 2, value: 0 }]));
    expect(payload!.readUInt32LE(36)).toBe(0);
    expect(payload!.readUInt32LE(44)).toBe(0);
  });

  test('is masked with another key each time', () => {
    const frame = new PushFrame();
    const keys = Array.from({ length: 600 }, () => written(frame, [{ id: 1, dt: 2, value: 3 }]).readUInt32LE(2));
    // Of 600 random keys two may be equal, but hardly three.
    expect(new Set(keys).size).toBeGreaterThan(597);
  });

  test('that was let go is not written over', () => {
    const frame = new PushFrame();
    const kept = written(frame, [{ id: 1, dt: 2, value: 3 }]);
    const before = Buffer.from(kept);
    frame.letGo();
    written(frame, [{ id: 4, dt: 5, value: 6 }]);
    expect(kept.equals(before)).toBe(true);
  });
});
