import { type CovarianceSource, normalise } from './covariance-source.ts';
import { triangleLength } from './triangle.ts';
import { WindowedCovariance } from './windowed-covariance.ts';

/**
 * Windowed covariances drawn towards a multiple of the identity by Ledoit and Wolf (2004), in a stream: the sample
 * covariance is kept by sums, so that a step costs size² and not window × size². Equals `ledoitWolf` on the rows of the
 * window, over the instruments that are known.
 */
export class ShrunkCovariance implements CovarianceSource {
  readonly size: number;
  readonly #window: WindowedCovariance;
  readonly #covariances: Float64Array;
  readonly #deviations: Float64Array;
  #intensity: number | undefined = undefined;

  /** As {@link WindowedCovariance}. */
  constructor(size: number, window: number) {
    this.size = size;
    this.#window = new WindowedCovariance(size, window);
    this.#covariances = new Float64Array(triangleLength(size));
    this.#deviations = new Float64Array(size);
  }

  /** Share of the target in the latest {@link correlationsInto}, 0 to 1; undefined before any. */
  get intensity(): number | undefined {
    return this.#intensity;
  }

  /** Takes one step's returns, as many as there are instruments. */
  add(returns: Float64Array | readonly number[]): void {
    this.#window.add(returns);
  }

  correlationsInto(into: Float64Array, known: Uint8Array): void {
    const cells = this.#covariances;
    this.#window.covariancesInto(cells, known);
    this.#shrink(cells, known);
    normalise(cells, known, this.#deviations, into);
  }

  #shrink(cells: Float64Array, known: Uint8Array): void {
    let count = 0;
    let trace = 0;
    let squares = 0;
    let at = 0;
    for (let i = 0; i < this.size; i++) {
      if (known[i] === 0) {
        at += i + 1;
        continue;
      }
      count++;
      for (let j = 0; j < i; j++, at++) if (known[j] === 1) squares += 2 * cells[at]! * cells[at]!;
      trace += cells[at]!;
      squares += cells[at]! * cells[at]!;
      at++;
    }
    if (count === 0) return;
    const target = trace / count;
    const distance = squares / count - target * target;
    const steps = this.#window.count;
    const noise = (this.#window.squaredNorms(known) / steps - squares) / steps;
    const intensity = distance > 0 ? Math.max(0, Math.min(distance, noise / count) / distance) : 0;
    this.#intensity = intensity;
    at = 0;
    for (let i = 0; i < this.size; i++) {
      for (let j = 0; j < i; j++, at++) cells[at]! *= 1 - intensity;
      cells[at] = (1 - intensity) * cells[at]! + intensity * target;
      at++;
    }
  }
}
