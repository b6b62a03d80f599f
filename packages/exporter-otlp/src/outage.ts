import type { SendResult } from './send/transport.ts';

type Failure = SendResult & { kind: 'retry' };

/** Tells once when the receiver goes away and once when it is back. */
export class Outage {
  lastError: string | undefined;
  readonly #onOutage: ((failure: Failure) => void) | undefined;
  readonly #onRecovery: ((failedAttempts: number) => void) | undefined;
  #attempts = 0;

  constructor(
    onOutage: ((failure: Failure) => void) | undefined,
    onRecovery: ((failedAttempts: number) => void) | undefined,
  ) {
    this.#onOutage = onOutage;
    this.#onRecovery = onRecovery;
  }

  failed(failure: Failure): void {
    this.lastError = failure.error;
    if (this.#attempts++ === 0) this.#onOutage?.(failure);
  }

  answered(): void {
    this.lastError = undefined;
    const attempts = this.#attempts;
    this.#attempts = 0;
    if (attempts > 0) this.#onRecovery?.(attempts);
  }
}
