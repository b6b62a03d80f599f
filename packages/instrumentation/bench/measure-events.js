// Measures the events of an instrumentation: nanoseconds (minimum over interleaved rounds) and bytes (median) per event.

// Until then not all of it is compiled, and what is interpreted boxes every double.
const WARM_UP_ROUNDS = 8;
const BATCH = 10_000;
const CHUNK = 200;

function eventsOf(make, count, first) {
  return Array.from({ length: count }, (_, index) => make(first + index));
}

/** Events are made in chunks just before they are recorded, as they are when they come off a connection. */
function timed({ subject, make, run }) {
  let elapsedMs = 0;
  for (let done = 0; done < BATCH; done += CHUNK) {
    const chunk = eventsOf(make, CHUNK, done);
    const startMs = performance.now();
    run(subject, chunk);
    elapsedMs += performance.now() - startMs;
  }
  return (elapsedMs * 1e6) / BATCH;
}

function allocated({ subject, make, run }) {
  const events = eventsOf(make, BATCH, 0);
  globalThis.gc?.();
  const bytesBefore = process.memoryUsage().heapUsed;
  run(subject, events);
  return (process.memoryUsage().heapUsed - bytesBefore) / BATCH;
}

const rounded = (value) => Math.round(value * 10) / 10;
const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];

/** Cases are `{ case, library, subject, make, run }`: `make(index)` gives an event, `run(subject, events)` records them. */
export function measureEvents(cases, rounds) {
  const entries = cases.map((each) => ({ ...each, nanos: [], bytes: [] }));
  for (let round = -WARM_UP_ROUNDS; round < rounds; round++) {
    for (const entry of entries) {
      const nanos = timed(entry);
      const bytes = allocated(entry);
      if (round < 0) continue;
      entry.nanos.push(nanos);
      entry.bytes.push(bytes);
    }
  }
  return entries.map((entry) => ({
    case: entry.case,
    library: entry.library,
    nsPerOp: rounded(Math.min(...entry.nanos)),
    bytesPerOp: rounded(median(entry.bytes)),
  }));
}
