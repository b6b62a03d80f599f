import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { assert, integer, property } from 'fast-check';
import { type Arrived, type Cause, compare, type LifeTruth, type Output } from './compare.ts';
import { damage, livesIn } from './damage.ts';
import { LifeFile, readLife } from './desk/life-file.ts';
import { describeFault, HOPS, LINK_TROUBLES, RECEIVER_TROUBLES, subjectsOf, TARGETS, TROUBLES } from './fault.ts';
import { faultOptions } from './options.ts';
import { repeatableOf, statsdTotalsOf } from './outputs.ts';
import { planFaults } from './plan.ts';
import { byCause, summary } from './report.ts';
import { SeededRandom } from './seeded-random.ts';
import { SmallDisk } from './small-disk.ts';
import { batchOf, instanceOf, type Recorded, SYMBOLS, totalsOf } from './workload.ts';

const folder = mkdtempSync(join(tmpdir(), 'nanometer-faults-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const fresh = (): string => mkdtempSync(join(folder, 'case-'));

describe('the plan', () => {
  const seeds = integer({ min: 0, max: 2 ** 31 - 1 });

  test('is the same for the same seed, and another for another', () => {
    expect(planFaults(7, 20)).toEqual(planFaults(7, 20));
    expect(planFaults(7, 20)).not.toEqual(planFaults(8, 20));
  });

  test('of 26 kills every process, has every kind of fault, and kills the bridge once while alerts wait', () => {
    assert(
      property(seeds, (seed) => {
        const faults = planFaults(seed, 26).map(({ fault }) => fault);
        const orphaned = faults.filter((fault) => fault.kind === 'receiver' && fault.killBridge);
        const killed = faults.flatMap((fault) => (fault.kind === 'kill' ? [fault.target] : []));
        const kinds = new Set(faults.map(({ kind }) => kind));
        return TARGETS.every((target) => killed.includes(target)) && kinds.size === 9 && orphaned.length === 1;
      }),
    );
  });

  test('never has two faults of one thing at a time, and mends each after it began', () => {
    assert(
      property(seeds, integer({ min: 0, max: 60 }), (seed, count) => {
        const planned = planFaults(seed, count);
        const until = new Map<string, number>();
        return (
          planned.length === count &&
          planned.every(({ fault, begin, end }) => {
            const subjects = subjectsOf(fault);
            const free = subjects.every((subject) => begin > (until.get(subject) ?? 0));
            for (const subject of subjects) until.set(subject, end);
            return free && end > begin;
          })
        );
      }),
    );
  });

  test('reaches every trouble at every hop over many seeds', () => {
    const seen = new Set<string>();
    for (let seed = 0; seed < 300; seed += 1) {
      for (const { fault } of planFaults(seed, 26)) seen.add(describeFault(fault).replace(/ at .*| by -?\d+ ms/, ''));
    }
    for (const hop of HOPS) for (const trouble of TROUBLES) expect(seen).toContain(`${hop}: ${trouble}`);
    for (const target of TARGETS) {
      expect(seen).toContain(`stop ${target} (SIGSTOP)`);
      expect(seen).toContain(`restart ${target} (SIGTERM)`);
    }
    for (const trouble of LINK_TROUBLES) expect(seen).toContain(`live link: ${trouble}`);
    for (const trouble of RECEIVER_TROUBLES) {
      expect(seen).toContain(`alert receiver: ${trouble}`);
      expect(seen).toContain(`alert receiver: ${trouble}, and kill -9 bridge while alerts wait`);
    }
  });
});

test('seeded numbers are spread evenly and stay within their bounds', () => {
  const random = new SeededRandom(1);
  const counts = [0, 0, 0, 0, 0];
  for (let i = 0; i < 5000; i += 1) {
    const drawn = random.integer(0, 4);
    counts[drawn] = (counts[drawn] ?? Number.NaN) + 1;
  }
  for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(150);
  expect(new SeededRandom(3).shuffle([1, 2, 3, 4]).toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4]);
});

describe('the workload', () => {
  test('is known without having been told: totals are the sums of the batches', () => {
    const totals = totalsOf(5, 2, 4, 30);
    const fills = SYMBOLS.map(() => 0);
    for (let batch = 1; batch <= 4; batch += 1) {
      for (const { symbol } of batchOf(5, 2, batch, 30)) fills[symbol] = (fills[symbol] ?? 0) + 1;
      expect(totals[batch]?.fills).toEqual(fills);
    }
    expect(fills.reduce((a, b) => a + b)).toBe(120);
    expect(totalsOf(5, 2, 0, 30)).toHaveLength(1);
  });

  test('differs between lives and has quantities that add up exactly', () => {
    expect(batchOf(1, 1, 1, 10)).not.toEqual(batchOf(1, 2, 1, 10));
    for (const { quantity } of batchOf(1, 1, 1, 100)) expect(Number.isInteger(quantity * 8)).toBe(true);
  });
});

test('the life file is read up to the last whole line, whatever the death cut off', () => {
  const path = join(fresh(), 'life.txt');
  const life = new LifeFile(path);
  life.begin(1);
  life.durable(1);
  life.begin(2);
  life.close();
  expect(readLife(path)).toEqual({ begun: 2, durable: 1, exports: 1, delivered: false });
  appendFileSync(path, 'durable 2');
  expect(readLife(path).durable).toBe(1);
  appendFileSync(path, '\ndelivered 0\n');
  expect(readLife(path)).toEqual({ begun: 2, durable: 2, exports: 2, delivered: true });
});

describe('the comparison', () => {
  const totals = totalsOf(1, 1, 5, 50);
  const truth: LifeTruth = { life: 1, begun: 5, durable: 3, exports: 3, timesUnique: true, totals };
  const points = new Map([[1, 3]]);
  const after = (batch: number): Arrived => new Map([[1, totals[batch] as Recorded]]);
  const everywhere = (batch: number): Record<Output, Arrived> => ({
    prometheus: after(batch),
    statsd: after(batch),
    subscriber: after(batch),
    lossless: after(batch),
  });
  const refused: Cause = { name: 'refused', outputs: ['prometheus'], lives: new Set([1]) };

  test.each([3, 4, 5])('passes when all outputs have batch %i, and names what was not in the log', (batch) => {
    const { wrong, missing, recorded, notYetInLog } = compare([truth], everywhere(batch), [], points);
    expect({ wrong, missing, recorded, notYetInLog }).toEqual({
      wrong: [],
      missing: [],
      recorded: 250,
      notYetInLog: (5 - batch) * 50,
    });
  });

  test('fails when an output lacks what the log had taken and nothing explains it', () => {
    const { wrong } = compare([truth], { ...everywhere(3), prometheus: after(2) }, [], points);
    expect(wrong).toEqual(['prometheus, life 1: 50 updates are missing and nothing explains it']);
  });

  test('fails when one output has a batch that another lacks', () => {
    expect(compare([truth], { ...everywhere(3), statsd: after(4) }, [], points).wrong).toHaveLength(3);
  });

  test('fails when a whole life is absent, and when there is one that never was', () => {
    expect(compare([truth], { ...everywhere(3), subscriber: new Map() }, [], points).wrong).toHaveLength(1);
    const stranger = new Map([...after(3), [9, totals[1] as Recorded]]);
    expect(compare([truth], { ...everywhere(3), statsd: stranger }, [], points).wrong).toEqual([
      'statsd: unknown life 9',
    ]);
  });

  test('names updates that a cause explains, by output, life and count', () => {
    const { wrong, missing } = compare([truth], { ...everywhere(3), prometheus: after(1) }, [refused], points);
    expect(wrong).toEqual([]);
    expect(missing).toEqual([{ output: 'prometheus', life: 1, updates: 100, causes: ['refused'] }]);
  });

  test('a cause of another output or life explains nothing', () => {
    const found = { ...everywhere(3), statsd: after(1) };
    expect(compare([truth], found, [refused], points).wrong).toHaveLength(1);
    const elsewhere: Cause = { ...refused, outputs: ['statsd'], lives: new Set([2]) };
    expect(compare([truth], found, [elsewhere], points).wrong).toHaveLength(1);
  });

  test('a cause before the ways part explains nothing that one of its outputs has', () => {
    const early: Cause = { name: 'early', outputs: ['statsd', 'subscriber'], lives: new Set([1]) };
    expect(compare([truth], { ...everywhere(3), statsd: after(1) }, [early], points).wrong).toHaveLength(1);
    const both = { ...everywhere(3), statsd: after(1), subscriber: after(2) };
    const { wrong, missing } = compare([truth], both, [early], points);
    expect(wrong).toEqual([]);
    expect(missing.map(({ output, updates }) => [output, updates])).toEqual([
      ['statsd', 100],
      ['subscriber', 50],
    ]);
  });

  test('more than was recorded is wrong whatever happened', () => {
    const last = totals[5] as Recorded;
    const twice = { fills: last.fills.map((value) => 2 * value), quantity: last.quantity };
    const cause: Cause = { name: 'any', outputs: ['statsd'], lives: new Set([1]), partial: true };
    const { wrong } = compare([truth], { ...everywhere(5), statsd: new Map([[1, twice]]) }, [cause], points);
    expect(wrong).toHaveLength(SYMBOLS.length);
    expect(wrong[0]).toContain('but only');
  });

  test('what a server that went away was sent twice is named, and no more than that is allowed', () => {
    const last = totals[5] as Recorded;
    const once = { fills: SYMBOLS.map(() => 0).with(0, 3), quantity: SYMBOLS.map(() => 0) };
    const gone: Cause = {
      name: 'gone',
      outputs: ['statsd'],
      lives: new Set([1]),
      partial: true,
      repeatable: new Map([[1, once]]),
    };
    const found = (more: number): Record<Output, Arrived> => ({
      ...everywhere(5),
      statsd: new Map([[1, { ...last, fills: last.fills.with(0, (last.fills[0] ?? 0) + more) }]]),
    });
    const { wrong, repeated } = compare([truth], found(3), [gone], points);
    expect(wrong).toEqual([]);
    expect(repeated).toEqual([{ output: 'statsd', life: 1, updates: 3, causes: ['gone'] }]);
    expect(compare([truth], found(4), [gone], points).wrong).toHaveLength(1);
  });

  test.each([Number.NaN, 0.5, -1, Number.POSITIVE_INFINITY])('a total of %p is wrong', (value) => {
    const odd = { ...(totals[3] as Recorded), fills: (totals[3] as Recorded).fills.with(0, value) };
    expect(
      compare([truth], { ...everywhere(3), prometheus: new Map([[1, odd]]) }, [], points).wrong.length,
    ).toBeGreaterThan(0);
  });

  test('an export without a point in Prometheus is wrong, unless a cause names it or times may coincide', () => {
    const short = new Map([[1, 2]]);
    expect(compare([truth], everywhere(3), [], short).wrong).toEqual([
      'prometheus, life 1: no points of 1 of 3 exports',
    ]);
    expect(compare([{ ...truth, timesUnique: false }], everywhere(3), [], short).wrong).toEqual([]);
    const { wrong, pointsMissing } = compare([truth], everywhere(3), [refused], short);
    expect(wrong).toEqual([]);
    expect(pointsMissing).toEqual([{ output: 'prometheus', life: 1, updates: 1, causes: ['refused'] }]);
  });

  test('totals between batches are wrong, unless single datagrams can be lost', () => {
    const { fills, quantity } = totals[3] as Recorded;
    const between = new Map([[1, { fills: fills.with(0, (fills[0] ?? 0) - 1), quantity }]]);
    const whole: Cause = { name: 'x', outputs: ['statsd'], lives: new Set([1]) };
    expect(compare([truth], { ...everywhere(3), statsd: between }, [whole], points).wrong).toHaveLength(1);
    const { wrong, missing } = compare(
      [truth],
      { ...everywhere(3), statsd: between },
      [{ ...whole, partial: true }],
      points,
    );
    expect(wrong).toEqual([]);
    expect(missing).toEqual([{ output: 'statsd', life: 1, updates: 1, causes: ['x'] }]);
  });

  test('the summary counts what is missing by cause and says how to run it again', () => {
    const comparison = compare([truth], { ...everywhere(3), prometheus: after(1) }, [refused], points);
    const report = {
      ...comparison,
      seed: 42,
      faults: 20,
      passed: true,
      seconds: 1,
      lives: 1,
      batches: 5,
      desertions: [],
      deskDrops: {},
      lossless: {
        frames: 9,
        updates: 80,
        reconnects: 3,
        recoveries: { replay: 2, backfill: 0, reset: 1 },
        links: { cut: 2, 'half-close': 1, stall: 1 },
      },
      alerts: { acknowledged: 7, repeated: 1, answers: { 200: 8, 500: 2, hang: 1, lost: 0 } },
      timeline: [{ seconds: 1, position: 2, text: 'something' }],
    };
    expect([...byCause(comparison.missing)]).toEqual([['prometheus, life 1: refused', 100]]);
    expect(summary(report)).toMatch(/100 missing in prometheus, life 1: refused[^]*PASS[^]*--seed 42 --faults 20/);
    expect(summary(report)).not.toContain('something');
    expect(summary({ ...report, passed: false })).toMatch(/something[^]*FAIL/);
  });
});

describe('reading outputs', () => {
  test('statsd lines are added up by life and symbol; what is not the desk is passed over', () => {
    const tags = `service.name:desk,service.instance.id:${instanceOf(3)},trading.symbol:S1`;
    const totals = statsdTotalsOf(
      [
        '# start',
        `trading.fill.count:2|c|#${tags}`,
        `trading.fill.count:3|c|#${tags}`,
        `trading.fill.quantity:0.5|c|#${tags}`,
        `trading.fill.count:9|g|#${tags}`,
        `trading.fill.count:9|c|#${tags.replace('S1', 'S9')}`,
        `trading.fill.count:9|c|#${tags.replace('life-', 'other-')}`,
        'trading.fill.count:9|c',
        'garbage',
      ].join('\n'),
    );
    expect([...totals.keys()]).toEqual([3]);
    expect(totals.get(3)?.fills[1]).toBe(5);
    expect(totals.get(3)?.quantity[1]).toBe(0.5);
  });
});

test('the last line of a series in a life of the server that ended may come again, that of the present life not', () => {
  const line = (value: number): string =>
    `trading.fill.count:${value}|c|#service.instance.id:${instanceOf(1)},trading.symbol:S0`;
  const text = ['# start', line(5), line(2), '# start', line(3), '# start', line(9), ''].join('\n');
  expect(repeatableOf(text).get(1)?.fills[0]).toBe(5);
  expect(repeatableOf('# start\n').size).toBe(0);
});

describe('damage', () => {
  const content = Buffer.concat([Buffer.alloc(500, 7), Buffer.from(instanceOf(2)), Buffer.alloc(500, 7)]);

  test('inverts a few bytes of the largest file and says whose points are in it', () => {
    const where = fresh();
    mkdirSync(join(where, 'deep'));
    writeFileSync(join(where, 'deep', 'large'), content);
    writeFileSync(join(where, 'small'), 'x');
    const done = damage(where, 'flip', 0.1, 3);
    expect(done).toMatchObject({ file: join(where, 'deep', 'large'), offset: 100, sizeBytes: content.length });
    expect(done?.lives).toEqual(new Set([2]));
    const now = readFileSync(join(where, 'deep', 'large'));
    expect(now).toHaveLength(content.length);
    const changed = [...now.keys()].filter((index) => now[index] !== content[index]);
    expect(changed).toEqual([100, 101, 102, 103]);
  });

  test('cuts a file off, leaves locks alone, and finds nothing where there is nothing', () => {
    const where = fresh();
    expect(damage(where, 'flip', 0.5, 3)).toBeUndefined();
    writeFileSync(join(where, 'lock'), content);
    writeFileSync(join(where, 'empty'), '');
    expect(damage(where, 'truncate', 0.5, 3)).toBeUndefined();
    writeFileSync(join(where, 'data'), content);
    expect(damage(where, 'truncate', 0, 3)?.offset).toBe(0);
    expect(readFileSync(join(where, 'data'))).toHaveLength(0);
  });

  test('an instance is not mistaken for another of which it would be a part', () => {
    expect(livesIn([Buffer.from(instanceOf(12))], 20)).toEqual(new Set([12]));
  });
});

test('a small disk can be filled and freed, or says why it is none', () => {
  const disk = new SmallDisk(join(fresh(), 'disk'), 1);
  if (disk.refusal === undefined) {
    try {
      disk.fill();
      expect(() => writeFileSync(join(disk.folder, 'more'), Buffer.alloc(4096))).toThrow('ENOSPC');
      disk.free();
      writeFileSync(join(disk.folder, 'more'), Buffer.alloc(4096));
    } finally {
      disk.unmount();
    }
    expect(existsSync(join(disk.folder, 'more'))).toBe(false);
  } else {
    expect(() => disk.fill()).toThrow('not a disk of its own');
    expect(disk.refusal).not.toBe('');
  }
});

describe('the options', () => {
  test('draw a seed when there is none', () => {
    expect(faultOptions([], () => 77)).toEqual({ seed: 77, faults: 26, hours: 0, json: false, keep: false });
    expect(faultOptions(['--seed', '5', '--faults=3', '--hours', '0.5', '--json'])).toMatchObject({
      seed: 5,
      faults: 3,
      hours: 0.5,
      json: true,
    });
  });

  test.each([
    ['--seed', 'x'],
    ['--seed', '-1'],
    ['--seed', '1.5'],
    ['--seed', '2147483648'],
    ['--faults', ''],
    ['--hours', '0'],
    ['--hours', 'NaN'],
  ])('%s %s is refused with its name', (option, value) => {
    expect(() => faultOptions([`${option}=${value}`])).toThrow(option);
  });
});
