import { diag } from '@opentelemetry/api';

/** Why a measurement was not recorded. */
export type DropCause = 'not_a_number' | 'non_finite' | 'negative' | 'invalid_attributes';

const EXPLANATION: Readonly<Record<DropCause, string>> = {
  not_a_number: 'the value is not of type number',
  non_finite: 'NaN or an infinity would poison the sum for ever',
  negative: 'counters and histograms accept values >= 0 only',
  invalid_attributes: 'the attributes could not be read, or hold a bigint, symbol, function or cycle',
};

export const DROP_CAUSES: readonly DropCause[] = ['not_a_number', 'non_finite', 'negative', 'invalid_attributes'];

/** Counts the measurements a provider refused, by cause, and warns once per cause. */
export class DropCounts {
  readonly #counts: Record<DropCause, number> = { not_a_number: 0, non_finite: 0, negative: 0, invalid_attributes: 0 };

  count(cause: DropCause, instrumentName: string): void {
    if (this.#counts[cause]++ > 0) return;
    diag.warn(`metrics: dropped a measurement of "${instrumentName}": ${EXPLANATION[cause]} (warned once, counted)`);
  }

  /** Classifies a value that an instrument's guard refused. */
  refuse(value: unknown, instrumentName: string): void {
    if (typeof value !== 'number') this.count('not_a_number', instrumentName);
    else this.count(Number.isFinite(value) ? 'negative' : 'non_finite', instrumentName);
  }

  of(cause: DropCause): number {
    return this.#counts[cause];
  }
}
