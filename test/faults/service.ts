import { type ProcessOptions, RunningProcess } from '../stack/process.ts';
import { waitFor } from '../stack/wait-for.ts';

const READY_LIMIT_MS = 180_000;
const END_LIMIT_MS = 60_000;

/** How a program of the pipeline is started, as often as it takes. */
export interface ServiceOptions extends ProcessOptions {
  readonly ready: () => boolean | Promise<boolean>;
}

/** A program that is killed and started again; at most one process of it runs. */
export class Service {
  readonly name: string;
  readonly #options: ServiceOptions;
  readonly #onStart: (process: RunningProcess) => void;
  #process: RunningProcess | undefined;
  #wanted = false;
  /** Processes started so far. */
  starts = 0;

  constructor(options: ServiceOptions, onStart: (process: RunningProcess) => void) {
    this.name = options.name;
    this.#options = options;
    this.#onStart = onStart;
  }

  /** Last lines of the present process, or of the last. */
  get tail(): string {
    return this.#process?.tail ?? '';
  }

  get pid(): number | undefined {
    return this.#process?.pid;
  }

  /** Starts it and resolves when it is ready. Rejects when it ends before. */
  async start(): Promise<void> {
    this.#process = new RunningProcess(this.#options);
    this.#onStart(this.#process);
    this.#wanted = true;
    this.starts += 1;
    const process = this.#process;
    await waitFor(
      `${this.name} is ready`,
      async () => process.ended !== undefined || this.#options.ready(),
      READY_LIMIT_MS,
    );
    process.assertRunning();
  }

  /** How it ended although nobody ended it; `undefined` when it runs or is not meant to. */
  get deserted(): string | undefined {
    return this.#wanted ? this.#process?.ended : undefined;
  }

  async kill(): Promise<void> {
    this.#wanted = false;
    await this.#process?.kill();
  }

  /** Asks it to end. Resolves with how it did; by force when it does not listen. */
  async terminate(): Promise<string> {
    this.#wanted = false;
    this.#process?.signal('SIGTERM');
    try {
      return (await this.#process?.end(END_LIMIT_MS)) ?? '';
    } catch {
      await this.#process?.kill();
      return `killed, since it did not end in ${END_LIMIT_MS / 1000} s`;
    }
  }

  freeze(): void {
    this.#process?.signal('SIGSTOP');
  }

  thaw(): void {
    this.#process?.signal('SIGCONT');
  }
}
