import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { fingerprintOf, RuleEngine } from '@nanometer/alerting';
import { Recorded, rulesOf } from './support.ts';

const above = { kind: 'threshold', above: 1 };

describe('threshold', () => {
  test('fires above the limit and not at it, and resolves at it', () => {
    const { log } = new Recorded(rulesOf(above)).at(0, 1).at(1, 1.5).at(2, 2).at(3, 1);
    expect(log).toEqual(['1 A firing 1.5', '3 A resolved 1']);
  });

  test.each([Number.NaN, Number.NEGATIVE_INFINITY, -0, 0, 5e-324, 1])('%p does not fire above 1', (value) => {
    expect(new Recorded(rulesOf(above)).at(0, value).log).toEqual([]);
  });

  test.each([Number.POSITIVE_INFINITY, 2 ** 53 - 1, 2 ** 53 + 2, 1 + Number.EPSILON])('%p fires above 1', (value) => {
    expect(new Recorded(rulesOf(above)).at(0, value).log).toEqual([`0 A firing ${value}`]);
  });

  test('NaN is no value: what fired ends', () => {
    const { log } = new Recorded(rulesOf(above)).at(0, 2).at(1, Number.NaN);
    expect(log).toEqual(['0 A firing 2', '1 A resolved undefined']);
  });

  test('is pending until it has held for long enough, and starts over when it did not', () => {
    const { log } = new Recorded(rulesOf({ ...above, for: '10s' }))
      .at(0, 2)
      .at(9999, 1)
      .at(20_000, 2)
      .pass(29_999)
      .pass(30_000);
    expect(log).toEqual(['0 A pending 2', '9999 A inactive 1', '20000 A pending 2', '30000 A firing 2']);
  });

  test('hysteresis keeps it firing down to the clear level', () => {
    const { log } = new Recorded(rulesOf({ ...above, clear: 0.5 }))
      .at(0, 0.9)
      .at(1, 1.1)
      .at(2, 0.6)
      .at(3, 0.5)
      .at(4, 0.9);
    expect(log).toEqual(['1 A firing 1.1', '3 A resolved 0.5']);
  });

  test('keepFiring damps flapping', () => {
    const { log } = new Recorded(rulesOf({ ...above, keepFiring: '10s' }))
      .at(0, 2)
      .at(1000, 0)
      .at(5000, 2)
      .at(6000, 0)
      .pass(15_999)
      .pass(16_000);
    expect(log).toEqual(['0 A firing 2', '16000 A resolved 0']);
  });

  test('below', () => {
    const { log } = new Recorded(rulesOf({ kind: 'threshold', below: 0 })).at(0, -0).at(1, -5e-324).at(2, 0);
    expect(log).toEqual(['1 A firing -5e-324', '2 A resolved 0']);
  });

  test('ends when its series have had no point for the lookback', () => {
    const { log } = new Recorded(rulesOf({ ...above, lookback: '10s' })).at(0, 2).pass(10_000).pass(10_001);
    expect(log).toEqual(['0 A firing 2', '10001 A resolved undefined']);
  });
});

describe('series of one combination', () => {
  const a = { attributes: { k: 'a' } };
  const b = { attributes: { k: 'b' } };
  test.each([
    ['sum', ['1 A firing 6', '2 A resolved 3']],
    ['max', ['0 A firing 4', '2 A resolved 2']],
    ['min', []],
  ])('%s', (aggregate, expected) => {
    const level = { sum: 5, max: 3, min: 3 }[aggregate];
    const rules = rulesOf({ kind: 'threshold', above: level, aggregate, by: [] });
    expect(new Recorded(rules).at(0, 4, a).at(1, 2, b).at(2, 1, a).log.slice(0, 2)).toEqual(
      aggregate === 'min' ? ['0 A firing 4', '1 A resolved 2'] : expected,
    );
  });

  test('each alone has labels of its own', () => {
    const { alerts } = new Recorded(rulesOf(above)).at(0, 2, a).at(1, 2, b);
    expect(alerts.map(({ labels }) => labels)).toEqual([
      { alertname: 'A', severity: 'warning', k: 'a' },
      { alertname: 'A', severity: 'warning', k: 'b' },
    ]);
  });

  test('matchers: value, list, not, prefix; an attribute that is missing is empty', () => {
    const fires = (where: object, attributes: Record<string, string>): boolean =>
      new Recorded(rulesOf({ ...above, where })).at(0, 2, { attributes }).log.length > 0;
    expect(fires({ k: 'a' }, { k: 'a' })).toBe(true);
    expect(fires({ k: 'a' }, {})).toBe(false);
    expect(fires({ k: ['a', 'b'] }, { k: 'b' })).toBe(true);
    expect(fires({ k: { not: 'a' } }, {})).toBe(true);
    expect(fires({ k: { not: ['a', 'b'] } }, { k: 'b' })).toBe(false);
    expect(fires({ k: { prefix: 'ab' } }, { k: 'abc' })).toBe(true);
    expect(fires({ job: 'desk' }, { job: 'desk' })).toBe(true);
  });

  test('job and instance come from the resource', () => {
    const resource = { 'service.name': 'desk', 'service.namespace': 'fx', 'service.instance.id': '1' };
    const { alerts } = new Recorded(rulesOf(above)).at(0, 2, { resource });
    expect(alerts[0]?.labels).toMatchObject({ job: 'fx/desk', instance: '1' });
  });
});

describe('absence and staleness', () => {
  const tiers = ['bridge'];
  test('absence fires when nothing has come since the start, and ends with the first point', () => {
    const rules = rulesOf({ kind: 'absence', after: '10s', tiers, where: { k: 'a' } });
    const recorded = new Recorded(rules)
      .pass(10_000)
      .pass(10_001)
      .at(12_000, 1, { attributes: { k: 'a' } });
    expect(recorded.log).toEqual(['10001 A firing 10.001', '12000 A resolved 0']);
    expect(recorded.alerts[0]?.labels).toEqual({ alertname: 'A', severity: 'warning', k: 'a' });
  });

  test('staleness fires for what was there, ends when it is back, and gives up after forget', () => {
    const rules = rulesOf({ kind: 'staleness', after: '10s', forget: '60s', tiers });
    const { log } = new Recorded(rules)
      .pass(50)
      .at(100, 1)
      .pass(10_100)
      .pass(10_101)
      .at(11_000, 1)
      .pass(21_001)
      .pass(71_001);
    expect(log).toEqual([
      '10101 A firing 10.001',
      '11000 A resolved 0',
      '21001 A firing 10.001',
      '71001 A resolved undefined',
    ]);
  });
});

describe('rate', () => {
  const counter = { kind: 'rate', instrument: 'counter', window: '60s' };
  test('counts increments within the window, through a restart of the counter', () => {
    const rules = rulesOf({ ...counter, per: '1m', above: 9 });
    const { log } = new Recorded(rules).at(0, 100).at(1000, 105).at(2000, 4).at(3000, 5).pass(61_999).pass(63_000);
    expect(log).toEqual(['3000 A firing 10', '61999 A resolved 5']);
  });

  test('a counter that began within the window began at zero', () => {
    const rules = rulesOf({ ...counter, per: '1m', above: 2 });
    expect(new Recorded(rules).at(1000, 3, {}, 500).log).toEqual(['1000 A firing 3']);
    expect(new Recorded(rules).at(100_000, 3, {}, 500).log).toEqual([]);
  });

  test('too slow is said of a whole window only', () => {
    const { log } = new Recorded(rulesOf({ ...counter, below: 1 })).at(0, 0).at(59_000, 10).pass(60_000);
    expect(log).toEqual([`60000 A firing ${10 / 60}`]);
  });

  test('of a gauge is its change, down as well', () => {
    const rules = rulesOf({ kind: 'rate', window: '10s', per: '10s', below: -5 });
    expect(new Recorded(rules).at(0, 100).at(5000, 90).pass(10_000).log).toEqual(['10000 A firing -10']);
  });

  test('max looks at each series, sum at all', () => {
    const [a, b] = [{ attributes: { k: 'a' } }, { attributes: { k: 'b' } }];
    const fired = (aggregate: string): boolean => {
      const rules = rulesOf({ ...counter, per: '1m', above: 5, aggregate, by: [] });
      return new Recorded(rules).at(0, 0, a).at(0, 0, b).at(1, 4, a).at(2, 4, b).log.length > 0;
    };
    expect([fired('max'), fired('sum')]).toEqual([false, true]);
  });
});

describe('ratio and burn rate', () => {
  const selector = (metric: string): object => ({ metric, custom: true, instrument: 'counter' });
  const [bad, all] = [{ name: 'bad' }, { name: 'all' }];

  test('a ratio counts from its minimum on, and never by zero', () => {
    const rules = rulesOf({
      kind: 'ratio',
      numerator: selector('bad'),
      denominator: selector('all'),
      window: '1m',
      minimum: 10,
      above: 0.5,
    });
    const { log } = new Recorded(rules)
      .at(0, 0, bad)
      .at(0, 0, all)
      .at(1, 5, bad)
      .at(2, 5, all)
      .at(3, 9.5, all)
      .at(4, 9.9, bad)
      .at(5, 10, all);
    expect(log).toEqual(['5 A firing 0.99']);
  });

  test('a ratio of values', () => {
    const gauge = (metric: string): object => ({ metric, custom: true });
    const rules = rulesOf({ kind: 'ratio', numerator: gauge('bad'), denominator: gauge('all'), above: 2 });
    const { log } = new Recorded(rules).at(0, 3, bad).at(1, 0, all).at(2, -1, all).at(3, 1, all).at(4, 2, all);
    expect(log).toEqual(['3 A firing 3', '4 A resolved 1.5']);
  });

  test('a burn rate needs both windows: the short one ends it', () => {
    const rules = rulesOf({
      kind: 'burnRate',
      bad: selector('bad'),
      total: selector('all'),
      objective: 0.5,
      windows: [{ long: '60m', short: '5m', factor: 1 }],
    });
    const recorded = new Recorded(rules).at(0, 0, bad).at(0, 0, all);
    recorded.at(60_000, 60, bad).at(60_000, 100, all);
    expect(recorded.log).toEqual(['60000 A firing 1.2']);
    for (let minute = 2; minute < 12; minute++) recorded.at(minute * 60_000, 100 * minute, all);
    expect(recorded.log).toHaveLength(2);
    expect(recorded.log[1]).toMatch(/ A resolved /);
  });
});

describe('the engine', () => {
  test('updateNow has called back when it returns', () => {
    const { engine, log } = new Recorded(rulesOf(above));
    const slot = engine.register({ name: 'x', attributes: {} }, 0);
    engine.updateNow(slot, 0, 2);
    expect(log).toEqual(['0 A firing 2']);
  });

  test('a series nobody looks at has no slot, and updating it does nothing', () => {
    const { engine } = new Recorded(rulesOf(above));
    expect(engine.register({ name: 'y', attributes: {} }, 0)).toBe(-1);
    engine.update(-1, 0, 5);
    engine.evaluate(0);
    expect(engine.evaluations).toBe(0);
  });

  test('limits drop and count', () => {
    const { engine } = new Recorded(rulesOf(above), { seriesLimit: 2, groupLimit: 1 });
    for (const k of ['a', 'b', 'c']) engine.register({ name: 'x', attributes: { k } }, 0);
    expect([engine.series, engine.groups, engine.groupsDropped]).toEqual([1, 1, 2]);
  });

  test('what fired in an earlier life goes on without firing again, and ends when its series does not come back', () => {
    const saved = (labels: Record<string, string>): { fingerprint: string; labels: Record<string, string> } => {
      const all = { alertname: 'A', severity: 'warning', ...labels };
      return { fingerprint: fingerprintOf(all), labels: all };
    };
    const recorded = new Recorded(rulesOf(above));
    const times = { rule: 'A', activeAtMs: 1, startsAtMs: 2 };
    recorded.engine.restore(
      [
        { ...times, ...saved({ k: 'a' }) },
        { ...times, ...saved({ k: 'b' }) },
      ],
      1000,
    );
    recorded
      .at(1000, 2, { attributes: { k: 'a' } })
      .pass(300_999)
      .pass(301_000)
      .at(301_001, 0, { attributes: { k: 'a' } });
    expect(recorded.log).toEqual(['301000 A resolved undefined', '301001 A resolved 0']);
    expect(recorded.alerts.map(({ startsAtMs }) => startsAtMs)).toEqual([2, 2]);
  });

  test('an absence that an earlier life told goes on until a point comes', () => {
    const labels = { alertname: 'A', severity: 'warning' };
    const recorded = new Recorded(rulesOf({ kind: 'absence', after: '5s' }));
    const saved = { fingerprint: fingerprintOf(labels), rule: 'A', labels };
    recorded.engine.restore([{ ...saved, activeAtMs: -60_000, startsAtMs: -60_000 }], 0);
    // What the store had of it when it began to be absent.
    recorded.engine.begin(recorded.engine.register({ name: 'x', attributes: {} }, -65_001), -65_001, 1);
    recorded.pass(0).pass(4000).at(4100, 1).pass(9200);
    expect(recorded.log).toEqual(['4100 A resolved 0', '9200 A firing 5.1']);
  });

  describe('when the clock is set back by an hour', () => {
    const hour = 3_600_000;

    test('what waits for a time still comes in time, with the clock’s times', () => {
      const recorded = new Recorded(rulesOf({ ...above, for: '10s' }))
        .pass(hour)
        .at(hour, 2)
        .pass(1000)
        .pass(10_500)
        .pass(11_001);
      expect(recorded.log).toEqual([`${hour} A pending 2`, '11001 A firing 2']);
      expect(recorded.alerts[1]).toMatchObject({ activeAtMs: 1000, startsAtMs: 11_001 });
      expect([...recorded.engine.alerts(11_001)]).toMatchObject([{ startsAtMs: 11_001 }]);
    });

    test('an absence is noticed, and windows go on counting', () => {
      const absent = new Recorded(rulesOf({ kind: 'absence', after: '5s' })).at(hour, 1).pass(0).pass(4000).pass(5100);
      expect(absent.log).toEqual([`5100 A firing 5.1`]);
      const rate = { kind: 'rate', instrument: 'counter', window: '10s', above: 5 };
      const { log } = new Recorded(rulesOf(rate)).at(hour, 0).at(1000, 1).at(2000, 200);
      expect(log).toEqual(['2000 A firing 20']);
    });

    test('what fires goes on firing with the next point', () => {
      const { log } = new Recorded(rulesOf(above)).at(hour, 2).at(0, 2).pass(299_000).at(299_500, 2).pass(500_000);
      expect(log).toEqual([`${hour} A firing 2`]);
    });
  });

  test('alerts of rules that are gone end at once', () => {
    const recorded = new Recorded(rulesOf(above));
    recorded.engine.restore([{ fingerprint: 'f', rule: 'gone', labels: {}, activeAtMs: 1, startsAtMs: 2 }], 5);
    expect(recorded.alerts).toMatchObject([{ rule: 'gone', state: 'resolved', endsAtMs: 5 }]);
  });

  test('forgetting the last series ends the alert and frees its place', () => {
    const { engine, log } = new Recorded(rulesOf(above));
    const slot = engine.register({ name: 'x', attributes: {} }, 0);
    engine.updateNow(slot, 0, 2);
    engine.forget(slot, 5);
    expect(log).toEqual(['0 A firing 2', '0 A resolved 2']);
    expect([engine.series, engine.groups]).toEqual([0, 0]);
  });

  test('agrees with a naive reading of the rule on any samples', () => {
    const sample = fc.record({
      gap: fc.integer({ min: 1, max: 15 }),
      value: fc.constantFrom(0, 0.5, 0.9, 1, 1.5, Number.NaN),
    });
    fc.assert(
      fc.property(fc.array(sample, { maxLength: 60 }), (samples) => {
        const rules = rulesOf({ ...above, clear: 0.5, for: '10ms', keepFiring: '20ms', lookback: '1h' });
        const recorded = new Recorded(rules);
        let [nowMs, value, since, ended, firing] = [0, Number.NaN, -1, -1, false];
        for (const { gap, value: next } of samples) {
          // Step by step, as one would by hand.
          for (let step = 0; step < gap; step++) {
            nowMs++;
            if (step === gap - 1) {
              value = next;
              recorded.at(nowMs, next);
            } else recorded.pass(nowMs);
            if (firing ? value > 0.5 : value > 1) {
              ended = -1;
              if (since < 0) since = nowMs;
              firing ||= nowMs - since >= 10;
            } else if (firing) {
              if (ended < 0) ended = nowMs;
              if (nowMs - ended >= 20) [firing, since, ended] = [false, -1, -1];
            } else since = -1;
            const [alert] = [...recorded.engine.alerts(nowMs)];
            expect(alert?.state).toBe(firing ? 'firing' : since >= 0 ? 'pending' : undefined);
          }
        }
      }),
    );
  });
});

describe('fingerprint', () => {
  test('is that of Alertmanager: FNV-1a of the sorted labels', () => {
    // The empty set has the offset basis.
    expect(fingerprintOf({})).toBe('cbf29ce484222325');
    expect(fingerprintOf({ b: '2', a: '1' })).toBe(fingerprintOf({ a: '1', b: '2' }));
    expect(fingerprintOf({ a: 'bc' })).not.toBe(fingerprintOf({ ab: 'c' }));
  });
});

test('an engine of another tier has none of its rules', () => {
  const rules = rulesOf({ ...above, tiers: ['prometheus'] });
  const engine = new RuleEngine(rules, { tier: 'process', onTransition: () => {}, startMs: 0 });
  expect(engine.register({ name: 'x', attributes: {} }, 0)).toBe(-1);
});
