import type { UdpSenderStats } from '@nanometer/exporter-statsd';
import type { LiveServerStats } from '@nanometer/live';
import type { OutputLedger, OutputName, Transport } from './ledger.ts';

/** Every hop's account. For each output, received = forwarded + held + dropped. */
export interface BridgeStats {
  /** Points of accepted requests, by transport. */
  readonly receivedBy: Readonly<Record<Transport, number>>;
  /** Requests by transport and outcome; `''` is success, anything else the error's type. */
  readonly requests: Readonly<Record<'grpc' | 'http', Readonly<Record<string, number>>>>;
  readonly outputs: Readonly<Partial<Record<OutputName, OutputLedger>>>;
  readonly series: number;
  readonly live: LiveServerStats;
  readonly statsd?: UdpSenderStats;
}
