/** One thing that happened. */
export interface Happening {
  readonly seconds: number;
  /** Batches that the desk had recorded by then. */
  readonly position: number;
  readonly text: string;
}

/** What happened when, kept for the report and printed as it happens. */
export class Timeline {
  readonly happenings: Happening[] = [];
  readonly #started = performance.now();
  readonly #position: () => number;
  readonly #print: (line: string) => void;

  constructor(position: () => number, print: (line: string) => void) {
    this.#position = position;
    this.#print = print;
  }

  get seconds(): number {
    return (performance.now() - this.#started) / 1000;
  }

  add(text: string): void {
    const happening = { seconds: Math.round(this.seconds * 100) / 100, position: this.#position(), text };
    this.happenings.push(happening);
    this.#print(Timeline.line(happening));
  }

  /** `  12.34 s  batch   210  text`. */
  static line({ seconds, position, text }: Happening): string {
    return `${seconds.toFixed(2).padStart(8)} s  batch ${String(position).padStart(5)}  ${text}`;
  }
}
