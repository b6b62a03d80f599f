import { StatsdError } from '../errors.ts';

/** Tells once that sending has begun to fail, and again only after it has worked in between. */
export class Trouble {
  readonly #onTrouble: (error: StatsdError) => void;
  #told = false;

  constructor(onTrouble: (error: StatsdError) => void = (): void => {}) {
    this.#onTrouble = onTrouble;
  }

  report(message: string, cause: unknown): void {
    if (this.#told) return;
    this.#told = true;
    this.#onTrouble(new StatsdError('SEND_FAILED', `${message}; what is not delivered is counted`, { cause }));
  }

  recovered(): void {
    this.#told = false;
  }
}

/** The code of a system error, empty when it has none. */
export function errorCode(error: unknown): string {
  return (error as NodeJS.ErrnoException | undefined)?.code ?? '';
}
