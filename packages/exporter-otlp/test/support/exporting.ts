import { afterEach, expect } from '@jest/globals';
import { type Clock, OtlpExporter, type OtlpExporterOptions } from '../../src/index.ts';
import { droppedOf } from './metrics.ts';
import { httpReceiver, type Receiver } from './receiver.ts';

export const closers: (() => Promise<unknown>)[] = [];

/** A clock whose waits are over in the next turn, and remembered. */
export function quickClock(): Clock & { readonly waits: number[] } {
  const waits: number[] = [];
  return {
    waits,
    now: () => 1_000_000,
    wait: async (ms) => {
      waits.push(ms);
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

export async function http(): Promise<Receiver> {
  const receiver = await httpReceiver();
  closers.push(async () => receiver.close());
  return receiver;
}

export function exporterTo(receiver: Receiver, options: OtlpExporterOptions = {}): OtlpExporter {
  const protocol = receiver.url.endsWith('/v1/metrics') ? 'http/protobuf' : 'grpc';
  const exporter = new OtlpExporter({ protocol, url: receiver.url, clock: quickClock(), ...options });
  // What is held at the end is the test's doing.
  closers.push(async () => exporter.shutdown({ timeoutMillis: 0 }).catch(() => undefined));
  return exporter;
}

export function expectBalance(exporter: OtlpExporter): void {
  const stats = exporter.stats();
  expect(stats.forwarded + stats.held + droppedOf(stats)).toBe(stats.received);
}

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});
