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
import { afterEach, describe, expect, test } from '@jest/globals';
import { until } from '@nanometer/testing';
import * as fc from 'fast-check';
import { FileLog, type FileLogOptions } from '../src/log/file-log.ts';
import { LOG_FILES, type LogFiles } from '../src/log/log-files.ts';
import { MemoryLog } from '../src/log/memory-log.ts';
import type { LogBatch, LogListener, RecordLog } from '../src/log/record-log.ts';
import { RECORD_HEADER_BYTES, SEGMENT_HEADER_BYTES, segmentHeader } from '../src/log/record-format.ts';
import { SequenceRanges } from '../src/log/sequence-ranges.ts';
import { folder } from './support/folder.ts';

interface Told extends LogListener {
  recovered: number;
  readonly dropped: Record<string, number>;
  readonly problems: string[];
  syncs: number;
}

function listener(): Told {
  return {
    recovered: 0,
    dropped: {},
    problems: [],
    syncs: 0,
    onAppended: () => undefined,
    onDropped(cause, points) {
      this.dropped[cause] = (this.dropped[cause] ?? 0) + points;
    },
    onRecovered(points) {
      this.recovered += points;
    },
    onSynced() {
      this.syncs++;
    },
    onProblem(what) {
      this.problems.push(what);
    },
  };
}

const open: RecordLog[] = [];
afterEach(async () => {
  for (const log of open.splice(0)) await log.close();
});

async function openLog(
  directory: string,
  options: Partial<FileLogOptions> = {},
): Promise<{ log: FileLog; told: Told }> {
  const told = listener();
  const log = new FileLog(
    {
      directory,
      limitBytes: 1e6,
      segmentBytes: 1000,
      pendingLimitBytes: 1e6,
      fullPolicy: 'block',
      fsync: 'never',
      fsyncIntervalMs: 5,
      now: () => 1000,
      ...options,
    },
    told,
  );
  await log.open();
  open.push(log);
  return { log, told };
}

const bytes = (text: string): Uint8Array => Buffer.from(text);
const texts = (batches: readonly LogBatch[]): string[] =>
  batches.flatMap(({ records }) => records.map(({ payload }) => Buffer.from(payload).toString()));

async function readAll(log: RecordLog, maxBytes = 300): Promise<LogBatch[]> {
  const batches: LogBatch[] = [];
  let position = log.start();
  for (;;) {
    const batch = await log.read(position, maxBytes, Infinity);
    if (batch === undefined) return batches;
    batches.push(batch);
    position = batch.next;
  }
}

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

describe('when the disk fails', () => {
  /** File operations of which writes and syncs can be made to fail. */
  function failing(): LogFiles & { fault: { write?: string; sync?: string; truncate?: string } } {
    const fault: { write?: string; sync?: string; truncate?: string } = {};
    const failure = (code: string): Error => Object.assign(new Error(`${code}: injected`), { code });
    const files = {
      ...LOG_FILES,
      fault,
      open: async (...args: Parameters<typeof LOG_FILES.open>) => {
        const handle = await LOG_FILES.open(...args);
        const [writev, datasync, truncate] = [
          handle.writev.bind(handle),
          handle.datasync.bind(handle),
          handle.truncate.bind(handle),
        ];
        handle.writev = (async (buffers: readonly Uint8Array[], position?: number) => {
          if (fault.write === undefined) return writev(buffers, position);
          // Half of it arrives, as on a disk that fills up.
          await handle.write(buffers[0]!, 0, buffers[0]!.length >> 1, position);
          throw failure(fault.write);
        }) as never;
        handle.datasync = async () => {
          if (fault.sync !== undefined) throw failure(fault.sync);
          return datasync();
        };
        handle.truncate = async (length?: number) => {
          if (fault.truncate !== undefined) throw failure(fault.truncate);
          return truncate(length);
        };
        return handle;
      },
    };
    return files as never;
  }

  test.each([
    ['full', { write: 'ENOSPC' }],
    ['full, and the file cannot be cut back', { write: 'ENOSPC', truncate: 'EIO' }],
    ['unable to write', { write: 'EIO' }],
    ['unable to sync', { sync: 'EIO' }],
    ['unable to sync and to cut back', { sync: 'EIO', truncate: 'EIO' }],
  ])('%s: the append fails, the log goes on, and works again when the disk does', async (_, fault) => {
    const directory = folder();
    const files = failing();
    const { log, told } = await openLog(directory, { files, fsync: 'always' });
    await log.append(bytes('before'), 2);
    Object.assign(files.fault, fault);
    await expect(log.append(bytes('refused'), 3)).rejects.toMatchObject({
      code: 'WRITE_FAILED',
      message: expect.stringContaining(directory),
    });
    expect(log.holdings.points).toBe(2);
    expect(texts(await readAll(log))).toEqual(['before']);
    for (const key of Object.keys(fault)) delete files.fault[key as 'write'];
    await log.append(bytes('after'), 4);
    expect(texts(await readAll(log))).toEqual(['before', 'after']);
    await log.close();
    const { log: reopened, told: toldAgain } = await openLog(directory);
    // What was refused may be there when it could not be taken back: it was not acknowledged, so that is allowed.
    expect(texts(await readAll(reopened)).filter((text) => text !== 'refused')).toEqual(['before', 'after']);
    if (!('truncate' in fault)) expect(texts(await readAll(reopened))).toHaveLength(2);
    expect([told.dropped, toldAgain.dropped]).toEqual([{}, {}]);
  });
});

describe('fsync', () => {
  test.each([
    ['always', (syncs: number) => syncs === 3],
    ['never', (syncs: number) => syncs === 0],
  ] as const)('%s: an append returns after as many syncs as the policy says', async (fsync, holds) => {
    const { log, told } = await openLog(folder(), { fsync });
    for (let i = 0; i < 3; i++) await log.append(bytes('a'), 1);
    expect(holds(told.syncs)).toBe(true);
  });

  test('interval: syncs come by themselves, and none when nothing was written', async () => {
    const { log, told } = await openLog(folder(), { fsync: 'interval' });
    await log.append(bytes('a'), 1);
    await until('it was synced', () => told.syncs === 1);
    await log.append(bytes('b'), 1);
    await until('it was synced again', () => told.syncs === 2);
    await log.close();
    expect(told.syncs).toBe(2);
  });
});

const KINDS = ['on disk', 'in memory'] as const;

async function limited(
  kind: (typeof KINDS)[number],
  fullPolicy: FileLogOptions['fullPolicy'],
  pendingLimitBytes = 1e6,
) {
  if (kind === 'on disk')
    return openLog(folder(), { limitBytes: 2000, segmentBytes: 500, fullPolicy, pendingLimitBytes });
  const told = listener();
  const log = new MemoryLog({ limitBytes: 1000, pendingLimitBytes, fullPolicy, now: () => 1000 }, told);
  open.push(log);
  return { log, told };
}

describe.each(KINDS)('a full log %s', (kind) => {
  const record = (i: number): Uint8Array => bytes(`${i}:`.padEnd(200, 'x'));

  test('drop-newest refuses what comes and keeps what is there', async () => {
    const { log } = await limited(kind, 'drop-newest');
    let taken = 0;
    for (let i = 0; i < 20; i++) {
      try {
        await log.append(record(i), 1);
        taken++;
      } catch (error) {
        expect(error).toMatchObject({ code: 'QUEUE_FULL' });
      }
    }
    expect(taken).toBeGreaterThan(3);
    expect(taken).toBeLessThan(20);
    expect(texts(await readAll(log)).map((text) => Number.parseInt(text, 10))).toEqual([...Array(taken).keys()]);
  });

  test('drop-oldest keeps the newest and counts the rest', async () => {
    const { log, told } = await limited(kind, 'drop-oldest');
    for (let i = 0; i < 20; i++) await log.append(record(i), 2);
    const left = texts(await readAll(log)).map((text) => Number.parseInt(text, 10));
    expect(left.at(-1)).toBe(19);
    expect(left).toEqual(Array.from({ length: left.length }, (_, i) => 20 - left.length + i));
    expect(left.length).toBeGreaterThan(2);
    expect(told.dropped).toEqual({ queue_full: 2 * (20 - left.length) });
    expect(log.holdings.points).toBe(2 * left.length);
  });

  test('block waits for room, in order, with a limit to what waits', async () => {
    const { log, told } = await limited(kind, 'block', 1000);
    const results: string[] = [];
    const appends = Array.from({ length: 30 }, async (_, i) =>
      log.append(record(i), 1).then(
        () => results.push('ok'),
        (error: { code: string }) => results.push(error.code),
      ),
    );
    const seen: number[] = [];
    let position = log.start();
    await until('all are answered', async () => {
      const batch = await log.read(position, 200, Infinity);
      if (batch !== undefined) {
        position = batch.next;
        log.settle(batch);
        seen.push(...texts([batch]).map((text) => Number.parseInt(text, 10)));
      }
      return results.length === 30 && batch === undefined;
    });
    await Promise.all(appends);
    const taken = results.filter((result) => result === 'ok').length;
    expect(results.filter((result) => result === 'QUEUE_FULL')).toHaveLength(30 - taken);
    expect(taken).toBeLessThan(30);
    expect(taken).toBeGreaterThan(3);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    expect(seen).toHaveLength(taken);
    expect(told.dropped).toEqual({});
  });

  test('closing ends the waiting; a record larger than the log is refused at once', async () => {
    const { log } = await limited(kind, 'block');
    await expect(log.append(new Uint8Array(3000), 1)).rejects.toMatchObject({ code: 'QUEUE_FULL' });
    const answers: string[] = [];
    const appends = Array.from({ length: 12 }, async (_, i) =>
      log.append(record(i), 1).then(
        () => answers.push('ok'),
        (error: { code: string }) => answers.push(error.code),
      ),
    );
    await until('some are in', () => answers.length > 2);
    await log.close();
    await Promise.all(appends);
    expect(answers).toContain('CLOSED');
    await expect(log.append(record(0), 1)).rejects.toMatchObject({ code: 'CLOSED' });
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
