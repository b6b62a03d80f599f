import { jest } from '@jest/globals';
import { diag, DiagLogLevel, type HrTime } from '@opentelemetry/api';
import { type Meter, MeterProvider, type MeterProviderOptions } from '@nanometer/metrics';
import { MeterProvider as StockMeterProvider } from '@opentelemetry/sdk-metrics';
import { TestReader, type TestReaderOptions } from '../support/test-reader.ts';

export interface SetUp {
  readonly provider: MeterProvider;
  readonly meter: Meter;
  /** The first reader, made from the second argument of `setUp`. */
  readonly reader: TestReader;
}

export type ProviderOptions = Pick<MeterProviderOptions, 'resource' | 'readers' | 'views'>;

/** A MeterProvider under test, and the world it lives in: its time and its diagnostics. */
export interface Implementation {
  readonly name: string;
  createProvider(options?: ProviderOptions): MeterProvider;
  setUp(options?: ProviderOptions, reader?: TestReaderOptions): SetUp;
  /** Lets time pass, timers included. */
  pass(millis: number): void;
  /** The time as data points have it. */
  now(): HrTime;
  /** What was said to the API's diagnostics at warning level or above. */
  readonly warnings: readonly string[];
}

const BEGINNING = 1_700_000_000_000;

class TestedImplementation implements Implementation {
  readonly name: string;
  readonly warnings: string[] = [];
  readonly #create: (options: ProviderOptions) => MeterProvider;

  constructor(name: string, create: (options: ProviderOptions) => MeterProvider) {
    this.name = name;
    this.#create = create;
  }

  createProvider(options: ProviderOptions = {}): MeterProvider {
    return this.#create(options);
  }

  setUp(options: ProviderOptions = {}, readerOptions: TestReaderOptions = {}): SetUp {
    const reader = new TestReader(readerOptions);
    const provider = this.#create({ ...options, readers: [reader, ...(options.readers ?? [])] });
    return { provider, reader, meter: provider.getMeter('scope', '1.0') };
  }

  pass(millis: number): void {
    jest.advanceTimersByTime(millis);
  }

  now(): HrTime {
    const millis = Date.now();
    return [Math.trunc(millis / 1000), (millis % 1000) * 1e6];
  }

  /** Runs a program in a time of its own, which stands still unless the program lets it pass. */
  async run(program: (sdk: Implementation) => Promise<void> | void): Promise<void> {
    jest.useFakeTimers({ now: BEGINNING, doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate', 'performance'] });
    const warn = (...words: unknown[]): void => {
      this.warnings.push(words.join(' '));
    };
    const nothing = (): void => {};
    const logger = { error: warn, warn, info: nothing, debug: nothing, verbose: nothing };
    diag.setLogger(logger, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
    this.warnings.length = 0;
    try {
      await program(this);
    } finally {
      diag.disable();
      jest.useRealTimers();
    }
  }
}

export const OURS: TestedImplementation = new TestedImplementation(
  '@nanometer/metrics',
  (options) => new MeterProvider(options),
);

// The types differ in what only ours has; a program that needs it says so in its expected outcome.
export const STOCK: TestedImplementation = new TestedImplementation(
  '@opentelemetry/sdk-metrics',
  (options) => new StockMeterProvider(options) as unknown as MeterProvider,
);
