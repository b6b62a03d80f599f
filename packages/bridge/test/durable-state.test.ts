import { readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { decodeEntry, encodeEntry } from '../src/journal/entry-format.ts';
import { cleanUp, post, startBridge } from './support/bridge.ts';
import { request } from './support/otlp.ts';
import { folder, wreckOf, fills, increment, Life, entry } from './support/durable.ts';

afterEach(cleanUp);

const step = fc.oneof(
  { weight: 12, arbitrary: entry },
  { weight: 1, arbitrary: fc.constantFrom('save' as const, 'kill' as const) },
);

function damage(directory: string, which: number, where: number, how: 'flip' | 'cut' | 'append'): void {
  const files = readdirSync(directory)
    .filter((file) => file.endsWith('.wal') || file.endsWith('.bin'))
    .sort();
  const path = join(directory, files[which % files.length]!);
  const { size } = statSync(path);
  if (how === 'cut') truncateSync(path, where % (size + 1));
  else if (how === 'append') writeFileSync(path, Buffer.alloc(1 + (where % 100), where), { flag: 'a' });
  else {
    const bytes = readFileSync(path);
    const at = where % size;
    bytes[at] = bytes[at]! ^ (1 << (where % 8));
    writeFileSync(path, bytes);
  }
}

describe('the state on disk', () => {
  test('whatever happens, and whenever the bridge is killed, is the state in memory; the accounts balance at every moment', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        let life = await Life.begin(folder());
        for (const each of steps) {
          if (each === 'save') await life.journal.save();
          else if (each !== 'kill') await life.do(each);
          else {
            const before = life.shown();
            const wreck = wreckOf(life.directory);
            await life.journal.close();
            life = await Life.begin(wreck);
            expect(life.shown()).toEqual(before);
            expect(life.troubles).toEqual([]);
          }
          life.checkBalance();
        }
        const before = life.shown();
        await life.journal.close();
        const last = await Life.begin(life.directory);
        expect(last.shown()).toEqual(before);
        await last.journal.close();
      }),
      { numRuns: 60 },
    );
  });

  test('entries that come at once take effect in their order, before and after a snapshot', async () => {
    const life = await Life.begin(folder());
    const order: number[] = [];
    const commits = Array.from({ length: 200 }, (_, n) => {
      if (n === 90) void life.journal.save();
      return life.journal.commit({ kind: 'expire', beforeMs: 0 }, () => void order.push(n));
    });
    await Promise.all(commits);
    expect(order).toEqual(Array.from({ length: 200 }, (_, n) => n));
    await life.journal.close();
  });

  test('bytes that were changed or cut cost what they held, are told, and nothing else', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(entry, { minLength: 5, maxLength: 25 }),
        fc.nat(),
        fc.nat(),
        fc.constantFrom('flip', 'cut', 'append'),
        async (entries, which, where, how) => {
          const life = await Life.begin(folder());
          for (const [index, each] of entries.entries()) {
            await life.do(each);
            if (index % 7 === 6) await life.journal.save();
          }
          const wreck = wreckOf(life.directory);
          const whole = life.shown();
          await life.journal.close();
          damage(wreck, which, where, how);
          const after = await Life.begin(wreck);
          after.checkBalance();
          // A log that was cut between two records looks like one that had not got further.
          if (how !== 'cut' && JSON.stringify(after.shown()) !== JSON.stringify(whole)) {
            expect(after.troubles.join('\n')).not.toBe('');
          }
          // And it goes on from there.
          await after.do({ kind: 'request', transport: 'http', timeMs: 1, bytes: request([fills(99, 99n)]) });
          after.checkBalance();
          await after.journal.close();
        },
      ),
      { numRuns: 60 },
    );
  });

  test('a snapshot that is damaged is replaced by the one before, and loses nothing', async () => {
    const life = await Life.begin(folder());
    for (let time = 2n; time < 6n; time++) {
      await life.do({ kind: 'request', transport: 'http', timeMs: 1, bytes: request([increment(1, time)]) });
      await life.journal.save();
    }
    const before = life.shown();
    const wreck = wreckOf(life.directory);
    await life.journal.close();
    const snapshots = readdirSync(wreck)
      .filter((file) => file.startsWith('state-'))
      .sort();
    expect(snapshots).toHaveLength(2);
    truncateSync(join(wreck, snapshots[1]!), 100);
    const after = await Life.begin(wreck);
    expect(after.shown()).toEqual(before);
    expect(after.troubles.join()).toContain('is damaged; the one before is used');
    await after.journal.close();
  });

  test('a log stays short however much goes through it', async () => {
    const bridge = await startBridge({ stateDirectory: folder(), stateSnapshotBytes: 64 * 1024, stateFsync: 'never' });
    const body = (time: bigint): Buffer =>
      request([
        { name: 'level', gauge: Array.from({ length: 200 }, (_, n) => ({ value: n, time, attributes: { n } })) },
      ]);
    for (let time = 2n; time < 60n; time++) expect((await post(bridge, body(time))).status).toBe(200);
    expect(bridge.stats().state!.snapshots).toBeGreaterThan(1);
    expect(bridge.stats().state!.refused).toBe(0);
  });

  test.each([
    ['held', { forwarded: 0, held: 1, dropped: {} }],
    ['refused', { forwarded: 0, held: 0, dropped: { refused: 1 } }],
    ['unconfirmed', { forwarded: 0, held: 0, dropped: { unconfirmed: 1 } }],
  ] as const)('points of a send that were %s are that, before and after a kill', async (what, ledger) => {
    const life = await Life.begin(folder());
    await life.do({ kind: 'request', transport: 'http', timeMs: 1, bytes: request([fills(3, 2n)]) });
    await life.do({ kind: 'statsdTake', seriesCount: 1 });
    const failed = [{ index: 0, fate: what, sent: what === 'held' ? 0 : 3, sentSum: 0 }];
    await life.do({ kind: 'statsdOutcome', outcome: { unconfirmed: false, failed } });
    const wreck = wreckOf(life.directory);
    await life.journal.close();
    const next = await Life.begin(wreck);
    for (const { state } of [life, next]) {
      expect(state.statsd!.account.ledger(state.statsd!.held)).toEqual({ received: 1, ...ledger });
      expect(state.statsd!.changedCount).toBe(ledger.held);
    }
    await next.journal.close();
  });

  test('every entry comes back from its bytes as it was, and no bytes make reading throw', () => {
    fc.assert(
      fc.property(
        entry,
        fc.integer({ min: 1, max: 2 ** 40 }),
        fc.array(fc.tuple(fc.nat(), fc.nat())),
        (made, no, ranges) => {
          const voided = ranges.map(([from, to]) => ({ from, to }));
          const bytes = encodeEntry({ number: no, voided, entry: made });
          const read = decodeEntry(bytes);
          expect(read).toEqual({ number: no, voided, entry: made });
          for (let length = 0; length < Math.min(bytes.length, 60); length++) decodeEntry(bytes.subarray(0, length));
        },
      ),
    );
    const failed = [{ index: 0, fate: 'closed' as const, sent: 1, sentSum: 1 }];
    const outcome = { unconfirmed: false, failed };
    const unknown = encodeEntry({ number: 1, voided: [], entry: { kind: 'statsdOutcome', outcome } });
    unknown[14]!++;
    expect(decodeEntry(unknown)).toBeUndefined();
    fc.assert(fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => void decodeEntry(bytes)));
  });
});
