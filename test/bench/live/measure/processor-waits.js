import { openSync, readSync } from 'node:fs';

const NANOS_PER_MS = 1e6;

/**
 * How long the main threads of processes were ready to run and had no processor (`/proc/PID/schedstat`, the second number): what
 * the machine's scheduler adds to what they do. Each call of what it returns answers with the milliseconds since the call before,
 * of all of them together; NaN where a system does not tell.
 */
export function processorWaits(pids) {
  const bytes = Buffer.alloc(96);
  const files = pids.map(opened);
  let before = 0;
  return () => {
    const nanos = files.reduce((sum, file) => sum + (file === undefined ? NaN : waitedNanos(file, bytes)), 0);
    const sinceMs = (nanos - before) / NANOS_PER_MS;
    before = nanos;
    return sinceMs;
  };
}

function opened(pid) {
  try {
    return openSync(`/proc/${pid}/schedstat`, 'r');
  } catch {
    return undefined;
  }
}

function waitedNanos(file, bytes) {
  const length = readSync(file, bytes, 0, bytes.length, 0);
  return Number(bytes.latin1Slice(0, length).split(' ')[1]);
}
