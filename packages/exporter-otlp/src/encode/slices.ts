import { setImmediate } from 'node:timers';

/** Points between two places where encoding may pause, and between two looks at the clock. */
export const POINTS_PER_STEP = 64;
/** How long encoding works before the event loop has its turn. */
export const SLICE_MS = 1;

/** Work that can pause. Yields how many points it has gone through since it last did. */
export type Steps<T> = Generator<number, T, void>;

/** Runs work without a pause. */
export function runWhole<T>(work: Steps<T>): T {
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
  }
}

/** Runs work until it is done or a slice is over; returns its result, or a promise of it where more slices are needed. */
export function runInSlices<T>(work: Steps<T>, sliceMs: number): T | Promise<T> {
  const step = runSlice(work, sliceMs);
  return step.done === true ? step.value : runOn(work, sliceMs);
}

async function runOn<T>(work: Steps<T>, sliceMs: number): Promise<T> {
  for (;;) {
    await new Promise<void>((resolve) => {
      setImmediate(resolve);
    });
    const step = runSlice(work, sliceMs);
    if (step.done === true) return step.value;
  }
}

function runSlice<T>(work: Steps<T>, sliceMs: number): IteratorResult<number, T> {
  const endMs = performance.now() + sliceMs;
  let points = 0;
  for (;;) {
    const step = work.next();
    if (step.done === true) return step;
    points += step.value;
    if (points < POINTS_PER_STEP) continue;
    points = 0;
    if (performance.now() >= endMs) return step;
  }
}

/** Goes through `count` points in steps. */
export function* inSteps(count: number, step: (from: number, to: number) => void): Steps<void> {
  for (let from = 0; from < count; from += POINTS_PER_STEP) {
    const to = Math.min(from + POINTS_PER_STEP, count);
    step(from, to);
    yield to - from;
  }
}

/** Goes through `count` points in steps as long as they hold; returns whether all did. */
export function* allInSteps(count: number, holds: (from: number, to: number) => boolean): Steps<boolean> {
  for (let from = 0; from < count; from += POINTS_PER_STEP) {
    const to = Math.min(from + POINTS_PER_STEP, count);
    if (!holds(from, to)) return false;
    yield to - from;
  }
  return true;
}
