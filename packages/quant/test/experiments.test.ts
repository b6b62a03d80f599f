import { describe, expect, test } from '@jest/globals';
import { mixtureRatio, PairedExperiment, type PairedExperimentOptions } from '@nanometer/quant';
import { sharedData } from '@nanometer/testing';
import * as fc from 'fast-check';
import { csvRows } from './vectors/market-data.ts';

const DAILY = sharedData('market/us-equity-daily-1998-2021.csv.gz');

/** Days of a simulated experiment: most false decisions fall early, and the machine has other work. */
const DAYS = 1500;

/** A generator of its own, so that the simulations are the same on every run. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** The first `DAYS` of a shuffled list. */
function shuffled(values: readonly number[], random: () => number): Float64Array {
  const mixed = Float64Array.from(values);
  for (let at = 0; at < DAYS; at++) {
    const other = at + Math.floor(random() * (mixed.length - at));
    const value = mixed[at]!;
    mixed[at] = mixed[other]!;
    mixed[other] = value;
  }
  return mixed.subarray(0, DAYS);
}

/** Daily log returns of a symbol less their mean: real tails, no drift. */
function centredReturns(file: string, symbol: string): readonly number[] {
  const closes = [...csvRows(file)].filter((row) => row[0] === symbol).map((row) => Number(row[8]));
  const returns = closes.slice(1).map((close, at) => Math.log(close / closes[at]!));
  const mean = returns.reduce((total, each) => total + each, 0) / returns.length;
  return returns.map((each) => each - mean);
}

/** Share of experiments between two equal arms that were ever decided, looked at after every batch. */
function falsePositives(file: string, options: PairedExperimentOptions, runs: number): number {
  const random = randomOf(20_240_808);
  const a = centredReturns(file, 'SPY');
  const b = centredReturns(file, 'BAC');
  let decided = 0;
  for (let run = 0; run < runs; run++) {
    const experiment = new PairedExperiment(options);
    const left = shuffled(a, random);
    const right = shuffled(b, random);
    for (let at = 0; at < left.length && experiment.state === 'undecided'; at++) experiment.add(left[at]!, right[at]!);
    if (experiment.state !== 'undecided') decided++;
  }
  return decided / runs;
}

// Without the data these skip.
const it = DAILY === undefined ? test.skip : test;

describe('an A/B test that is looked at after every interval', () => {
  it('decides between equal arms no more often than alpha, on shuffled real returns', () => {
    // 200 times each; three standard errors of a share of 0.05 are 0.046. A large effect of interest and a
    // short burn-in are the hard case: with the variance of 30 calm days alone the share would be 0.16.
    for (const options of [{ effect: 0.002, batch: 5, burnIn: 100 }, { effect: 0.002 }, { effect: 0.01 }]) {
      const rate = falsePositives(DAILY!, options, 200);
      expect([options, rate <= 0.05 + 3 * Math.sqrt((0.05 * 0.95) / 200)]).toEqual([options, true]);
    }
  });

  it('a fixed threshold that is looked at as often decides far more often', () => {
    // What the test is for: |t| > 1.96 after every day.
    const random = randomOf(1);
    const returns = centredReturns(DAILY!, 'SPY');
    let decided = 0;
    for (let run = 0; run < 60; run++) {
      let sum = 0;
      let squares = 0;
      const values = shuffled(returns, random);
      for (let n = 1; n <= values.length; n++) {
        sum += values[n - 1]!;
        squares += values[n - 1]! ** 2;
        if (n >= 30 && Math.abs(sum) > 1.96 * Math.sqrt(squares)) {
          decided++;
          break;
        }
      }
    }
    expect(decided / 60).toBeGreaterThan(0.3);
  });

  it('finds a real difference and says which arm is better', () => {
    const random = randomOf(2);
    const returns = centredReturns(DAILY!, 'SPY');
    const experiment = new PairedExperiment({ effect: 0.002, burnIn: 100 });
    const left = shuffled(returns, random);
    const right = shuffled(returns, random);
    for (let at = 0; at < left.length; at++) experiment.add(left[at]!, right[at]! + 0.004);
    expect(experiment.state).toBe('b_better');
    expect(experiment.interval![1]).toBeLessThan(0);
    expect(experiment.pValue).toBeLessThan(0.05);
  });

  test('is undecided during its burn-in, whatever it sees', () => {
    const experiment = new PairedExperiment({ effect: 1, burnIn: 10 });
    for (let at = 0; at < 10; at++) experiment.add(100 + (at % 2), 0);
    expect([experiment.state, experiment.count, experiment.effect, experiment.interval, experiment.pValue]).toEqual([
      'undecided',
      0,
      undefined,
      undefined,
      1,
    ]);
    experiment.add(100, 0);
    expect(experiment.state).toBe('a_better');
  });

  test('a batch is one observation: the mean of its differences', () => {
    const experiment = new PairedExperiment({ effect: 1, batch: 3, variance: 4 });
    for (const each of [1, 2, 6]) experiment.add(each, 0);
    expect([experiment.count, experiment.effect]).toEqual([1, 3]);
    expect(experiment.pValue).toBeCloseTo(1 / Math.max(1, mixtureRatio(1, 3, 4, 1)), 12);
  });

  test('the interval excludes 0 exactly when the likelihood ratio has passed 1/alpha', () => {
    const differences = fc.array(fc.integer({ min: -300, max: 400 }), { minLength: 1, maxLength: 80 });
    fc.assert(
      fc.property(differences, (list) => {
        const experiment = new PairedExperiment({ effect: 0.7, variance: 2, alpha: 0.05 });
        let sum = 0;
        list.forEach((each, at) => {
          sum += each / 100;
          experiment.add(each / 100, 0);
          const ratio = mixtureRatio(at + 1, sum / (at + 1), 2, 0.49);
          if (Math.abs(ratio - 20) < 1e-6) return;
          const [low, high] = experiment.interval!;
          expect(low > 0 || high < 0).toBe(ratio > 20);
        });
      }),
    );
  });

  test('a resumed experiment decides at the same interval', () => {
    const lists = fc.array(fc.integer({ min: -200, max: 300 }), { minLength: 2, maxLength: 120 });
    fc.assert(
      fc.property(lists, fc.nat(), (list, cut) => {
        const options = { effect: 0.5, burnIn: 5, batch: 2 };
        const lasting = new PairedExperiment(options);
        let resumed = new PairedExperiment(options);
        list.forEach((each, at) => {
          if (at === cut % list.length) {
            const { ...snapshot } = JSON.parse(JSON.stringify(resumed.snapshot()));
            resumed = new PairedExperiment(options);
            resumed.restore(snapshot);
          }
          lasting.add(each / 100, 0);
          resumed.add(each / 100, 0);
          expect(resumed.state).toBe(lasting.state);
        });
        expect(resumed.snapshot()).toEqual(lasting.snapshot());
      }),
    );
  });

  test('tells how alike neighbouring batches are once it has enough', () => {
    const experiment = new PairedExperiment({ effect: 1 });
    for (let at = 0; at < 29; at++) experiment.add(at, 0);
    expect(experiment.batchAutocorrelation).toBeUndefined();
    experiment.add(29, 0);
    expect(experiment.batchAutocorrelation).toBeGreaterThan(0.8);
  });

  test.each([Number.NaN, Infinity, -Infinity])('ignores %p', (hostile) => {
    const experiment = new PairedExperiment({ effect: 1, variance: 1 });
    expect([experiment.add(hostile, 0), experiment.add(0, hostile), experiment.count]).toEqual([false, false, 0]);
  });

  test('refuses a batch of no intervals', () => {
    expect(() => new PairedExperiment({ effect: 1, batch: 0 })).toThrow('batch is 0');
  });
});
