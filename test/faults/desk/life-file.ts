import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';

/** What a life of the desk wrote down about itself; read after its death. */
export interface LifeRecord {
  /** Batches that it had begun to record. */
  readonly begun: number;
  /** The last batch whose export was taken over: by the log, or by the receiver where there is no log. */
  readonly durable: number;
  /** Exports that were taken over. */
  readonly exports: number;
  /** It said at its end that everything was delivered. */
  readonly delivered: boolean;
}

/** The desk's side: one line per event. What was written survives the death of the process, though not of the machine. */
export class LifeFile {
  readonly #file: number;

  constructor(path: string) {
    this.#file = openSync(path, 'a');
  }

  /** Before anything of the batch is recorded. */
  begin(batch: number): void {
    writeSync(this.#file, `begun ${batch}\n`);
  }

  /** The export that carried the batch succeeded. */
  durable(batch: number): void {
    writeSync(this.#file, `durable ${batch}\n`);
  }

  /** All of it has been delivered. */
  delivered(): void {
    writeSync(this.#file, 'delivered 0\n');
  }

  close(): void {
    closeSync(this.#file);
  }
}

/** Reads a life's file. A last line that was cut counts as not written. */
export function readLife(path: string): LifeRecord {
  let [begun, durable, exports, delivered] = [0, 0, 0, false];
  for (const [, event, batch] of readFileSync(path, 'utf8').matchAll(/^(begun|durable|delivered) (\d+)\n/gm)) {
    if (event === 'begun') begun = Math.max(begun, Number(batch));
    else if (event === 'durable') {
      durable = Math.max(durable, Number(batch));
      exports += 1;
    } else delivered = true;
  }
  return { begun, durable, exports, delivered };
}
