/** Timers of one bridge, stopped together. */
export class Timers {
  readonly #running: NodeJS.Timeout[] = [];

  /** Calls `task` every so many milliseconds. */
  every(millis: number, task: () => void): void {
    this.#running.push(setInterval(task, millis));
  }

  /** Calls `task`, which does a part of what is to be done and returns whether it is done, in turns of the event loop. */
  everyInTurns(millis: number, task: () => boolean): void {
    const turn = (): void => {
      if (!task()) setImmediate(turn);
    };
    this.every(millis, turn);
  }

  stop(): void {
    for (const timer of this.#running.splice(0)) clearInterval(timer);
  }
}
