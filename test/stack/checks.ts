/** Runs named checks one after the other, prints how each ended, and counts. A failure does not stop the others. */
export class Checks {
  #passed = 0;
  readonly #failed: string[] = [];
  readonly #print: (line: string) => void;

  constructor(print: (line: string) => void) {
    this.#print = print;
  }

  /** Runs a check; it fails by throwing, and may return a remark. */
  async run(what: string, check: () => void | string | Promise<void | string>): Promise<boolean> {
    try {
      const remark = await check();
      this.#passed += 1;
      this.#print(`  ok    ${what}${remark === undefined ? '' : `: ${remark}`}`);
      return true;
    } catch (error) {
      this.#failed.push(what);
      const message = error instanceof Error ? error.message : String(error);
      this.#print(`  FAIL  ${what}\n        ${message.replaceAll('\n', '\n        ')}`);
      return false;
    }
  }

  get failed(): readonly string[] {
    return this.#failed;
  }

  /** The last line of the run. */
  summary(seconds: number): string {
    const total = this.#passed + this.#failed.length;
    return this.#failed.length === 0
      ? `PASS  ${total} checks in ${seconds.toFixed(0)} s`
      : `FAIL  ${this.#failed.length} of ${total} checks in ${seconds.toFixed(0)} s: ${this.#failed.join('; ')}`;
  }
}
