/** Series that are read between two places where reading may pause: some 10 to 100 µs of work. */
export const SERIES_PER_STEP = 64;

/** Work that can pause. Yields how many series it has gone through since it last did; nothing is half done then. */
export type Steps<T> = Generator<number, T, void>;
