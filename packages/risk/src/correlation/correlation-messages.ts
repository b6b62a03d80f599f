import type { CorrelatedPair } from './correlation-engine.ts';
import type { CorrelationSettings } from './correlation-options.ts';
import type { RingMemory } from './record-ring.ts';

// Records in the ring. Of a grid step: time, number of instruments, then a price for every instrument there may be.
// Of a tick: its price and the instrument's index; of a step of ticks: time, -1 - number of instruments.
export const TIME = 0;
export const COUNT = 1;
export const PRICES = 2;
export const TICK_STRIDE = 2;

/** What the worker starts with. */
export interface CorrelationOrder {
  readonly settings: CorrelationSettings;
  readonly ring: RingMemory;
  /** Net exposure by instrument, kept current by the other thread. */
  readonly exposures: SharedArrayBuffer;
  readonly wantsMatrix: boolean;
}

/** What the worker found at a step. */
export interface CorrelationResult {
  readonly timeMs: number;
  /** Instruments, known or not; their indices are below. */
  readonly count: number;
  /** Steps since the last result, this one included. */
  readonly steps: number;
  readonly durationMs: number;
  readonly average: number | undefined;
  readonly largestEigenvalueShare: number | undefined;
  readonly pairs: readonly CorrelatedPair[];
  readonly matrix: Float32Array | Float64Array | undefined;
}
