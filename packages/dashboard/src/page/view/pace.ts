/** Between frames of a slow device: 30 a second. */
const SLOW_FRAME_MS = 33;
/** Between messages of what is only written: text changes no faster. On a slow device panels take turns, and text waits for them. */
const WRITTEN_MS = 100;
const SLOW_WRITTEN_MS = 200;

/** Whether this is a device with a coarse pointer, a phone or a tablet: their processors are several times slower than a desk's. */
export function isSlowDevice(): boolean {
  return matchMedia('(pointer: coarse)').matches;
}

/** Least time between two frames of this device, 0 where every frame of the screen is drawn. */
export function leastFrameMs(): number {
  return isSlowDevice() ? SLOW_FRAME_MS : 0;
}

/** Least time between two messages of what this device only writes. */
export function leastWrittenMs(): number {
  return isSlowDevice() ? SLOW_WRITTEN_MS : WRITTEN_MS;
}
