import { type HistoryAnswer, type HistoryClient, HistoryProblem } from './history-client.ts';
import type { TimeRange } from './time-range.ts';

/** While a reader drags, a question is asked when the hand rests. */
const REST_MS = 150;

/** What became of a question. */
export interface HistoryQueryInputs {
  readonly onAnswer: () => void;
  readonly onProblem: (text: string) => void;
}

/** The one question that is open: a newer one takes its place, and an answer that comes late is not taken. */
export class HistoryQuery {
  readonly #client: HistoryClient;
  readonly #inputs: HistoryQueryInputs;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running: AbortController | undefined;
  #answer: HistoryAnswer | undefined;
  #name = '';

  constructor(client: HistoryClient, inputs: HistoryQueryInputs) {
    this.#client = client;
    this.#inputs = inputs;
  }

  /** The last answer; `undefined` before the first. */
  get answer(): HistoryAnswer | undefined {
    return this.#answer;
  }

  /** The metric that the answer is of. */
  get name(): string {
    return this.#name;
  }

  /** Asks for a span of a metric, at once when the metric is another one. */
  ask(name: string, range: TimeRange): void {
    clearTimeout(this.#timer);
    this.#running?.abort();
    this.#timer = setTimeout(() => void this.#run(name, range), name === this.#name ? REST_MS : 0);
  }

  async #run(name: string, range: TimeRange): Promise<void> {
    const running = new AbortController();
    this.#running = running;
    try {
      const answer = await this.#client.rollups(name, range, running.signal);
      if (running.signal.aborted) return;
      this.#answer = answer;
      this.#name = name;
      this.#inputs.onAnswer();
    } catch (error) {
      if (running.signal.aborted) return;
      this.#inputs.onProblem(error instanceof HistoryProblem ? error.message : String(error));
    }
  }
}
