import type { History } from '../store/history.ts';

/** One line of a chart. */
export interface Line {
  readonly history: History;
  readonly color: string;
  /** As in a look; solid if there is none. */
  readonly dash?: readonly number[];
  /** Name at the line's end. */
  readonly label?: string;
  /** Time between values beyond which the line breaks, in milliseconds. */
  readonly gapMs: number;
  /** Time up to which the source has spoken: an unchanged value continues to here. */
  readonly untilMs: number;
}

/** What to draw. */
export interface LineChartView {
  readonly lines: readonly Line[];
  readonly nowMs: number;
  readonly windowMs: number;
}

/** How a chart looks at its values. */
export interface LineChartOptions {
  readonly scale: 'linear' | 'log';
  /** Keep zero in view: for amounts and rates, where the distance to zero is the message. */
  readonly includeZero?: boolean;
  readonly formatTick: (value: number) => string;
  /** Formats a clock time on the time axis. */
  readonly formatTime: (timeMs: number) => string;
}
