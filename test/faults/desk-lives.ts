import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { RunningProcess } from '../stack/process.ts';
import { waitFor } from '../stack/wait-for.ts';
import type { LifeTruth } from './compare.ts';
import { type LifeRecord, readLife } from './desk/life-file.ts';
import type { DeskCommand, DeskMessage, DeskOptions } from './desk/messages.ts';
import { SeededRandom } from './seeded-random.ts';
import { totalsOf } from './workload.ts';

const MAIN = fileURLToPath(new URL('desk/main.ts', import.meta.url));
const READY_LIMIT_MS = 180_000;
const FINISH_LIMIT_MS = 180_000;
/** Prometheus takes samples up to ten minutes ahead. */
const CLOCK_OFFSET_MILLIS = { least: -20 * 60_000, most: 4 * 60_000 } as const;

/** The settings that all lives share. */
export type DeskSettings = Omit<DeskOptions, 'life' | 'lifeFile' | 'clockOffsetMillis'> & { readonly folder: string };

/** The desk, one process after the other. */
export class DeskLives {
  readonly #settings: DeskSettings;
  readonly #onStart: (process: RunningProcess) => void;
  #process: RunningProcess | undefined;
  #life = 0;
  #batch = 0;
  #durable = 0;
  #batchesBefore = 0;
  #wanted = false;
  #finished: Extract<DeskMessage, { type: 'finished' }> | undefined;
  /** Lives whose clock was set back while they ran. */
  readonly steppedBack = new Set<number>();
  /** Points that lives dropped, as they said at their end or not at all. */
  readonly drops: Record<string, number> = {};

  constructor(settings: DeskSettings, onStart: (process: RunningProcess) => void) {
    this.#settings = settings;
    this.#onStart = onStart;
  }

  /** Lives so far. */
  get life(): number {
    return this.#life;
  }

  /** Batches recorded by all lives: the clock by which faults happen. */
  get position(): number {
    return this.#batchesBefore + this.#batch;
  }

  /** Batches recorded that the log has not taken. */
  get behind(): number {
    return this.#batch - this.#durable;
  }

  get tail(): string {
    return this.#process?.tail ?? '';
  }

  get pid(): number | undefined {
    return this.#process?.pid;
  }

  get deserted(): string | undefined {
    return this.#wanted ? this.#process?.ended : undefined;
  }

  /** Begins a life, with a clock of its own in every third; resolves with the offset when it has recorded something. */
  async start(): Promise<number> {
    this.#life += 1;
    this.#batchesBefore += this.#batch;
    [this.#batch, this.#durable] = [0, 0];
    this.#finished = undefined;
    const { folder, ...settings } = this.#settings;
    const random = new SeededRandom(settings.seed * 31 + this.#life);
    const { least, most } = CLOCK_OFFSET_MILLIS;
    const clockOffsetMillis = random.integer(1, 3) === 1 ? random.integer(least, most) : 0;
    const options: DeskOptions = {
      ...settings,
      life: this.#life,
      lifeFile: this.#fileOf(this.#life),
      clockOffsetMillis,
    };
    const started = new RunningProcess({
      name: 'desk',
      command: process.execPath,
      args: [MAIN, JSON.stringify(options)],
      cwd: folder,
      onMessage: (message) => this.#hear(message as DeskMessage),
    });
    this.#process = started;
    this.#onStart(started);
    this.#wanted = true;
    await waitFor('the desk records', () => started.ended !== undefined || this.#batch > 0, READY_LIMIT_MS);
    started.assertRunning();
    return clockOffsetMillis;
  }

  async kill(): Promise<void> {
    this.#wanted = false;
    await this.#process?.kill();
  }

  freeze(): void {
    this.#process?.signal('SIGSTOP');
  }

  thaw(): void {
    this.#process?.signal('SIGCONT');
  }

  step(millis: number): void {
    if (millis < 0) this.steppedBack.add(this.#life);
    this.#process?.send({ type: 'step', millis } satisfies DeskCommand);
  }

  /** Lets the present life end by itself. Resolves with why not everything was delivered, if so. */
  async finish(): Promise<string | undefined> {
    this.#wanted = false;
    this.#process?.send({ type: 'finish' } satisfies DeskCommand);
    await this.#process?.end(FINISH_LIMIT_MS);
    for (const [cause, points] of Object.entries(this.#finished?.stats.dropped ?? {})) {
      this.drops[cause] = (this.drops[cause] ?? 0) + points;
    }
    return this.#finished === undefined ? `it ended with ${this.#process?.ended}` : this.#finished.undelivered;
  }

  /** What each life recorded. */
  truths(): LifeTruth[] {
    const { seed, updatesPerBatch } = this.#settings;
    return Array.from({ length: this.#life }, (_, index) => {
      const life = index + 1;
      const { begun, durable, exports }: LifeRecord = readLife(this.#fileOf(life));
      const timesUnique = !this.steppedBack.has(life);
      return { life, begun, durable, exports, timesUnique, totals: totalsOf(seed, life, begun, updatesPerBatch) };
    });
  }

  #fileOf(life: number): string {
    return join(this.#settings.folder, `life-${life}.txt`);
  }

  #hear(message: DeskMessage): void {
    this.#batch = message.batch;
    if (message.type === 'batch') this.#durable = message.durable;
    else this.#finished = message;
  }
}
