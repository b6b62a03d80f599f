import { describe, expect, test } from '@jest/globals';
import {
  BayesianChangePoint,
  EfficiencyRatio,
  fitHiddenMarkov,
  HamiltonFilter,
  normalQuantile,
  PageHinkley,
  RegimeTracker,
  RULE_REGIMES,
  RuleGrid,
} from '@nanometer/quant';
import * as fc from 'fast-check';

/** Values of a normal law in a fixed order that looks random: the golden ratio spreads them evenly. */
function normals(count: number, mean: number, deviation: number, from = 1): readonly number[] {
  const golden = (Math.sqrt(5) - 1) / 2;
  return Array.from({ length: count }, (_, at) => mean + deviation * normalQuantile(((at + from) * golden) % 1));
}

describe('the regime in force', () => {
  test('changes only after enough observations in a row, and not before its minimum', () => {
    const tracker = new RegimeTracker({ confirmations: 2, minimumDwell: 4 });
    const observed = [0, 1, 1, 1, 0, 1, 1, 2, 1, 2, 2, undefined, 2];
    const inForce = observed.map((regime) => {
      tracker.observe(regime);
      return tracker.current;
    });
    expect(inForce).toEqual([0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2]);
    expect([tracker.transitions, tracker.dwell]).toEqual([2, 2]);
  });

  test('never changes twice within the minimum, whatever is observed', () => {
    fc.assert(
      fc.property(
        fc.array(fc.option(fc.nat(3), { nil: undefined })),
        fc.integer({ min: 1, max: 6 }),
        (list, minimumDwell) => {
          const tracker = new RegimeTracker({ confirmations: 1, minimumDwell });
          let lastChange = -Infinity;
          list.forEach((regime, at) => {
            const before = tracker.current;
            const changed = tracker.observe(regime);
            expect(changed).toBe(tracker.current !== before);
            if (!changed) return;
            expect(at - lastChange).toBeGreaterThanOrEqual(minimumDwell);
            lastChange = at;
          });
        },
      ),
    );
  });

  test('is the same after a resume', () => {
    const one = new RegimeTracker({ confirmations: 3, minimumDwell: 2 });
    for (const regime of [0, 1, 1]) one.observe(regime);
    const two = new RegimeTracker({ confirmations: 3, minimumDwell: 2 });
    two.restore(JSON.parse(JSON.stringify(one.snapshot())));
    expect([one.observe(1), two.observe(1)]).toEqual([true, true]);
    expect(() => two.restore([0, 0, 0, 0, 0.5])).toThrow('whole numbers');
  });

  test('refuses options that are none', () => {
    expect(() => new RegimeTracker({ confirmations: 0 })).toThrow('confirmations is 0');
  });
});

describe('the rule grid', () => {
  test('tells calm from wild and up from down', () => {
    const grid = new RuleGrid({ window: 300, minimumCount: 30, trendLength: 10 });
    const said: (string | undefined)[] = [];
    const feed = (values: readonly number[]): void => {
      for (const each of values) said.push(RULE_REGIMES[grid.add(each) ?? -1]);
    };
    feed(normals(100, 0, 0.01));
    expect(said.slice(0, 30)).toEqual(Array.from({ length: 30 }));
    feed(normals(40, 0.05, 0.01));
    expect(said.at(-1)).toBe('high_up');
    feed(normals(60, -0.003, 0.001));
    expect(said.at(-1)).toBe('low_down');
  });

  test('says what a recomputation from all returns says', () => {
    const returns = fc.array(fc.integer({ min: -100, max: 100 }), { minLength: 1, maxLength: 80 });
    fc.assert(
      fc.property(returns, (list) => {
        const grid = new RuleGrid({ lambda: 0.9, window: 20, minimumCount: 5, trendLength: 4, trendThreshold: 0.4 });
        const volatilities: number[] = [];
        let variance: number | undefined;
        list.forEach((each, at) => {
          variance = variance === undefined ? each * each : 0.9 * variance + (1 - 0.9) * each * each;
          const sorted = volatilities.slice(-20).sort((a, b) => a - b);
          const quantile = (p: number): number => {
            const place = (sorted.length - 1) * p;
            const low = Math.floor(place);
            return sorted[low]! + (place - low) * ((sorted[low + 1] ?? sorted[low]!) - sorted[low]!);
          };
          const changes = list.slice(Math.max(0, at - 3), at + 1);
          const path = changes.reduce((sum, change) => sum + Math.abs(change), 0);
          const efficiency = path === 0 ? 0 : changes.reduce((sum, change) => sum + change, 0) / path;
          const volatility = Math.sqrt(variance);
          let expected: number | undefined;
          if (sorted.length >= 5 && changes.length === 4) {
            const tercile = volatility <= quantile(1 / 3) ? 0 : volatility <= quantile(2 / 3) ? 1 : 2;
            expected = tercile * 3 + (efficiency >= 0.4 ? 2 : efficiency <= -0.4 ? 0 : 1);
          }
          volatilities.push(volatility);
          expect(grid.add(each)).toBe(expected);
        });
      }),
    );
  });

  test('is the same after a resume', () => {
    const options = { window: 50, minimumCount: 10, trendLength: 5 };
    const one = new RuleGrid(options);
    for (const each of normals(70, 0, 1)) one.add(each);
    const two = new RuleGrid(options);
    two.restore(JSON.parse(JSON.stringify(one.snapshot())));
    for (const each of normals(30, 0.3, 2)) expect(two.add(each)).toBe(one.add(each));
    expect(two.snapshot()).toEqual(one.snapshot());
  });

  test('ignores what is no number and refuses options that are none', () => {
    const grid = new RuleGrid();
    expect([grid.add(Number.NaN), grid.add(Infinity), grid.volatility]).toEqual(Array.from({ length: 3 }));
    expect(() => new RuleGrid({ trendThreshold: 1 })).toThrow('trendThreshold is 1');
    expect(() => new RuleGrid({ minimumCount: 2 })).toThrow('minimumCount is 2');
  });
});

test('the efficiency ratio is 1 straight up, -1 straight down, 0 there and back', () => {
  const ratio = (changes: readonly number[]): number | undefined => {
    const efficiency = new EfficiencyRatio(changes.length);
    return changes.map((each) => efficiency.add(each)).at(-1);
  };
  expect([ratio([1, 2, 3]), ratio([-1, -2]), ratio([1, -1]), ratio([0, 0])]).toEqual([1, -1, 0, 0]);
  expect(new EfficiencyRatio(2).add(1)).toBeUndefined();
});

describe('the Bayesian change point', () => {
  const detector = (): BayesianChangePoint =>
    new BayesianChangePoint({ meanRun: 100, priorVariance: 1, runLimit: 300 });

  test('probabilities of the run lengths are those of a plain recursion', () => {
    const values = [0.3, -0.2, 0.1, 4, 4.2, 3.9];
    const changePoint = new BayesianChangePoint({ meanRun: 50, priorVariance: 1, runLimit: 50, recent: 1 });
    // Student's predictive density for every stretch, from scratch each time.
    const logGammaHalf = (twice: number): number => {
      let value = twice % 2 === 0 ? 0 : 0.5 * Math.log(Math.PI);
      for (let at = twice % 2 === 0 ? 2 : 1; at < twice; at += 2) value += Math.log(at / 2);
      return value;
    };
    const density = (stretch: readonly number[], value: number): number => {
      let [mean, kappa, alpha, beta] = [0, 1, 1, 1];
      for (const each of stretch) {
        beta += (kappa * (each - mean) ** 2) / (2 * (kappa + 1));
        mean = (kappa * mean + each) / (kappa + 1);
        kappa++;
        alpha += 0.5;
      }
      const nu = 2 * alpha;
      const spread = (beta * (kappa + 1)) / (alpha * kappa);
      const log = logGammaHalf(nu + 1) - logGammaHalf(nu) - 0.5 * Math.log(nu * Math.PI * spread);
      return Math.exp(log - ((nu + 1) / 2) * Math.log1p((value - mean) ** 2 / (nu * spread)));
    };
    let runs = new Map([[0, 1]]);
    values.forEach((value, at) => {
      changePoint.add(value);
      const next = new Map<number, number>();
      for (const [run, p] of runs) {
        const joint = p * density(values.slice(at - run, at), value);
        next.set(run + 1, joint * (1 - 1 / 50));
        next.set(0, (next.get(0) ?? 0) + joint / 50);
      }
      const total = [...next.values()].reduce((sum, p) => sum + p, 0);
      runs = new Map([...next].map(([run, p]) => [run, p / total]));
      if (at >= 2) expect(changePoint.changeProbability).toBeCloseTo((runs.get(0) ?? 0) + (runs.get(1) ?? 0), 10);
    });
  });

  test('raises one alarm when the mean moves, and none while it stays', () => {
    const changePoint = detector();
    for (const each of normals(200, 0, 1)) changePoint.add(each);
    expect(changePoint.alarms).toBe(0);
    const at = normals(40, 6, 1).findIndex((each) => changePoint.add(each));
    expect(at).toBeGreaterThanOrEqual(0);
    expect(at).toBeLessThan(5);
    expect(changePoint.alarms).toBe(1);
    expect(changePoint.likeliestRun).toBeLessThanOrEqual(41);
  });

  test('raises an alarm when the variance grows', () => {
    const changePoint = detector();
    for (const each of normals(200, 0, 0.2)) changePoint.add(each);
    for (const each of normals(40, 0, 3)) changePoint.add(each);
    expect(changePoint.alarms).toBeGreaterThan(0);
  });

  test('probabilities add up to 1 however long the stretch', () => {
    const changePoint = new BayesianChangePoint({ priorVariance: 1, runLimit: 20, meanRun: 50 });
    for (const each of normals(500, 0, 1)) {
      changePoint.add(each);
      const total = changePoint
        .snapshot()
        .slice(3, 24)
        .reduce((sum, p) => sum + p, 0);
      expect(total).toBeCloseTo(1, 9);
    }
    expect(changePoint.likeliestRun).toBe(20);
  });

  test.each([Number.NaN, Infinity, -Infinity])('ignores %p', (hostile) => {
    const changePoint = detector();
    expect([changePoint.add(hostile), changePoint.count]).toEqual([false, 0]);
  });

  test.each([1e300, -1e300, 5e-324, 2 ** 53 + 2])('survives %p', (hostile) => {
    const changePoint = detector();
    for (let at = 0; at < 30; at++) changePoint.add(at === 20 ? hostile : 0.1);
    expect(changePoint.changeProbability).toBeGreaterThanOrEqual(0);
    expect(changePoint.changeProbability).toBeLessThanOrEqual(1);
  });

  test('goes on after a resume as if it had never stopped', () => {
    const one = detector();
    for (const each of normals(50, 0, 1)) one.add(each);
    const two = detector();
    two.restore(JSON.parse(JSON.stringify(one.snapshot())));
    for (const each of normals(20, 5, 1)) expect(two.add(each)).toBe(one.add(each));
    expect(two.snapshot()).toEqual(one.snapshot());
  });

  test.each([
    [{ priorVariance: 0 }, 'variance 0'],
    [{ priorVariance: 1, meanRun: 1 }, 'meanRun is 1'],
    [{ priorVariance: 1, runLimit: 9 }, 'runLimit is 9'],
    [{ priorVariance: 1, threshold: 1 }, 'threshold is 1'],
  ])('refuses %p', (options, message) => {
    expect(() => new BayesianChangePoint(options)).toThrow(message);
  });
});

describe('a fitted hidden Markov model', () => {
  const calmThenWild = [0, 1, 2, 3].flatMap((block) =>
    normals(150, block % 2 === 0 ? 0.001 : -0.002, block % 2 === 0 ? 0.005 : 0.03, 1 + block * 150),
  );

  test('finds the regimes that made the returns', () => {
    const { regimes, transitions } = fitHiddenMarkov(calmThenWild, 2);
    expect(Math.sqrt(regimes[0]!.variance)).toBeCloseTo(0.005, 3);
    expect(Math.sqrt(regimes[1]!.variance)).toBeCloseTo(0.03, 2);
    expect(transitions[0]![0]).toBeGreaterThan(0.97);
    for (const row of transitions) expect(row.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 12);
  });

  test('its likelihood never falls from step to step', () => {
    const lists = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 40, maxLength: 80 });
    fc.assert(
      fc.property(lists, (list) => {
        fc.pre(new Set(list).size > 10);
        const { path } = fitHiddenMarkov(list, 2, { maxSteps: 20 });
        for (let at = 1; at < path.length; at++) expect(path[at]! - path[at - 1]!).toBeGreaterThan(-1e-6);
      }),
      { numRuns: 30 },
    );
  });

  test('is a filter as it stands', () => {
    const { regimes, transitions } = fitHiddenMarkov(calmThenWild, 2);
    const filter = new HamiltonFilter(regimes, transitions);
    for (const each of calmThenWild.slice(0, 150)) filter.add(each);
    expect(filter.probabilities[0]).toBeGreaterThan(0.9);
    const resumed = new HamiltonFilter(regimes, transitions);
    resumed.restore(JSON.parse(JSON.stringify(filter.snapshot())));
    for (const each of calmThenWild.slice(150, 200)) {
      filter.add(each);
      resumed.add(each);
    }
    expect(resumed.snapshot()).toEqual(filter.snapshot());
    expect(filter.probabilities[1]).toBeGreaterThan(0.9);
  });

  test.each([
    [[1, 2, 3], 2, 'need at least 40'],
    [Array.from({ length: 50 }, () => 1), 2, 'do not vary'],
    [[Number.NaN], 2, 'need at least'],
    [[1], 1, '1 regimes'],
  ])('refuses what cannot be fitted', (returns, count, message) => {
    expect(() => fitHiddenMarkov(returns, count)).toThrow(message);
  });
});

test('a resumed Page-Hinkley test alarms where the other does', () => {
  const one = new PageHinkley(0.1, 5);
  for (const each of normals(50, 0, 1)) one.add(each);
  const two = new PageHinkley(0.1, 5);
  two.restore(JSON.parse(JSON.stringify(one.snapshot())));
  for (const each of normals(50, 2, 1)) expect(two.add(each)).toBe(one.add(each));
  expect(one.alarms).toBeGreaterThan(0);
});
