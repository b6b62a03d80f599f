// A program instrumented with OpenTelemetry's own packages; prints what a reader collects as JSON. The argument `stock`
// puts the stock SDK under it instead of ours. Run by interop.test.ts in a process of its own: instrumentations patch Node's modules, which jest replaces.
import { metrics } from '@opentelemetry/api';
import { MeterProvider } from '@nanometer/metrics';
import { HostMetrics } from '@opentelemetry/host-metrics';
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { RuntimeNodeInstrumentation } from '@opentelemetry/instrumentation-runtime-node';
import * as stock from '@opentelemetry/sdk-metrics';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { once } from 'node:events';
import type * as Http from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { TestReader } from './test-reader.ts';

const reader = new TestReader();
const Provider = process.argv[2] === 'stock' ? stock.MeterProvider : MeterProvider;
const provider = new Provider({ readers: [reader] });
metrics.setGlobalMeterProvider(provider);

const sdk = new NodeSDK({
  metricReaders: [],
  spanProcessors: [],
  logRecordProcessors: [],
  autoDetectResources: false,
  instrumentations: [new HttpInstrumentation(), new RuntimeNodeInstrumentation({ monitoringPrecision: 10 })],
});
sdk.start();
// Reading network counters forks a process per interface.
const metricGroups = ['system.cpu', 'system.memory', 'process.cpu', 'process.memory'] as const;
new HostMetrics({ metricGroups: [...metricGroups] }).start();

await requestOverLoopback();
// The runtime's event-loop utilization is a difference between two collections.
await reader.collect();
const { resourceMetrics, errors } = await reader.collect();
const scopes = resourceMetrics.scopeMetrics.map(({ scope, metrics }) => ({ name: scope.name, metrics }));
const globalStays = (metrics.getMeterProvider() as unknown) === provider;
await sdk.shutdown();
provider.getMeter('later').createCounter('later').add(1);
const outlivesNodeSdk = (await reader.metrics()).some(({ descriptor }) => descriptor.name === 'later');
await provider.shutdown();
process.stdout.write(JSON.stringify({ scopes, errors: errors.map(String), globalStays, outlivesNodeSdk }), () =>
  process.exit(),
);

/** Requires `http` only now: what was loaded before is not patched. */
async function requestOverLoopback(): Promise<void> {
  const http = createRequire(import.meta.url)('node:http') as typeof Http;
  const server = http.createServer((_request, response) => response.writeHead(202).end('done'));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const request = http.get({ port: (server.address() as AddressInfo).port, host: '127.0.0.1', agent: false });
  const [response] = (await once(request, 'response')) as [Http.IncomingMessage];
  response.resume();
  await once(response, 'end');
  server.close();
  await once(server, 'close');
}
