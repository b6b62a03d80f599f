import type { FlowWindowResult } from './flow-window.ts';
import type { VolumeBucket } from './vpin.ts';

/** Settings of VPIN. */
export interface VpinSettings {
  /** Volume of a bucket in units of the instrument, usually a fiftieth of a day's volume. */
  readonly bucketVolume: number;
  /** Buckets it is the mean of; default 50. */
  readonly buckets?: number | undefined;
  /** Length of the time bars of bulk classification; absent: that variant is not computed. */
  readonly bulkBarLength?: number | undefined;
  readonly onBucket?: ((bucket: VolumeBucket) => void) | undefined;
}

/**
 * Settings of {@link MarketMicrostructure}. Lengths are in the unit of the events' times; the defaults take it to be
 * milliseconds.
 */
export interface MicrostructureOptions {
  /** Time constant of the time-weighted means; default Infinity, all time alike. */
  readonly timeConstant?: number | undefined;
  /** Lengths of the windows of order flow and price impact; default 1,000 and 10,000. */
  readonly flowWindows?: readonly number[] | undefined;
  /** Half-life of the regressions in windows; default Infinity. */
  readonly flowHalfLife?: number | undefined;
  readonly onFlowWindow?: ((length: number, window: FlowWindowResult) => void) | undefined;
  /** Half-life of Roll's spread in trades; default Infinity. */
  readonly rollHalfLife?: number | undefined;
  /** Step of the grid of realized measures; default 1,000. */
  readonly gridStep?: number | undefined;
  /** Steps the realized measures look back; absent: to the start. */
  readonly gridSteps?: number | undefined;
  /** Length of the bars of range estimators and Amihud's measure; default 60,000. */
  readonly barLength?: number | undefined;
  /** Bars the range estimators look back; default 60. */
  readonly bars?: number | undefined;
  /** Half-life of Amihud's measure in bars; default Infinity. */
  readonly amihudHalfLife?: number | undefined;
  /** Time constant of the trade and quote rates; default 10,000. */
  readonly rateTimeConstant?: number | undefined;
  /** A spread this many times the one before a trade is a sweep, above 1; default 2. */
  readonly sweepFactor?: number | undefined;
  /** After this a spread that has not come back is given up; default 60,000. */
  readonly sweepTimeout?: number | undefined;
  readonly onRecovery?: ((duration: number) => void) | undefined;
  /** Absent: no VPIN. */
  readonly vpin?: VpinSettings | undefined;
  /** A time that falls by more than this is a clock set back, and everything that spans time begins anew; default 60,000. */
  readonly stepBack?: number | undefined;
}
