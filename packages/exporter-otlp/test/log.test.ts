import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { until } from '@nanometer/testing';
import * as fc from 'fast-check';
import { RECORD_HEADER_BYTES, SEGMENT_HEADER_BYTES, segmentHeader } from '../src/log/record-format.ts';
import { SequenceRanges } from '../src/log/sequence-ranges.ts';
import { folder } from './support/folder.ts';
import { openLog, bytes, texts, readAll } from './support/logs.ts';

function segments(directory: string): string[] {
  return readdirSync(directory)
    .filter((name) => name.endsWith('.wal'))
    .sort()
    .map((name) => join(directory, name));
}

/** As a crash leaves it: the files, and no lock of a living process. */
function crashed(directory: string): string {
  const copy = join(folder(), 'log');
  cpSync(directory, copy, { recursive: true });
  rmSync(join(copy, 'lock'), { force: true });
  return copy;
}

type Step =
  | { readonly do: 'append'; readonly length: number; readonly points: number }
  | { readonly do: 'settle'; readonly batches: number; readonly maxBytes: number }
  | { readonly do: 'reopen' }
  /** A crash that loses the last `torn` bytes of the newest file. */
  | { readonly do: 'crash'; readonly torn: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('append' as const),
      length: fc.oneof(fc.nat({ max: 60 }), fc.nat({ max: 1500 })),
      points: fc.integer({ min: 1, max: 20 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('settle' as const),
      batches: fc.nat({ max: 3 }),
      maxBytes: fc.integer({ min: 1, max: 800 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('reopen' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('crash' as const), torn: fc.nat({ max: 30 }) }) },
);

interface ModelRecord {
  readonly text: string;
  readonly points: number;
}

describe('a log on disk', () => {
  test('gives, at every opening, exactly the records that were appended and not settled, once and in order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        let directory = folder();
        let { log } = await openLog(directory);
        let held: ModelRecord[] = [];
        let appended = 0;
        const check = async (): Promise<void> => {
          const batches = await readAll(log);
          expect(texts(batches)).toEqual(held.map(({ text }) => text));
          expect(log.holdings.points).toBe(held.reduce((sum, { points }) => sum + points, 0));
          expect(log.holdings.records).toBe(held.length);
        };
        for (const step of steps) {
          if (step.do === 'append') {
            const text = `${appended++}:`.padEnd(step.length, 'x');
            await log.append(bytes(text), step.points);
            held.push({ text, points: step.points });
          } else if (step.do === 'settle') {
            const batches = (await readAll(log, step.maxBytes)).slice(0, step.batches);
            for (const batch of batches) {
              const points = held.slice(0, batch.records.length).reduce((sum, { points }) => sum + points, 0);
              expect(log.settle(batch)).toBe(points);
              expect(log.settle(batch)).toBe(0);
              held = held.slice(batch.records.length);
            }
          } else {
            await log.close();
            if (step.do === 'crash') {
              directory = crashed(directory);
              const newest = segments(directory).at(-1);
              if (newest !== undefined && step.torn > 0 && statSync(newest).size > SEGMENT_HEADER_BYTES + step.torn) {
                truncateSync(newest, statSync(newest).size - step.torn);
                // The last record of the newest file is torn, whether it was settled or not.
                const last = held.at(-1);
                if (last !== undefined && isLastOf(newest, last.text, step.torn)) held = held.slice(0, -1);
              }
            }
            ({ log } = await openLog(directory));
          }
          await check();
        }
        await log.close();
      }),
      { numRuns: 60 },
    );
  });

  /** Whether the torn record is this one: it was the last appended, and nothing came after it in its file. */
  function isLastOf(path: string, text: string, torn: number): boolean {
    const content = readFileSync(path).toString('latin1');
    const kept = text.slice(0, Math.max(0, text.length - torn));
    return content.endsWith(kept) && !content.includes(text);
  }

  test('damage never throws, never loops, and never gives a record that was not appended', async () => {
    const directory = folder();
    const { log } = await openLog(directory, { segmentBytes: 600 });
    const appended: string[] = [];
    for (let i = 0; i < 24; i++) {
      appended.push(`record ${i} ${'y'.repeat(i * 5)}`);
      await log.append(bytes(appended[i]!), 1);
    }
    await log.close();
    const files = segments(directory).length;
    expect(files).toBeGreaterThan(3);
    const damage = fc.record({
      file: fc.nat({ max: files - 1 }),
      at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      how: fc.oneof(
        fc.record({ flip: fc.integer({ min: 1, max: 255 }) }),
        fc.record({ cut: fc.constant(true) }),
        fc.record({ insert: fc.uint8Array({ minLength: 1, maxLength: 60 }) }),
        fc.record({ remove: fc.constant(true) }),
      ),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(damage, { minLength: 1, maxLength: 4 }), async (damages) => {
        const copy = crashed(directory);
        const paths = segments(copy);
        for (const { file, at, how } of damages) {
          const path = paths[file]!;
          if (!existsSync(path)) continue;
          const content = readFileSync(path);
          const offset = Math.floor(at * content.length);
          if ('flip' in how && content.length > 0) content[offset]! ^= how.flip;
          if ('remove' in how) rmSync(path);
          else if ('cut' in how) writeFileSync(path, content.subarray(0, offset));
          else if ('insert' in how) {
            writeFileSync(path, Buffer.concat([content.subarray(0, offset), how.insert, content.subarray(offset)]));
          } else writeFileSync(path, content);
        }
        const { log: damaged, told } = await openLog(copy, { segmentBytes: 600 });
        const found = texts(await readAll(damaged));
        // A subsequence of what was appended, in its order.
        let next = 0;
        for (const text of found) {
          next = appended.indexOf(text, next) + 1;
          expect(next).toBeGreaterThan(0);
        }
        const lost = told.dropped['log_corrupt'] ?? 0;
        expect(told.recovered).toBe(damaged.holdings.points + lost);
        expect(found.length + lost).toBeLessThanOrEqual(appended.length);
        // Only what stood at the very end can be missing without a number after it to tell.
        if (found.at(-1) === appended.at(-1)) expect(found.length + lost).toBe(appended.length);
        await damaged.append(bytes('after'), 1);
        expect(texts(await readAll(damaged))).toEqual([...found, 'after']);
        await damaged.close();
      }),
      { numRuns: 250 },
    );
  });

  test('a record inside a payload is not taken for one after the record around it is damaged', async () => {
    const directory = folder();
    const { log } = await openLog(directory, { segmentBytes: 1e5 });
    await log.append(bytes('inner'), 1);
    const inner = readFileSync(segments(directory)[0]!).subarray(SEGMENT_HEADER_BYTES);
    await log.close();
    const second = await openLog(directory);
    await second.log.append(inner, 1);
    await second.log.close();
    const path = segments(directory).at(-1)!;
    const content = readFileSync(path);
    content[SEGMENT_HEADER_BYTES + 9]! ^= 1;
    writeFileSync(path, content);
    const { log: reopened } = await openLog(directory);
    expect(texts(await readAll(reopened))).toEqual(['inner']);
  });

  test('a file of an unknown version is left alone and told', async () => {
    const directory = folder();
    mkdirSync(directory, { recursive: true });
    const path = join(directory, `${'1'.padStart(16, '0')}-00000007.wal`);
    const header = segmentHeader(7);
    header.writeUInt32LE(2, 4);
    const { crc32 } = await import('node:zlib');
    header.writeUInt32LE(crc32(header.subarray(0, 12)), 12);
    writeFileSync(path, header);
    appendFileSync(path, 'records of the future');
    const { log, told } = await openLog(directory);
    expect(told.problems).toEqual([expect.stringContaining('another version')]);
    await log.append(bytes('now'), 1);
    expect(texts(await readAll(log))).toEqual(['now']);
    await log.close();
    expect(existsSync(path)).toBe(true);
  });

  test('without its settled file everything readable counts as held; with a damaged one, too', async () => {
    for (const spoil of [(path: string) => rmSync(path), (path: string) => writeFileSync(path, 'abc\n{"ranges":[]}')]) {
      const directory = folder();
      const { log } = await openLog(directory, { segmentBytes: 1e5 });
      for (const text of ['a', 'b', 'c']) await log.append(bytes(text), 1);
      const first = await log.read(log.start(), 1, Infinity);
      log.settle(first!);
      const copy = join(folder(), 'log');
      await until('the settlement is on disk', () => existsSync(join(directory, 'settled.json')));
      cpSync(directory, copy, { recursive: true });
      rmSync(join(copy, 'lock'));
      spoil(join(copy, 'settled.json'));
      const { log: reopened, told } = await openLog(copy);
      expect(texts(await readAll(reopened))).toEqual(['a', 'b', 'c']);
      expect(told.dropped).toEqual({});
      // Numbers go on after the ones that are taken.
      await reopened.append(bytes('d'), 1);
      expect(reopened.last).toBe(4);
      await log.close();
    }
  });

  test('one writer: a second log of the folder is refused until the first is closed, a dead process is no owner', async () => {
    const directory = folder();
    const { log } = await openLog(directory);
    await expect(openLog(directory)).rejects.toMatchObject({
      code: 'LOG_LOCKED',
      message: expect.stringContaining(String(process.pid)),
    });
    await log.close();
    await (await openLog(directory)).log.close();
    for (const owner of ['4194304 1', `${process.pid} 1`, '', 'nonsense']) {
      writeFileSync(join(directory, 'lock'), owner);
      await (await openLog(directory)).log.close();
      expect(readdirSync(directory).filter((name) => name.startsWith('lock'))).toEqual([]);
    }
  });

  test('a folder that cannot be one is told with its path', async () => {
    const directory = folder();
    writeFileSync(join(directory, 'file'), '');
    const path = join(directory, 'file', 'log');
    await expect(openLog(path)).rejects.toMatchObject({ code: 'LOG_UNUSABLE', message: expect.stringContaining(path) });
  });

  test('files go when what is in them is settled, and the limit counts what is there', async () => {
    const directory = folder();
    const { log } = await openLog(directory);
    for (let i = 0; i < 20; i++) await log.append(bytes('z'.repeat(200)), 1);
    expect(segments(directory).length).toBeGreaterThan(4);
    for (const batch of await readAll(log)) log.settle(batch);
    await log.close();
    expect(segments(directory)).toEqual([]);
    expect(log.holdings).toEqual({ points: 0, records: 0, bytes: 0, oldestMs: undefined });
  });
});

test('ranges of numbers are the set a naive one would be', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.integer({ min: 1, max: 40 }), fc.nat({ max: 6 }))), (adds) => {
      const ranges = new SequenceRanges();
      const set = new Set<number>();
      for (const [from, length] of adds) {
        ranges.add(from, from + length - 1);
        for (let i = from; i < from + length; i++) set.add(i);
      }
      for (let i = 1; i < 50; i++) expect(ranges.has(i)).toBe(set.has(i));
      let prefix = 0;
      while (set.has(prefix + 1)) prefix++;
      expect(ranges.prefix).toBe(prefix);
      for (const [index, { to }] of ranges.list.entries())
        expect(ranges.list[index + 1]?.from ?? Infinity).toBeGreaterThan(to + 1);
    }),
  );
});

test('the header of a record takes as many bytes as its diagram says', () => {
  expect([SEGMENT_HEADER_BYTES, RECORD_HEADER_BYTES]).toEqual([16, 44]);
});
