import { HostMetrics } from '@opentelemetry/host-metrics';
import { RuntimeNodeInstrumentation } from '@opentelemetry/instrumentation-runtime-node';
import { GatedMeterProvider } from './gated-meter-provider.ts';
import { type InfraInstrumentationOptions, type Settings, settingsOf } from './options.ts';

/**
 * Records the machine, the process and the Node.js runtime through OpenTelemetry's own instrumentations:
 * `system.*`, `process.*`, `nodejs.*`, `v8js.*`, under their standard names and scopes.
 */
export class InfraInstrumentation {
  readonly #settings: Settings;
  readonly #hostGate: GatedMeterProvider;
  #runtime: RuntimeNodeInstrumentation | undefined;
  #hostStarted = false;

  /**
   * Records nothing before {@link start}.
   * @throws InfraOptionError when an option is out of range.
   */
  constructor(options: InfraInstrumentationOptions = {}) {
    this.#settings = settingsOf(options);
    this.#hostGate = new GatedMeterProvider(this.#settings.meterProvider);
  }

  /** Starts recording. Idempotent; starts again after {@link stop}. */
  start(): void {
    if (this.#settings.hostGroups.length > 0) this.#startHost();
    if (this.#settings.runtime) this.#startRuntime();
  }

  /** Stops recording and takes its observers off the event loop and the garbage collector. Idempotent. */
  stop(): void {
    this.#hostGate.open = false;
    this.#runtime?.disable();
  }

  #startHost(): void {
    this.#hostGate.open = true;
    if (this.#hostStarted) return;
    this.#hostStarted = true;
    new HostMetrics({ meterProvider: this.#hostGate, metricGroups: [...this.#settings.hostGroups] }).start();
  }

  #startRuntime(): void {
    if (this.#runtime === undefined) {
      const monitoringPrecision = this.#settings.eventLoopPrecisionMs;
      this.#runtime = new RuntimeNodeInstrumentation({ enabled: false, monitoringPrecision });
      this.#runtime.setMeterProvider(this.#settings.meterProvider);
    }
    this.#runtime.enable();
  }
}
