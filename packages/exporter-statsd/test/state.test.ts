import { afterEach, describe, expect, test } from '@jest/globals';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as fc from 'fast-check';
import {
  DeltaStore,
  type StatsdError,
  StatsdExporter,
  type StatsdExporterOptions,
  StatsdReceiver,
} from '@nanometer/exporter-statsd';
import { exported, histogramOf, sumsOf } from './support/metrics.ts';
import type { Answer, Collection } from './support/exporting-child.ts';

const CHILD = fileURLToPath(new URL('support/exporting-child.ts', import.meta.url));
const cleanups: (() => unknown)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'statsd-state-'));
  cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function tcpReceiver(): Promise<StatsdReceiver> {
  const server = new StatsdReceiver({ transport: 'tcp' });
  await server.start();
  cleanups.push(() => server.close());
  return server;
}

/** An exporter that is abandoned, never shut down: what a kill leaves of it is its file. */
function exporterTo(server: StatsdReceiver, options: StatsdExporterOptions): StatsdExporter {
  return new StatsdExporter({ transport: 'tcp', port: server.port, onTrouble: () => {}, ...options });
}

describe('an exporter started again on the same producer', () => {
  test('continues where the former one was, across resets too', async () => {
    const server = await tcpReceiver();
    const stateFile = join(newFolder(), 'state');
    await exported(exporterTo(server, { stateFile }), sumsOf({ value: 10 }));
    await exported(exporterTo(server, { stateFile }), sumsOf({ value: 12, end: 3 }));
    await exported(exporterTo(server, { stateFile }), sumsOf({ value: 5, start: 4, end: 5 }));
    await exported(exporterTo(server, { stateFile }), sumsOf({ value: 4, start: 4, end: 6 }));
    expect(server.counter('fills')).toBe(10 + 2 + 5 + 4);
  });

  test('knows re-sent points from resets', async () => {
    const server = await tcpReceiver();
    const stateFile = join(newFolder(), 'state');
    await exported(exporterTo(server, { stateFile }), sumsOf({ value: 10, end: 5 }));
    const exporter = exporterTo(server, { stateFile });
    await exported(exporter, sumsOf({ value: 8, end: 4 }));
    await exported(exporter, sumsOf({ value: 10, end: 5 }));
    await exported(exporter, sumsOf({ value: 7, start: 0, end: 5 }));
    await exported(exporter, sumsOf({ value: 11, end: 6 }));
    expect(server.counter('fills')).toBe(11);
    expect(exporter.stats().pointsDropped.stale_point).toBe(2);
  });

  test('delivers what the former one could not', async () => {
    const stateFile = join(newFolder(), 'state');
    const server = new StatsdReceiver({ transport: 'tcp' });
    await server.start();
    await exported(exporterTo(server, { stateFile }), sumsOf({ value: 10 }));
    const { port } = server;
    await server.close();
    await exported(exporterTo(server, { stateFile, port }), sumsOf({ value: 15, end: 3 }));
    const next = await tcpReceiver();
    await exported(exporterTo(next, { stateFile }), sumsOf({ value: 16, end: 4 }));
    expect(next.counter('fills')).toBe(6);
  });

  test('counts every recording of a sampled histogram, at the median where the bucket is not known', async () => {
    const server = await tcpReceiver();
    const stateFile = join(newFolder(), 'state');
    const boundaries = [1, 2, 4];
    const options: StatsdExporterOptions = { stateFile, histograms: 'samples' };
    const first = exporterTo(server, options);
    await exported(first, histogramOf({ boundaries, counts: [5, 0, 0, 0], end: 2 }));
    await exported(first, histogramOf({ boundaries, counts: [5, 49, 0, 0], end: 3 }));
    const second = exporterTo(server, options);
    await exported(second, histogramOf({ boundaries, counts: [5, 49, 7, 0], end: 4 }));
    await exported(second, histogramOf({ boundaries, counts: [5, 49, 8, 0], end: 5 }));
    expect(server.timers()).toMatchObject([{ name: 'latency', count: 62 }]);
    // Held samples survive as well.
    const { port } = server;
    await server.close();
    await exported(
      exporterTo(server, { ...options, port }),
      histogramOf({ boundaries, counts: [5, 49, 9, 3], end: 6 }),
    );
    const next = await tcpReceiver();
    await exported(exporterTo(next, options), histogramOf({ boundaries, counts: [5, 49, 9, 4], end: 7 }));
    expect(next.timers()).toMatchObject([{ count: 5 }]);
  });

  test('takes a damaged file for none, keeps it, and says so', async () => {
    const server = await tcpReceiver();
    const folder = newFolder();
    const stateFile = join(folder, 'state');
    await exported(exporterTo(server, { stateFile }), sumsOf({ value: 10 }, { value: 3, name: 'other' }));
    const good = readFileSync(stateFile);
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.integer({ min: 1, max: 255 }), fc.boolean(), (at, flip, cut) => {
        const bad = Buffer.from(good);
        bad[at] = bad[at]! ^ flip;
        writeFileSync(stateFile, cut ? good.subarray(0, at) : bad);
        const troubles: StatsdError[] = [];
        exporterTo(server, { stateFile, onTrouble: (error) => troubles.push(error) });
        expect(troubles).toMatchObject([{ code: 'STATE_FAILED' }]);
        expect(existsSync(stateFile)).toBe(false);
        expect(existsSync(`${stateFile}.damaged`)).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  test('sends on when the file cannot be written, and counts that', async () => {
    const server = await tcpReceiver();
    const folder = newFolder();
    const troubles: StatsdError[] = [];
    const exporter = exporterTo(server, {
      stateFile: join(folder, 'missing', 'state'),
      onTrouble: (error) => troubles.push(error),
    });
    await exported(exporter, sumsOf({ value: 10 }));
    expect(server.counter('fills')).toBe(10);
    expect(exporter.stats().state.writesFailed).toBe(2);
    expect(troubles).toMatchObject([{ code: 'STATE_FAILED' }]);
    expect(() => exporterTo(server, { stateFile: folder })).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION' }),
    );
  });

  test.each(['drop', 'resend'] as const)(
    'killed at any moment (%s): the total is right, or the difference is named',
    async (unconfirmed) => {
      const server = await tcpReceiver();
      const options: StatsdExporterOptions = {
        transport: 'tcp',
        port: server.port,
        stateFile: join(newFolder(), 'state'),
        unconfirmed,
      };
      const series = 40;
      let end = 1;
      let uncertain = 0;
      let failures = 0;
      const values = (): number[] => Array.from({ length: series }, (_, index) => end * (index + 1));
      for (let life = 0; life < 3; life++) {
        const { child, answers } = startChild(options);
        uncertain += (await answers.next()).uncertain;
        const isLast = life === 2;
        // Full exports first, then one that is cut short somewhere, by its time.
        for (let index = 0; index < 2; index++) {
          child.send({ values: values(), end: ++end } satisfies Collection);
          if ((await answers.next()).failed) failures++;
        }
        if (!isLast) {
          child.send({ values: values(), end: ++end } satisfies Collection);
          for (let turns = 0; turns < life * 20; turns++) await new Promise((resolve) => setImmediate(resolve));
        }
        child.kill('SIGKILL');
        await once(child, 'exit');
      }
      const total = (last: number): number => (series * (series + 1) * last) / 2;
      const got = server.counters().reduce((sum, { value }) => sum + value, 0);
      expect(failures).toBe(0);
      expect(server.badLines).toEqual([]);
      // The values of the last export were made with the end before it.
      const truth = total(end - 1);
      if (uncertain === 0) expect(got).toBe(truth);
      else if (unconfirmed === 'drop') expect(got).toBeLessThanOrEqual(truth);
      else expect(got).toBeGreaterThanOrEqual(truth);
      const each = server.counters().filter(({ name, value }) => value !== (Number(name.slice(1)) + 1) * (end - 1));
      expect(each.length).toBeLessThanOrEqual(uncertain);
    },
  );
});

function startChild(options: StatsdExporterOptions): { child: ChildProcess; answers: { next(): Promise<Answer> } } {
  const child = fork(CHILD, [JSON.stringify(options)], {
    execArgv: ['--conditions=@nanometer/source', '--disable-warning=ExperimentalWarning'],
  });
  cleanups.push(() => child.kill('SIGKILL'));
  const waiting: Answer[] = [];
  let wake: (() => void) | undefined;
  child.on('message', (answer: Answer) => {
    waiting.push(answer);
    wake?.();
  });
  const next = async (): Promise<Answer> => {
    while (waiting.length === 0) await new Promise<void>((resolve) => (wake = resolve));
    return waiting.shift()!;
  };
  return { child, answers: { next } };
}

describe('delta store', () => {
  test('restored slots go on as if nothing had happened', () => {
    const step = fc.record({
      add: fc.double({ min: 0, max: 1e6, noNaN: true }),
      reset: fc.boolean(),
      restore: fc.boolean(),
      fails: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 60 }), (steps) => {
        let store = new DeltaStore();
        const plain = new DeltaStore();
        let slot = store.open();
        plain.open();
        let [start, value, end] = [1, 0, 1];
        for (const { add, reset, restore, fails } of steps) {
          if (reset) [start, value] = [end, 0];
          value += add;
          end++;
          const before = store.sent(slot);
          expect(store.advance(slot, start, 0, value)).toBe(plain.advance(0, start, 0, value));
          store.taken(slot, end, 0);
          if (fails) store.rollback(slot, before);
          if (fails) plain.rollback(0, before);
          if (!restore) continue;
          const next = new DeltaStore();
          const at = next.open();
          next.restore(at, store.state(slot)!);
          [store, slot] = [next, at];
        }
        expect(store.state(slot)).toEqual({ ...plain.state(0)!, endSeconds: end, endNanos: 0 });
      }),
    );
  });

  test('what is due survives failed sends and resets: in the end everything is delivered once', () => {
    const step = fc.record({
      add: fc.nat(1000),
      reset: fc.constantFrom('none', 'start', 'decrease'),
      // Seen at a flush that fails or succeeds, or only noted between flushes.
      fate: fc.constantFrom('noted', 'failed', 'sent'),
    });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 60 }), (steps) => {
        const store = new DeltaStore();
        const slot = store.open();
        let [start, value, truth, received] = [1, 0, 0, 0];
        for (const { add, reset, fate } of steps) {
          if (reset === 'start') start++;
          const next = reset === 'none' ? value + add : reset === 'start' ? add : Math.min(add, value - 1);
          // A decrease from zero is none.
          if (next < 0) continue;
          truth += reset === 'none' ? add : next;
          value = next;
          if (fate === 'noted') {
            store.observe(slot, start, 0, value);
            continue;
          }
          const before = store.sent(slot);
          const delta = store.advance(slot, start, 0, value);
          if (fate === 'failed') store.rollback(slot, before);
          else received += delta;
        }
        received += store.advancePending(slot);
        expect(received).toBe(truth);
      }),
      { numRuns: 1000 },
    );
  });

  test('a monotonic sum never gives an increment below zero', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 200 }), (steps) => {
        const store = new DeltaStore();
        const slot = store.open();
        let value = 0;
        for (const step of steps) {
          value += step;
          expect(store.advance(slot, 1, 0, value)).toBeGreaterThanOrEqual(0);
          expect(store.advance(slot, 1, 0, value)).toBeGreaterThanOrEqual(0);
        }
      }),
    );
  });
});
