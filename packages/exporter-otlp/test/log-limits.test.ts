import { describe, expect, test } from '@jest/globals';
import { until } from '@nanometer/testing';
import type { FileLogOptions } from '../src/log/file-log.ts';
import { LOG_FILES, type LogFiles } from '../src/log/log-files.ts';
import { MemoryLog } from '../src/log/memory-log.ts';
import { folder } from './support/folder.ts';
import { listener, open, openLog, bytes, texts, readAll } from './support/logs.ts';

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
