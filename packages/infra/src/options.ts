import { type MeterProvider, metrics } from '@opentelemetry/api';

/** A group of host metrics, named by the prefix of its metrics. */
export type HostGroup = 'system.cpu' | 'system.memory' | 'system.network' | 'process.cpu' | 'process.memory';

const HOST_GROUPS: readonly HostGroup[] = [
  'system.cpu',
  'system.memory',
  'system.network',
  'process.cpu',
  'process.memory',
];

// Reading the network counters starts a shell per interface and collection on Linux: a fork of the whole process,
// which a service that counts microseconds should ask for.
const DEFAULT_HOST_GROUPS: readonly HostGroup[] = HOST_GROUPS.filter((group) => group !== 'system.network');

export interface InfraInstrumentationOptions {
  /** Default: the global provider at the time of construction. */
  readonly meterProvider?: MeterProvider;
  /** Groups of host metrics; an empty list records none; default all but `system.network`. */
  readonly hostGroups?: readonly HostGroup[];
  /** Records the Node.js runtime: event loop, garbage collection, heap; default true. */
  readonly runtime?: boolean;
  /** Resolution of the event-loop delay in milliseconds, a whole number ≥ 1; default 10. */
  readonly eventLoopPrecisionMs?: number;
}

/** Thrown by the constructor; nothing throws later. */
export class InfraOptionError extends RangeError {
  readonly code = 'INFRA_OPTION_INVALID';

  constructor(message: string) {
    super(message);
    this.name = 'InfraOptionError';
  }
}

/** Options with every default filled in. */
export interface Settings {
  readonly meterProvider: MeterProvider;
  readonly hostGroups: readonly HostGroup[];
  readonly runtime: boolean;
  readonly eventLoopPrecisionMs: number;
}

/** @throws InfraOptionError on an unknown group or a resolution that is not a whole number ≥ 1. */
export function settingsOf(options: InfraInstrumentationOptions): Settings {
  const hostGroups = options.hostGroups ?? DEFAULT_HOST_GROUPS;
  const unknown = hostGroups.find((group) => !HOST_GROUPS.includes(group));
  if (unknown !== undefined) {
    throw new InfraOptionError(`hostGroups has "${unknown}"; known are ${HOST_GROUPS.join(', ')}`);
  }
  const eventLoopPrecisionMs = options.eventLoopPrecisionMs ?? 10;
  if (!Number.isSafeInteger(eventLoopPrecisionMs) || eventLoopPrecisionMs < 1) {
    const given = String(eventLoopPrecisionMs);
    throw new InfraOptionError(`eventLoopPrecisionMs is ${given}; it must be a whole number of at least 1`);
  }
  return {
    meterProvider: options.meterProvider ?? metrics.getMeterProvider(),
    hostGroups,
    runtime: options.runtime ?? true,
    eventLoopPrecisionMs,
  };
}
