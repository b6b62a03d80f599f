// A thread that only sleeps a millisecond at a time: how late it wakes is the machine's doing, not ours.
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { percentAbove, quantilesOf } from './quantiles.js';

/** Starts the meter and waits until it runs; `stop` resolves with the lateness of its wake-ups in milliseconds. */
export async function startHiccupMeter() {
  const shared = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(new URL(import.meta.url), { workerData: shared });
  await new Promise((resolve) => {
    worker.once('message', resolve);
  });
  const result = new Promise((resolve) => {
    worker.once('message', resolve);
  });
  return {
    stop: async () => {
      Atomics.store(shared, 0, 1);
      return result;
    },
  };
}

if (!isMainThread) {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's port has no origin
  parentPort.postMessage('running');
  const late = [];
  while (Atomics.load(workerData, 0) === 0) {
    const begun = performance.now();
    Atomics.wait(workerData, 0, 0, 1);
    late.push(Math.max(0, performance.now() - begun - 1));
  }
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- as above
  parentPort.postMessage({ ...quantilesOf(late), over1MsPercent: percentAbove(late, 1) });
}
