import { expect } from '@jest/globals';
import { type ObservableResult, ValueType } from '@opentelemetry/api';
import { AggregationType, DataPointType } from '@nanometer/metrics';
import { requirement, section, type Section, stockFails, stockLacks } from './requirement.ts';

export const INSTRUMENTS: readonly Section[] = [
  section('api', 'Instrument name syntax', [
    requirement('MUST', 'letters, digits and _ . - / up to 255 characters are a name', async (sdk) => {
      const { meter, reader } = sdk.setUp();
      const names = ['a', 'a'.repeat(255), 'A1', 'a-1', 'a.1', 'a_1', 'a/1'];
      for (const name of names) meter.createCounter(name).add(1);
      expect((await reader.metrics()).map(({ descriptor }) => descriptor.name)).toEqual(names);
      expect(sdk.warnings).toEqual([]);
    }),
  ]),
  section('sdk', 'Instrument name', [
    requirement('SHOULD', 'any other name is reported', (sdk) => {
      const { meter } = sdk.setUp();
      const names = ['', 'a'.repeat(256), '1a', '-a', '.a', '_a', 'a b', 'é', 'a,b'];
      for (const name of names) meter.createCounter(name);
      expect(sdk.warnings).toHaveLength(names.length);
    }),
    requirement(
      'MUST',
      'names that differ in case are one, under the name first seen',
      async (sdk) => {
        const { meter, reader } = sdk.setUp();
        for (const name of ['Requests', 'requests', 'REQUESTS']) meter.createCounter(name).add(1);
        const found = await reader.metrics();
        expect(found.map(({ descriptor, dataPoints }) => [descriptor.name, dataPoints[0]!.value])).toEqual([
          ['Requests', 3],
        ]);
      },
      stockFails('`Foo` and `foo` are two metrics', 'D8'),
    ),
  ]),
  section('api', 'Instrument unit', [
    requirement('MUST', 'is opaque, case-sensitive, of 63 characters at least, and empty when absent', async (sdk) => {
      const { meter, reader } = sdk.setUp();
      const units = ['kb', 'kB', '{°}', 'u'.repeat(63)];
      for (const unit of units) meter.createCounter('c', { unit }).add(1);
      meter.createCounter('c').add(1);
      expect((await reader.metrics()).map(({ descriptor }) => descriptor.unit)).toEqual([...units, '']);
    }),
  ]),
  section('api', 'Instrument description', [
    requirement(
      'MUST',
      'holds the basic multilingual plane and 1,023 characters, and is empty when absent',
      async (sdk) => {
        const { meter, reader } = sdk.setUp();
        const description = '日本é'.repeat(341);
        meter.createCounter('a', { description }).add(1);
        meter.createCounter('b').add(1);
        expect((await reader.metrics()).map(({ descriptor }) => descriptor.description)).toEqual([description, '']);
      },
    ),
  ]),
  section('sdk', 'Duplicate instrument registration', [
    requirement('MUST', 'identical instruments are aggregated together, without a warning', async (sdk) => {
      const { meter, reader } = sdk.setUp();
      const options = { unit: 's', description: 'd', valueType: ValueType.INT };
      for (let i = 0; i < 3; i++) meter.createCounter('c', options).add(1);
      expect(await reader.values('c')).toEqual([[{}, 3]]);
      expect(sdk.warnings).toEqual([]);
    }),
    requirement('MUST', 'a conflicting instrument works and is exported beside the first', async (sdk) => {
      const { meter, reader } = sdk.setUp();
      meter.createCounter('x', { unit: 's' }).add(1);
      meter.createCounter('x', { unit: 'ms' }).add(2);
      meter.createHistogram('x', { unit: 's' }).record(3);
      const shapes = (await reader.metrics()).map(({ descriptor, dataPointType }) => [descriptor.unit, dataPointType]);
      expect(shapes).toEqual([
        ['s', DataPointType.SUM],
        ['ms', DataPointType.SUM],
        ['s', DataPointType.HISTOGRAM],
      ]);
    }),
    requirement('SHOULD', 'a conflict of unit, kind or description is warned about', (sdk) => {
      const { meter } = sdk.setUp();
      meter.createCounter('x', { unit: 's', description: 'a' });
      for (const again of [
        () => meter.createCounter('x', { unit: 'ms', description: 'a' }),
        () => meter.createGauge('x', { unit: 's', description: 'a' }),
        () => meter.createCounter('x', { unit: 's', description: 'b' }),
      ]) {
        const before = sdk.warnings.length;
        again();
        expect(sdk.warnings.length).toBeGreaterThan(before);
      }
    }),
    requirement('SHOULD', 'of several descriptions the longest is exported', async (sdk) => {
      const { meter, reader } = sdk.setUp();
      meter.createCounter('c', { description: 'short' }).add(1);
      meter.createCounter('c', { description: 'much longer' });
      meter.createCounter('c', { description: 'mid' });
      expect((await reader.metrics())[0]!.descriptor.description).toBe('much longer');
    }),
  ]),
  section('sdk', 'Instrument advisory parameters', [
    requirement(
      'MUST',
      'ExplicitBucketBoundaries serve the default aggregation; a view takes precedence',
      async (sdk) => {
        const aggregation = { type: AggregationType.EXPLICIT_BUCKET_HISTOGRAM } as const;
        const { meter, reader } = sdk.setUp({ views: [{ instrumentName: 'viewed', aggregation }] });
        const advice = { explicitBucketBoundaries: [1, 2, 3] };
        meter.createHistogram('advised', { advice }).record(2);
        meter.createHistogram('viewed', { advice }).record(2);
        meter.createHistogram('one', { advice: { explicitBucketBoundaries: [] } }).record(2);
        const buckets = async (name: string): Promise<any> => (await reader.points(name))[0]!.value.buckets;
        expect(await buckets('advised')).toEqual({ boundaries: [1, 2, 3], counts: [0, 1, 0, 0] });
        expect((await buckets('viewed')).boundaries).toHaveLength(15);
        expect(await buckets('one')).toEqual({ boundaries: [], counts: [1] });
      },
    ),
    requirement(
      'SHOULD',
      'invalid ones are reported, and the instrument works as if there were none',
      async (sdk) => {
        const { meter, reader } = sdk.setUp();
        const advice = { explicitBucketBoundaries: [1, Number.NaN] };
        meter.createHistogram('h', { advice }).record(2);
        expect(sdk.warnings).toHaveLength(1);
        expect((await reader.points('h'))[0]!.value.buckets.boundaries).toHaveLength(15);
      },
      stockFails('takes NaN for a boundary'),
    ),
  ]),
  section('sdk', 'Instrument enabled', [
    requirement(
      'MUST',
      'is false where every stream drops, and true otherwise',
      (sdk) => {
        const { meter } = sdk.setUp({
          views: [{ instrumentName: 'dropped', aggregation: { type: AggregationType.DROP } }],
        });
        expect(meter.createCounter('kept').enabled()).toBe(true);
        expect(meter.createGauge('dropped').enabled()).toBe(false);
        expect(meter.createHistogram('dropped').enabled()).toBe(false);
      },
      stockLacks('enabled'),
    ),
  ]),
  section('sdk', 'Default aggregation', [
    requirement('MUST', 'follows the kind of the instrument', async (sdk) => {
      const { meter, reader } = sdk.setUp();
      meter.createCounter('counter').add(1);
      meter.createUpDownCounter('updown').add(-1);
      meter.createGauge('gauge').record(1);
      meter.createHistogram('histogram').record(1);
      const observe = (result: ObservableResult): void => result.observe(1);
      meter.createObservableCounter('ocounter').addCallback(observe);
      meter.createObservableUpDownCounter('oupdown').addCallback(observe);
      meter.createObservableGauge('ogauge').addCallback(observe);
      const shapes = (await reader.metrics()).map((metric) => [
        metric.descriptor.name,
        metric.dataPointType,
        'isMonotonic' in metric ? metric.isMonotonic : undefined,
      ]);
      expect(shapes).toEqual([
        ['counter', DataPointType.SUM, true],
        ['updown', DataPointType.SUM, false],
        ['gauge', DataPointType.GAUGE, undefined],
        ['histogram', DataPointType.HISTOGRAM, undefined],
        ['ocounter', DataPointType.SUM, true],
        ['oupdown', DataPointType.SUM, false],
        ['ogauge', DataPointType.GAUGE, undefined],
      ]);
    }),
  ]),
];
