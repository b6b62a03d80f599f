import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import {
  type DropReason,
  MlInstrumentation,
  type MlInstrumentationOptions,
  MlOptionError,
  type OutcomeEvent,
  type PredictionEvent,
  VERSION,
} from '@nanometer/ml';
import {
  ATTR_ML_DROP_REASON,
  ATTR_ML_MODEL_NAME,
  ATTR_ML_PREDICTION_OUTCOME,
  METRIC_ML_EVENT_DROPPED,
  METRIC_ML_INFERENCE_DURATION,
  METRIC_ML_PREDICTION_COUNT,
  METRIC_ML_PREDICTION_ERROR,
  METRIC_ML_PREDICTION_EXPIRED,
  METRIC_ML_PREDICTION_PENDING,
  METRIC_ML_PREDICTION_RESOLVED,
  METRIC_ML_PREDICTION_VALUE,
  METRICS,
} from '@nanometer/semconv';
import { metrics } from '@opentelemetry/api';
import * as fc from 'fast-check';
import { SDKS, Recording } from '@nanometer/testing';

const MODEL = { [ATTR_ML_MODEL_NAME]: 'logit' };
const resolvedAs = (outcome: string) => ({ ...MODEL, [ATTR_ML_PREDICTION_OUTCOME]: outcome });
const givenUpAs = (reason: string) => ({ ...MODEL, [ATTR_ML_DROP_REASON]: reason });

function prediction(changes: Partial<PredictionEvent> = {}): PredictionEvent {
  return { model: 'logit', value: 0.5, timeMs: 1_000, ...changes };
}

function setUp(options: MlInstrumentationOptions = {}, Provider = SDKS[0]![1]) {
  const { meterProvider, collect } = new Recording(Provider);
  const ml = new MlInstrumentation({ meterProvider, ...options });
  const droppedBy = async (reason: DropReason): Promise<unknown> =>
    (await collect()).valueOf(METRIC_ML_EVENT_DROPPED, { [ATTR_ML_DROP_REASON]: reason });
  return { ml, collect, droppedBy };
}

describe.each(SDKS)('with %s', (_, Provider) => {
  test('records every metric of the group, each series with the attributes its definition declares', async () => {
    const { ml, collect } = setUp({ pendingTtlMs: 100, maxPending: 2 }, Provider);
    ml.onInference({ model: 'logit', durationSeconds: 0.25 });
    for (const predictionId of ['a', 'b', 'c']) ml.onPrediction(prediction({ predictionId, value: -2 }));
    ml.onOutcome({ predictionId: 'b', correct: true, error: -0.5, timeMs: 1_050 });
    ml.onPrediction(prediction({ predictionId: 'd', timeMs: 1_200 }));
    ml.onPrediction(prediction());
    ml.onOutcome({ model: 'logit', correct: false, timeMs: 1_200 });
    ml.onOutcome({ model: 'logit', error: 2, timeMs: 1_200 });
    ml.onOutcome({ predictionId: 'b', correct: true, timeMs: 1_200 });

    const found = await collect();
    expect(found.valueOf(METRIC_ML_INFERENCE_DURATION, MODEL)).toEqual({ count: 1, sum: 0.25, min: 0.25, max: 0.25 });
    expect(found.valueOf(METRIC_ML_PREDICTION_COUNT, MODEL)).toBe(5);
    expect(found.valueOf(METRIC_ML_PREDICTION_VALUE, MODEL)).toBe(0.5);
    expect(found.valueOf(METRIC_ML_PREDICTION_RESOLVED, resolvedAs('correct'))).toBe(1);
    expect(found.valueOf(METRIC_ML_PREDICTION_RESOLVED, resolvedAs('incorrect'))).toBe(1);
    expect(found.valueOf(METRIC_ML_PREDICTION_RESOLVED, resolvedAs('scored'))).toBe(1);
    expect(found.valueOf(METRIC_ML_PREDICTION_ERROR, MODEL)).toEqual({ count: 2, sum: 2.5, min: 0.5, max: 2 });
    expect(found.valueOf(METRIC_ML_PREDICTION_EXPIRED, givenUpAs('evicted'))).toBe(1);
    expect(found.valueOf(METRIC_ML_PREDICTION_EXPIRED, givenUpAs('expired'))).toBe(1);
    expect(found.valueOf(METRIC_ML_PREDICTION_PENDING, MODEL)).toBe(1);
    expect(found.valueOf(METRIC_ML_EVENT_DROPPED, { [ATTR_ML_DROP_REASON]: 'unknown_prediction' })).toBe(1);
    const declared = METRICS.filter(({ name }) => name.startsWith('ml.'));
    expect([...found.names].sort()).toEqual(declared.map(({ name }) => name).sort());
    for (const metric of declared) {
      for (const attributes of found.seriesOf(metric)) {
        expect(Object.keys(attributes).sort()).toEqual([...metric.attributes].sort());
      }
    }
  });
});

describe('pending predictions', () => {
  test('wait for their horizon and then for the time to live, to the millisecond', async () => {
    const { ml, collect } = setUp({ pendingTtlMs: 100 });
    ml.onPrediction(prediction({ predictionId: 1, horizonMs: 1_000, timeMs: 0 }));
    ml.onPrediction(prediction({ predictionId: 2, timeMs: 1_000 }));
    ml.expire(1_100);
    expect(ml.pending).toBe(2);
    ml.expire(1_101);
    expect(ml.pending).toBe(0);
    expect((await collect()).valueOf(METRIC_ML_PREDICTION_EXPIRED, givenUpAs('expired'))).toBe(2);
  });

  test('an outcome that comes after the deadline is unknown, and the prediction expired', async () => {
    const { ml, collect, droppedBy } = setUp({ pendingTtlMs: 100 });
    ml.onPrediction(prediction({ predictionId: 'x', timeMs: 0 }));
    ml.onOutcome({ predictionId: 'x', correct: true, timeMs: 101 });
    expect(await droppedBy('unknown_prediction')).toBe(1);
    expect((await collect()).valueOf(METRIC_ML_PREDICTION_EXPIRED, givenUpAs('expired'))).toBe(1);
    expect((await collect()).valueOf(METRIC_ML_PREDICTION_RESOLVED, resolvedAs('correct')) ?? 0).toBe(0);
  });

  test('belong to the model that made them, whatever the outcome says', async () => {
    const { ml, collect } = setUp();
    ml.onPrediction(prediction({ predictionId: 'x' }));
    ml.onOutcome({ predictionId: 'x', model: 'other', correct: true, timeMs: 1_000 });
    expect((await collect()).valueOf(METRIC_ML_PREDICTION_RESOLVED, resolvedAs('correct'))).toBe(1);
  });

  test('may use an id again once it is resolved, and not before', async () => {
    const { ml, collect, droppedBy } = setUp();
    ml.onPrediction(prediction({ predictionId: 'x' }));
    ml.onPrediction(prediction({ predictionId: 'x' }));
    ml.onOutcome({ predictionId: 'x', correct: true, timeMs: 1_000 });
    ml.onPrediction(prediction({ predictionId: 'x' }));
    expect(await droppedBy('duplicate_prediction')).toBe(1);
    expect((await collect()).valueOf(METRIC_ML_PREDICTION_COUNT, MODEL)).toBe(2);
  });

  test('made = resolved + given up + pending, in any order of events', () => {
    const event = fc.record({
      predicts: fc.boolean(),
      predictionId: fc.nat(20),
      timeMs: fc.integer({ min: 0, max: 500 }),
      horizonMs: fc.integer({ min: 0, max: 100 }),
      correct: fc.boolean(),
    });
    return fc.assert(
      fc.asyncProperty(fc.array(event, { maxLength: 200 }), async (events) => {
        const { ml, collect } = setUp({ maxPending: 8, pendingTtlMs: 50 });
        for (const { predicts, correct, ...rest } of events) {
          if (predicts) ml.onPrediction({ model: 'logit', value: 1, ...rest });
          else ml.onOutcome({ correct, ...rest });
          expect(ml.pending).toBeLessThanOrEqual(8);
        }
        const found = await collect();
        const value = (...of: Parameters<typeof found.valueOf>): number => (found.valueOf(...of) ?? 0) as number;
        const resolved =
          value(METRIC_ML_PREDICTION_RESOLVED, resolvedAs('correct')) +
          value(METRIC_ML_PREDICTION_RESOLVED, resolvedAs('incorrect'));
        const givenUp =
          value(METRIC_ML_PREDICTION_EXPIRED, givenUpAs('expired')) +
          value(METRIC_ML_PREDICTION_EXPIRED, givenUpAs('evicted'));
        expect(value(METRIC_ML_PREDICTION_PENDING, MODEL)).toBe(ml.pending);
        expect(value(METRIC_ML_PREDICTION_COUNT, MODEL)).toBe(resolved + givenUp + ml.pending);
      }),
      { numRuns: 100 },
    );
  });
});

describe('what is invalid', () => {
  test.each<[string, DropReason, Partial<Record<keyof PredictionEvent, unknown>>]>([
    ['a NaN value', 'invalid_value', { value: Number.NaN }],
    ['an infinite value', 'invalid_value', { value: -Infinity }],
    ['a NaN time of a pending prediction', 'invalid_time', { predictionId: 1, timeMs: Number.NaN }],
    ['an infinite time of a pending prediction', 'invalid_time', { predictionId: 1, timeMs: Infinity }],
    ['a negative horizon', 'invalid_time', { predictionId: 1, horizonMs: -1 }],
    ['a NaN id', 'invalid_name', { predictionId: Number.NaN }],
    ['an id that is an object', 'invalid_name', { predictionId: {} }],
  ])('%s is counted as %s and the prediction still counts', async (_, reason, changes) => {
    const { ml, collect, droppedBy } = setUp();
    ml.onPrediction(prediction(changes as Partial<PredictionEvent>));
    expect(await droppedBy(reason)).toBe(1);
    expect(ml.dropped).toBe(1);
    expect(ml.pending).toBe(0);
    expect((await collect()).valueOf(METRIC_ML_PREDICTION_COUNT, MODEL)).toBe(1);
  });

  test.each<[string, DropReason, (ml: MlInstrumentation) => void]>([
    ['a negative duration', 'invalid_duration', (ml) => ml.onInference({ model: 'm', durationSeconds: -5e-324 })],
    ['an endless duration', 'invalid_duration', (ml) => ml.onInference({ model: 'm', durationSeconds: Infinity })],
    ['an unnamed model', 'invalid_name', (ml) => ml.onInference({ model: '', durationSeconds: 1 })],
    ['an outcome of nothing', 'invalid_name', (ml) => ml.onOutcome({ correct: true, timeMs: 1 })],
    ['an outcome that says nothing', 'invalid_outcome', (ml) => ml.onOutcome({ model: 'm', timeMs: 1 })],
    [
      'an outcome that is a number',
      'invalid_outcome',
      (ml) => ml.onOutcome({ model: 'm', correct: 1 as never, timeMs: 1 }),
    ],
    ['an unknown id', 'unknown_prediction', (ml) => ml.onOutcome({ predictionId: 'x', correct: true, timeMs: 1 })],
  ])('%s is counted as %s', async (_, reason, act) => {
    const { ml, droppedBy } = setUp();
    act(ml);
    expect(await droppedBy(reason)).toBe(1);
    expect(ml.dropped).toBe(1);
  });

  test('an outcome that says nothing leaves its prediction pending', () => {
    const { ml } = setUp();
    ml.onPrediction(prediction({ predictionId: 'x' }));
    ml.onOutcome({ predictionId: 'x', timeMs: 1_000 });
    ml.onOutcome({ predictionId: 'x', error: Number.NaN, timeMs: 1_000 });
    expect(ml.pending).toBe(1);
  });

  test('an infinite time expires nothing', () => {
    const { ml } = setUp();
    ml.onPrediction(prediction({ predictionId: 'x' }));
    ml.expire(Infinity);
    ml.onOutcome({ model: 'logit', correct: true, timeMs: Infinity });
    expect(ml.pending).toBe(1);
  });

  test('keeps the smallest and the largest double', async () => {
    const { ml, collect } = setUp();
    for (const value of [5e-324, -0, 2 ** 53 + 2, -Number.MAX_VALUE]) {
      ml.onPrediction(prediction({ value }));
      expect((await collect()).valueOf(METRIC_ML_PREDICTION_VALUE, MODEL)).toBe(value);
    }
  });

  test('no method throws, whatever it is given', () => {
    const keys = ['model', 'durationSeconds', 'predictionId', 'value', 'horizonMs', 'timeMs', 'correct', 'error'];
    const field = fc.oneof(fc.anything({ withBigInt: true }), fc.constantFrom('m', 1, Number.NaN, true, -1));
    const junk = fc.oneof(
      fc.anything({ withBigInt: true, withNullPrototype: true }),
      fc.record(Object.fromEntries(keys.map((key) => [key, field])), { requiredKeys: [] }),
    );
    const { ml } = setUp({ maxPending: 4 });
    fc.assert(
      fc.property(fc.constantFrom('onInference', 'onPrediction', 'onOutcome', 'expire'), junk, (method, event) => {
        const call = ml[method as 'onOutcome'];
        expect(() => call.call(ml, event as OutcomeEvent)).not.toThrow();
      }),
      { numRuns: 1000 },
    );
  });
});

describe('limits', () => {
  test('models beyond the limit are counted, those within go on', async () => {
    const { ml, droppedBy } = setUp({ maxModels: 2 });
    for (const model of ['a', 'b', 'c', 'a', 'c']) ml.onInference({ model, durationSeconds: 1 });
    expect(await droppedBy('too_many_models')).toBe(2);
  });

  test.each<[string, MlInstrumentationOptions]>([
    ['maxModels is 0', { maxModels: 0 }],
    ['maxPending is 1.5', { maxPending: 1.5 }],
    ['pendingTtlMs is NaN', { pendingTtlMs: Number.NaN }],
    ['pendingTtlMs is -1', { pendingTtlMs: -1 }],
  ])('an option out of range is an error that says so: %s', (words, options) => {
    expect(() => setUp(options)).toThrow(MlOptionError);
    expect(() => setUp(options)).toThrow(words);
  });
});

describe('the package', () => {
  test('uses the global provider by default, and a meter before a provider', async () => {
    const { meterProvider, collect } = new Recording();
    metrics.setGlobalMeterProvider(meterProvider);
    try {
      new MlInstrumentation().onInference({ model: 'logit', durationSeconds: 1 });
      const meter = meterProvider.getMeter('mine');
      const other = new MlInstrumentation({ meter, meterProvider: new Recording().meterProvider });
      other.onInference({ model: 'logit', durationSeconds: 1 });
      expect((await collect()).names).toEqual([METRIC_ML_INFERENCE_DURATION.name, METRIC_ML_INFERENCE_DURATION.name]);
    } finally {
      metrics.disable();
    }
  });

  test('exports these names', async () => {
    expect(Object.keys(await import('@nanometer/ml')).sort()).toEqual([
      'MlInstrumentation',
      'MlOptionError',
      'VERSION',
    ]);
  });

  test('states the version of its package.json', () => {
    const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
      version: string;
    };
    expect(VERSION).toBe(manifest.version);
  });
});
