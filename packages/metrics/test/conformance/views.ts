import { expect } from '@jest/globals';
import {
  AggregationType,
  createAllowListAttributesProcessor,
  createDenyListAttributesProcessor,
  DataPointType,
  InstrumentType,
} from '@nanometer/metrics';
import type { ViewOptions } from '@opentelemetry/sdk-metrics';
import type { TestReaderOptions } from '../support/test-reader.ts';
import type { Implementation } from './implementation.ts';
import { requirement, section, type Section, stockFails } from './requirement.ts';

/** Whether views with these criteria select a histogram `http.server.duration` in seconds of scope 1.0. */
async function expectSelection(sdk: Implementation, cases: readonly [ViewOptions, boolean][]): Promise<void> {
  for (const [criteria, selected] of cases) {
    const { meter, reader } = sdk.setUp({ views: [{ ...criteria, description: 'viewed' }] });
    meter.createHistogram('http.server.duration', { unit: 's' }).record(1);
    const [metric] = await reader.metrics();
    expect([criteria, metric!.descriptor.description]).toEqual([criteria, selected ? 'viewed' : '']);
  }
}

export const VIEWS: readonly Section[] = [
  section('sdk', 'Instrument selection criteria', [
    requirement('MUST', 'name, type, unit and meter select, and are additive', async (sdk) => {
      await expectSelection(sdk, [
        [{ instrumentName: 'http.server.duration' }, true],
        [{ instrumentName: 'http' }, false],
        [{ instrumentType: InstrumentType.HISTOGRAM }, true],
        [{ instrumentType: InstrumentType.COUNTER }, false],
        [{ instrumentUnit: 's' }, true],
        [{ instrumentUnit: 'ms' }, false],
        [{ meterName: 'scope', meterVersion: '1.0' }, true],
        [{ meterName: 'scope', meterVersion: '2.0' }, false],
        [{ instrumentName: '*', meterName: 'other' }, false],
      ]);
    }),
    requirement(
      'MUST',
      'a schema URL selects meters with that schema URL',
      async (sdk) => {
        await expectSelection(sdk, [[{ meterSchemaUrl: 'https://x' }, false]]);
      },
      stockFails('it also selects meters that have none'),
    ),
    requirement('MUST', 'a single `*` matches all instruments', async (sdk) => {
      await expectSelection(sdk, [[{ instrumentName: '*' }, true]]);
    }),
    requirement(
      'MUST',
      '`*` matches any number of characters, anywhere, and all else is literal',
      async (sdk) => {
        await expectSelection(sdk, [
          [{ instrumentName: 'http.*' }, true],
          [{ instrumentName: '*.server.*' }, true],
          [{ instrumentName: '*http.server.duration*' }, true],
          [{ instrumentName: 'http.*.size' }, false],
          [{ instrumentName: 'httpxserver.*' }, false],
        ]);
      },
      stockFails('only the first `*` is a wildcard'),
    ),
    requirement(
      'MUST',
      '`?` matches exactly one character',
      async (sdk) => {
        await expectSelection(sdk, [
          [{ instrumentName: 'http.server.duratio?' }, true],
          [{ instrumentName: 'http.server.duration?' }, false],
        ]);
      },
      stockFails('`?` is literal'),
    ),
    requirement('SHOULD', 'a view without any criterion fails early', (sdk) => {
      expect(() => sdk.setUp({ views: [{ description: 'all' }] })).toThrow();
    }),
    requirement('SHOULD', 'a view that renames and may select several instruments fails early', (sdk) => {
      expect(() => sdk.setUp({ views: [{ instrumentName: 'a*', name: 'b' }] })).toThrow();
      expect(() => sdk.setUp({ views: [{ instrumentType: InstrumentType.COUNTER, name: 'b' }] })).toThrow();
    }),
  ]),
  section('sdk', 'Measurement processing', [
    requirement(
      'MUST',
      'every matching view gives a stream; an instrument without one gets its default',
      async (sdk) => {
        const { meter, reader } = sdk.setUp({
          views: [
            { instrumentName: 'a', name: 'a.renamed', description: 'd' },
            { instrumentName: 'a', name: 'a.last', aggregation: { type: AggregationType.LAST_VALUE } },
            { instrumentName: 'dropped', aggregation: { type: AggregationType.DROP } },
          ],
        });
        for (const name of ['a', 'b', 'dropped']) {
          meter.createCounter(name).add(1);
          meter.createCounter(name).add(2);
        }
        expect(
          (await reader.metrics()).map((m) => [m.descriptor.name, m.dataPointType, m.dataPoints[0]!.value]),
        ).toEqual([
          ['a.renamed', DataPointType.SUM, 3],
          ['a.last', DataPointType.GAUGE, 2],
          ['b', DataPointType.SUM, 3],
        ]);
      },
    ),
    requirement('SHOULD', 'two views that give one name are both exported', async (sdk) => {
      const { meter, reader } = sdk.setUp({
        views: [
          { instrumentName: 'a', name: 'x' },
          { instrumentName: 'b', name: 'x' },
        ],
      });
      meter.createCounter('a').add(1);
      meter.createHistogram('b').record(1);
      expect((await reader.metrics()).map((m) => [m.descriptor.name, m.dataPointType])).toEqual([
        ['x', DataPointType.SUM],
        ['x', DataPointType.HISTOGRAM],
      ]);
    }),
    requirement(
      'SHOULD',
      'a histogram view of an asynchronous instrument is ignored with a warning',
      async (sdk) => {
        const aggregation = { type: AggregationType.EXPLICIT_BUCKET_HISTOGRAM } as const;
        const { meter, reader } = sdk.setUp({ views: [{ instrumentName: 'g', aggregation }] });
        meter.createObservableGauge('g').addCallback((result) => result.observe(1));
        expect((await reader.metrics())[0]!.dataPointType).toBe(DataPointType.GAUGE);
      },
      {
        ours: { reason: 'follows the view: a histogram of what each collection observed, as the stock SDK gives' },
        stock: { reason: 'follows the view' },
      },
    ),
  ]),
  section('sdk', 'Stream configuration', [
    requirement('SHOULD', 'name and description of the view replace those of the instrument', async (sdk) => {
      const { meter, reader } = sdk.setUp({ views: [{ instrumentName: 'a', name: 'b', description: 'theirs' }] });
      meter.createCounter('a', { description: 'mine', unit: 's' }).add(1);
      const [{ descriptor } = { descriptor: undefined }] = await reader.metrics();
      expect(descriptor).toMatchObject({ name: 'b', description: 'theirs', unit: 's' });
    }),
    requirement(
      'MUST',
      'without an aggregation of its own a view uses the reader’s',
      async (sdk) => {
        const options: TestReaderOptions = { aggregation: { type: AggregationType.EXPONENTIAL_HISTOGRAM } };
        const { meter, reader } = sdk.setUp({ views: [{ instrumentName: 'h', description: 'viewed' }] }, options);
        meter.createHistogram('h').record(1);
        expect((await reader.metrics())[0]!.dataPointType).toBe(DataPointType.EXPONENTIAL_HISTOGRAM);
      },
      stockFails('a view without aggregation ignores the reader'),
    ),
    requirement('MUST', 'attribute keys that are not listed are ignored', async (sdk) => {
      const attributesProcessors = [createAllowListAttributesProcessor(['a', 'b'])];
      const { meter, reader } = sdk.setUp({ views: [{ instrumentName: 'c', attributesProcessors }] });
      meter.createCounter('c').add(1, { a: 1, b: 2, c: 3 });
      meter.createCounter('c').add(1, { c: 4, b: 2, a: 1 });
      expect(await reader.values('c')).toEqual([[{ a: 1, b: 2 }, 2]]);
    }),
    requirement('MUST', 'attribute keys on the exclude list are ignored, all others kept', async (sdk) => {
      const attributesProcessors = [createDenyListAttributesProcessor(['c'])];
      const { meter, reader } = sdk.setUp({ views: [{ instrumentName: 'c', attributesProcessors }] });
      meter.createCounter('c').add(1, { a: 1, c: 3 });
      meter.createCounter('c').add(1, { c: 4, a: 1 });
      expect(await reader.values('c')).toEqual([[{ a: 1 }, 2]]);
    }),
    requirement('MAY', 'attribute processors of any kind apply in order', async (sdk) => {
      const attributesProcessors = [
        createAllowListAttributesProcessor(['a']),
        { process: (incoming: object) => ({ ...incoming, added: true }) },
      ];
      const { meter, reader } = sdk.setUp({ views: [{ instrumentName: 'c', attributesProcessors }] });
      meter.createCounter('c').add(1, { a: 1, b: 2 });
      expect(await reader.values('c')).toEqual([[{ a: 1, added: true }, 1]]);
    }),
    requirement(
      'MUST NOT',
      'a processor that throws reaches the caller',
      (sdk) => {
        const process = (): never => {
          throw new Error('no');
        };
        const { meter } = sdk.setUp({ views: [{ instrumentName: 'c', attributesProcessors: [{ process }] }] });
        expect(() => meter.createCounter('c').add(1, { a: 1 })).not.toThrow();
      },
      stockFails('it comes out of `add`'),
    ),
  ]),
];
