import type { HrTime } from '@opentelemetry/api';

const TWO_32 = 4294967296;

/** Unix nanoseconds of an HrTime as two halves. All points of a collection share a few times, so the last is kept. */
export class TimeHalves {
  low = 0;
  high = 0;
  #seconds = 0;
  #nanos = 0;

  set(time: HrTime): void {
    const seconds = time[0];
    const nanos = time[1];
    if (seconds === this.#seconds && nanos === this.#nanos) return;
    this.#seconds = seconds;
    this.#nanos = nanos;
    // seconds × 10^9 is beyond 2^53: two products of 16-bit parts are not.
    const lower = (seconds & 0xffff) * 1e9;
    const upper = ((seconds / 65536) >>> 0) * 1e9;
    const sum = (lower >>> 0) + (((upper & 0xffff) * 65536) >>> 0) + nanos;
    this.low = sum >>> 0;
    this.high = (Math.floor(lower / TWO_32) + ((upper / 65536) >>> 0) + Math.floor(sum / TWO_32)) >>> 0;
  }
}
