import { expect } from '@jest/globals';
import { metrics } from '@opentelemetry/api';
import { MetricReader } from '@opentelemetry/sdk-metrics';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { TestReader } from '../support/test-reader.ts';
import { requirement, section, type Section } from './requirement.ts';

class MinimalReader extends MetricReader {
  protected async onForceFlush(): Promise<void> {}
  protected async onShutdown(): Promise<void> {}
}

function failing(message: string): TestReader {
  return Object.assign(new TestReader(), {
    forceFlush: () => Promise.reject(new Error(message)),
    shutdown: () => Promise.reject(new Error(message)),
  });
}

export const PROVIDER: readonly Section[] = [
  section('api', 'MeterProvider', [
    requirement(
      'SHOULD',
      'can be set as the global provider, through which instruments reach its readers',
      async (sdk) => {
        const { provider, reader } = sdk.setUp();
        expect(metrics.setGlobalMeterProvider(provider)).toBe(true);
        try {
          metrics.getMeter('global').createCounter('c').add(1);
          expect(await reader.values('c')).toEqual([[{}, 1]]);
        } finally {
          metrics.disable();
        }
      },
    ),
  ]),
  section('api', 'Get a Meter', [
    requirement('MUST', 'different name, version or schema URL give different meters, equal ones the same', (sdk) => {
      const { provider } = sdk.setUp();
      const meter = provider.getMeter('a', '1', { schemaUrl: 'https://x/1' });
      expect(provider.getMeter('a', '1', { schemaUrl: 'https://x/1' })).toBe(meter);
      for (const other of [
        provider.getMeter('a', '1'),
        provider.getMeter('a', '2', { schemaUrl: 'https://x/1' }),
        provider.getMeter('b', '1', { schemaUrl: 'https://x/1' }),
      ]) {
        expect(other).not.toBe(meter);
      }
    }),
    requirement('MUST', 'an invalid name gives a working meter, with a message', async (sdk) => {
      const { provider, reader } = sdk.setUp();
      for (const name of ['', undefined, null, 7] as string[]) provider.getMeter(name).createCounter('c').add(1);
      expect(await reader.values('c')).toEqual([[{}, 4]]);
      expect(sdk.warnings).toHaveLength(4);
    }),
  ]),
  section('sdk', 'MeterProvider', [
    requirement('MUST', 'a resource is associated with all metrics', async (sdk) => {
      const { provider, reader } = sdk.setUp({ resource: resourceFromAttributes({ 'service.name': 'desk' }) });
      provider.getMeter('m').createCounter('c').add(1);
      const { resourceMetrics } = await reader.collect();
      expect(resourceMetrics.resource.attributes).toEqual({ 'service.name': 'desk' });
    }),
    requirement('MUST', 'the instrumentation scope of a meter is associated with its metrics', async (sdk) => {
      const { provider, reader } = sdk.setUp();
      provider.getMeter('silent').createCounter('never');
      provider.getMeter('loud', '2', { schemaUrl: 'https://x' }).createCounter('c').add(1);
      provider.getMeter('quiet').createCounter('c').add(1);
      const { resourceMetrics, errors } = await reader.collect();
      expect(errors).toEqual([]);
      expect(resourceMetrics.scopeMetrics.map(({ scope }) => [scope.name, scope.version, scope.schemaUrl])).toEqual([
        ['loud', '2', 'https://x'],
        ['quiet', '', undefined],
      ]);
    }),
    requirement('MUST NOT', 'a reader is registered with more than one provider', (sdk) => {
      const reader = new MinimalReader();
      sdk.createProvider({ readers: [reader] });
      expect(() => sdk.createProvider({ readers: [reader] })).toThrow('bound to a MeterProvider again');
    }),
  ]),
  section('sdk', 'Shutdown', [
    requirement('MUST', 'shuts down every reader, with the timeout given, once', async (sdk) => {
      const other = new TestReader();
      const { provider, reader } = sdk.setUp({ readers: [other] });
      const given: unknown[] = [];
      reader.shutdown = async (...options: unknown[]) => void given.push(...options);
      await provider.shutdown({ timeoutMillis: 1234 });
      await provider.shutdown({ timeoutMillis: 1 });
      expect(given).toEqual([{ timeoutMillis: 1234 }]);
      expect(other.calls).toEqual(['shutdown']);
    }),
    requirement('SHOULD', 'gives meters afterwards whose instruments do nothing', async (sdk) => {
      const { provider, reader } = sdk.setUp();
      await provider.shutdown();
      provider.getMeter('late').createCounter('c').add(1);
      provider
        .getMeter('late')
        .createObservableGauge('g')
        .addCallback((result) => result.observe(1));
      expect(await reader.metrics()).toEqual([]);
    }),
    requirement('SHOULD', 'lets the caller know that a reader failed, having shut down the others', async (sdk) => {
      const healthy = new TestReader();
      const { provider } = sdk.setUp({ readers: [failing('no route'), healthy] });
      await expect(provider.shutdown()).rejects.toThrow('no route');
      expect(healthy.calls).toEqual(['shutdown']);
    }),
  ]),
  section('sdk', 'ForceFlush', [
    requirement('MUST', 'flushes every reader, with the timeout given, until shutdown', async (sdk) => {
      const { provider, reader } = sdk.setUp();
      const given: unknown[] = [];
      reader.forceFlush = async (...options: unknown[]) => void given.push(...options);
      await provider.forceFlush({ timeoutMillis: 1 });
      await provider.forceFlush({ timeoutMillis: 2 });
      await provider.shutdown();
      await provider.forceFlush({ timeoutMillis: 3 });
      expect(given).toEqual([{ timeoutMillis: 1 }, { timeoutMillis: 2 }]);
    }),
    requirement('SHOULD', 'lets the caller know that a reader failed, having flushed the others', async (sdk) => {
      const healthy = new TestReader();
      const { provider } = sdk.setUp({ readers: [failing('disk full'), healthy] });
      await expect(provider.forceFlush()).rejects.toThrow('disk full');
      expect(healthy.calls).toEqual(['forceFlush']);
    }),
  ]),
];
