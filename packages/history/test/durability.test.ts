import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { History, type PartDropCause } from '@nanometer/history';
import { counter, gauge, Histories, MINUTE_MS, minutesOf, NOW_MS } from './support/folder.ts';

let histories: Histories;
beforeEach(() => {
  histories = new Histories();
});
afterEach(() => histories.end());

const FLAGS = ['--conditions=@nanometer/source', '--disable-warning=ExperimentalWarning'];
const CHILD = fileURLToPath(new URL('support/recording-child.ts', import.meta.url));

/** Lets a child record until it has committed so often, kills it, and returns the last total it said was committed. */
async function killedAfter(commits: number, path: string): Promise<number> {
  const child = spawn(process.execPath, [...FLAGS, CHILD, path, String(NOW_MS)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exit = once(child, 'exit');
  let total = 0;
  let count = 0;
  for await (const line of createInterface(child.stdout)) {
    total = Number(line.split(' ')[0]);
    if (++count === commits) child.kill('SIGKILL');
  }
  await exit;
  return total;
}

describe('a history that was killed', () => {
  test.each([1, 12])(
    'has what was committed, and goes on with the minute that was under way: %d commits',
    async (commits) => {
      const path = join(histories.folder, `${commits}.sqlite`);
      const committed = await killedAfter(commits, path);
      // Points of the child lie in the future of the test's clock, unless they are waited for.
      histories.nowMs = NOW_MS + committed * 7;
      const history = await histories.open({ path });
      const before = (await minutesOf(history, 'ticks', histories.nowMs)).series[0]!.points;
      const sum = before.sum.reduce<number>((all, each) => all + each!, 0);
      // The kill may have come between a commit and its line: then there is one more of 50, never a part of one.
      expect((sum - committed) % 50).toBe(0);
      expect(sum).toBeGreaterThanOrEqual(committed);
      expect(before.last.at(-1)).toBe(sum);
      const timeMs = NOW_MS + sum * 7 + 1;
      histories.nowMs = Math.max(histories.nowMs, timeMs);
      history.recorder(counter('ticks'))!.counter(timeMs, NOW_MS, sum + 3);
      await history.commit();
      const after = (await minutesOf(history, 'ticks', histories.nowMs)).series[0]!.points;
      expect(after.sum.reduce<number>((all, each) => all + each!, 0)).toBe(sum + 3);
      await history.close();
    },
  );
});

describe('a disk that is full', () => {
  test('costs what does not fit into memory, counted, and nothing when there is room again', async () => {
    const settled: Partial<Record<PartDropCause | 'kept', number>> = {};
    const troubles: string[] = [];
    const history = await histories.open({
      sizeLimitBytes: 256 * 1024,
      pendingLimit: 400,
      onTrouble: (text) => troubles.push(text),
      onSettled: (points, cause = 'kept' as never) => {
        settled[cause] = (settled[cause] ?? 0) + points;
      },
    });
    // SQLite itself refuses pages beyond twice the limit: SQLITE_FULL, as on a full disk.
    const recorders = Array.from({ length: 8000 }, (_, index) => history.recorder(gauge(`wide.${index}`), true)!);
    for (const recorder of recorders) recorder.gauge(NOW_MS, 1);
    await history.commit();
    expect(history.stats()).toMatchObject({ commitsFailed: 1, pending: 400 });
    expect(settled).toEqual({ write_failed: 7600 });
    await history.commit();
    expect(settled).toEqual({ write_failed: 7600, kept: 400 });
    expect(troubles).toEqual([expect.stringMatching(/full/), 'the history is written again']);
    expect((await minutesOf(history, 'wide.7999')).series).toHaveLength(1);
    expect((await minutesOf(history, 'wide.0')).series).toEqual([]);
  });

  test('a file that may not grow: totals are exact once it may', async () => {
    const path = join(histories.folder, 'small.sqlite');
    // 64 blocks of 1 KiB: enough for the tables, not for the log that many commits write.
    const command = `ulimit -S -f 150; trap '' XFSZ; exec "$@"`;
    const args = ['-c', command, 'bash', process.execPath, ...FLAGS, CHILD, path, String(NOW_MS)];
    const child = spawn('bash', args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let failed = 0;
    let [total, failedBefore] = [0, -1];
    for await (const line of createInterface(child.stdout)) {
      [total = 0, failed = 0] = line.split(' ').map(Number);
      if (failed === 0) continue;
      if (failedBefore < 0) {
        spawnSync('prlimit', ['--pid', String(child.pid), '--fsize=unlimited']);
        failedBefore = failed;
      } else if (failed === failedBefore) {
        child.kill('SIGKILL');
        break;
      } else failedBefore = failed;
    }
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    expect(failed).toBeGreaterThan(0);
    histories.nowMs = NOW_MS + (total + 100_000) * 7;
    const history = await histories.open({ path });
    const { points } = (await minutesOf(history, 'ticks', histories.nowMs)).series[0]!;
    const sum = points.sum.reduce<number>((all, each) => all + each!, 0);
    expect(sum).toBeGreaterThanOrEqual(total);
    expect(sum).toBe(points.last.at(-1));
  });
});

describe('eviction', () => {
  test('lets go of minutes after their days, and keeps the hours', async () => {
    const history = await histories.open({ minuteDays: 1 });
    history.recorder(gauge('g'))!.gauge(NOW_MS, 1);
    await history.commit();
    histories.nowMs += 3 * 86_400_000;
    history.recorder(gauge('g'))!.gauge(histories.nowMs, 2);
    await history.commit();
    expect(history.stats().evicted).toEqual({ age: 1, size: 0 });
    const { series } = await history.rollups({
      name: 'g',
      attributes: {},
      resource: {},
      fromMs: NOW_MS - 86_400_000,
      toMs: histories.nowMs + 86_400_000,
      stepMs: 3_600_000,
      resolution: 'hour',
    });
    expect(series[0]!.points.last).toEqual([1, 2]);
  });

  test('keeps the file below its size, the newest stay, and says from when minutes are whole', async () => {
    const history = await histories.open({ sizeLimitBytes: 512 * 1024 });
    const recorders = Array.from({ length: 200 }, (_, index) => history.recorder(gauge(`g.${index}`))!);
    for (let minute = 0; minute < 60; minute++) {
      histories.nowMs = NOW_MS + minute * MINUTE_MS;
      for (const recorder of recorders) recorder.gauge(histories.nowMs, minute);
      await history.commit();
    }
    const { sizeBytes, evicted } = history.stats();
    expect(sizeBytes).toBeLessThanOrEqual(512 * 1024);
    expect(evicted.size).toBeGreaterThan(1000);
    const { points } = (await minutesOf(history, 'g.7', histories.nowMs)).series[0]!;
    expect(points.last.at(-1)).toBe(59);
    expect(points.timeMs[0]).toBeGreaterThan(NOW_MS);
    expect(history.minutesFromMs).toBeLessThanOrEqual(points.timeMs[0]! + MINUTE_MS);
  });

  test('forgets series of which nothing is left, and takes them back', async () => {
    const history = await histories.open({ minuteDays: 1, hourDays: 1, seriesLimit: 2 });
    history.recorder(gauge('old'))!.gauge(NOW_MS, 1);
    await history.commit();
    histories.nowMs += 5 * 86_400_000;
    history.recorder(gauge('new'))!.gauge(histories.nowMs, 1);
    await history.commit();
    await history.commit();
    expect(history.stats().series).toBe(1);
    history.recorder(gauge('old'))!.gauge(histories.nowMs, 5);
    await history.commit();
    expect((await minutesOf(history, 'old', histories.nowMs)).series[0]!.points.last).toEqual([5]);
    expect(history.recorder(gauge('third'))).toBeUndefined();
  });
});

describe('opening', () => {
  test('refuses a file that another has open, one that is no database, and settings that are none', async () => {
    await histories.open();
    await expect(histories.open()).rejects.toMatchObject({ code: 'FILE_IN_USE' });
    const path = join(histories.folder, 'text');
    writeFileSync(path, 'not a database, but long enough to have been one: '.repeat(40));
    await expect(histories.open({ path })).rejects.toMatchObject({ code: 'FILE_UNUSABLE' });
    await expect(histories.open({ path: join(histories.folder, 'no', 'folder') })).rejects.toMatchObject({
      code: 'FILE_UNUSABLE',
    });
    for (const options of [{ minuteDays: 0 }, { hourDays: 1.5 }, { seriesLimit: Number.NaN }, { path: '' }]) {
      await expect(History.open({ path: 'unused', ...options })).rejects.toMatchObject({ code: 'INVALID_OPTION' });
    }
  });

  test('says so on a Node.js without SQLite', () => {
    const program = `import { History } from '@nanometer/history';
      await History.open({ path: ':memory:' }).catch(({ code }) => console.log(code));`;
    const { stdout } = spawnSync(
      process.execPath,
      ['--no-experimental-sqlite', ...FLAGS, '--input-type=module', '--eval', program],
      { cwd: fileURLToPath(new URL('..', import.meta.url)), encoding: 'utf8' },
    );
    expect(stdout).toBe('SQLITE_MISSING\n');
  });
});
