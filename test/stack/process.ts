import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';

const TAIL_LINES = 30;
const GRACE_MS = 10_000;

/** What to start. */
export interface ProcessOptions {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** Opens a channel for messages and is called with each. The program must be Node. */
  readonly onMessage?: (message: unknown) => void;
}

/** A started program whose last lines are kept for the report of a failure. */
export class RunningProcess {
  readonly name: string;
  readonly #child: ChildProcess;
  readonly #closed: Promise<void>;
  #stdout = '';
  #lines: string[] = [];
  #ended: string | undefined;
  #startError: Error | undefined;

  constructor({ name, command, args, env, cwd, onMessage }: ProcessOptions) {
    this.name = name;
    mkdirSync(cwd, { recursive: true });
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe', ...(onMessage === undefined ? [] : (['ipc'] as const))],
    });
    this.#child = child;
    if (onMessage !== undefined) child.on('message', onMessage);
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.#stdout += text;
      this.#keep(text);
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => this.#keep(text));
    this.#closed = new Promise((resolve) => {
      child.on('error', (error) => {
        this.#startError = error;
        this.#ended = error.message;
        resolve();
      });
      child.on('close', (code, signal) => {
        this.#ended = signal === null ? `exit code ${code}` : `signal ${signal}`;
        resolve();
      });
    });
  }

  /** Everything written to standard output so far. */
  get stdout(): string {
    return this.#stdout;
  }

  /** The last lines of both streams. */
  get tail(): string {
    return this.#lines.join('\n');
  }

  /** Ends the program as a power cut would: no signal handler runs. */
  async kill(): Promise<void> {
    if (this.#ended !== undefined) return;
    this.#child.kill('SIGKILL');
    await this.#closed;
  }

  /** Sends a signal, such as SIGSTOP; nothing when the program has ended. */
  signal(signal: NodeJS.Signals): void {
    if (this.#ended === undefined) this.#child.kill(signal);
  }

  /** Sends a message over the channel; nothing when the program has ended. */
  send(message: object): void {
    if (this.#ended === undefined && this.#child.connected) this.#child.send(message, () => undefined);
  }

  /** Process id; `undefined` when it could not be started. */
  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** How it ended, `undefined` while it runs. */
  get ended(): string | undefined {
    return this.#ended;
  }

  /** Throws when the program is no longer running: waiting for it to be ready would be in vain. */
  assertRunning(): void {
    if (this.#startError !== undefined) throw new Error(`${this.name} did not start: ${this.#startError.message}`);
    if (this.#ended !== undefined) throw new Error(`${this.name} ended: ${this.#ended}`);
  }

  /** Resolves with how it ended; rejects after `limitMs`. */
  async end(limitMs: number): Promise<string> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`${this.name} still runs after ${limitMs / 1000} s`)), limitMs);
    });
    try {
      await Promise.race([this.#closed, late]);
      return this.#ended ?? '';
    } finally {
      clearTimeout(timer);
    }
  }

  /** Ends the program: politely first, by force when it does not listen. Idempotent. */
  async stop(): Promise<void> {
    if (this.#ended !== undefined) return;
    this.#child.kill('SIGTERM');
    const force = setTimeout(() => this.#child.kill('SIGKILL'), GRACE_MS);
    await this.#closed;
    clearTimeout(force);
  }

  #keep(text: string): void {
    this.#lines = [...this.#lines, ...text.split('\n').filter((line) => line !== '')].slice(-TAIL_LINES);
  }
}
