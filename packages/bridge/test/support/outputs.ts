import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import type { OutputLedger } from '@nanometer/bridge';
import { StatsdReceiver } from '@nanometer/exporter-statsd';
import { atEnd } from './bridge.ts';
import type { MetricInput } from './otlp.ts';

// Long enough that only what a test asks for is flushed.
export const NEVER = 3_600_000;

export async function receiver(port = 0): Promise<StatsdReceiver> {
  const made = new StatsdReceiver({ port });
  await made.start();
  atEnd(() => made.close());
  return made;
}

export const sum = (ledger: OutputLedger): number =>
  ledger.forwarded + ledger.held + Object.values(ledger.dropped).reduce((a, b) => a + b, 0);

export const counter = (value: number, time: bigint, rest: object = {}): MetricInput => ({
  name: 'fills',
  sum: [{ value, time, ...rest }],
  monotonic: true,
});

/** A UDP port where nothing listens. */
export async function absentPort(): Promise<number> {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  await new Promise<void>((resolve) => socket.close(resolve));
  return port;
}
