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

  /** The last two lines of the run: the verdict, and the counts in the form test runners print them. */
  summary(seconds: number): string {
    const [passed, failed] = [this.#passed, this.#failed.length];
    const verdict = failed === 0 ? `PASS  ${passed} checks` : `FAIL  ${failed} of ${passed + failed} checks`;
    const which = failed === 0 ? '' : `: ${this.#failed.join('; ')}`;
    return `${verdict} in ${seconds.toFixed(0)} s${which}\n${passed} passed, ${failed} failed`;
  }
}
