// What recording costs, and how long a commit of 10,000 series keeps the event loop. Run after `npm run build`:
//   node --expose-gc packages/history/bench/record.bench.js [--json]
// A gauge is recorded beside a bare loop of the same additions, interleaved. The longest turn of the loop is read off a timer
// that wants to run all the time, with and without a commit under way.
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { History } from '@nanometer/history';

const ROUNDS = 9;
const SERIES = 10_000;
const POINTS = 100;
const folder = mkdtempSync(join(tmpdir(), 'history-bench-'));
const startMs = Date.now();
const history = await History.open({ path: join(folder, 'history.sqlite') });
const recorders = Array.from({ length: SERIES }, (_, index) =>
  history.recorder({ name: `bench.${index}`, kind: 'gauge', unit: '1', attributes: {}, resource: {} }),
);

const bare = new Float64Array(SERIES * 4);
const rounds = { recorded: [], bare: [], commitTurnMs: [], idleTurnMs: [] };
let timeMs = startMs;
for (let round = 0; round < ROUNDS; round++) {
  rounds.bare.push(nanosOf(addBare));
  rounds.recorded.push(nanosOf(record));
  rounds.idleTurnMs.push(await longestTurn(() => new Promise((resolve) => setTimeout(resolve, 100))));
  rounds.commitTurnMs.push(await longestTurn(() => history.commit()));
}
const before = process.memoryUsage().heapUsed;
globalThis.gc?.();
const heap = process.memoryUsage().heapUsed;
record();
const bytesPerPoint = (process.memoryUsage().heapUsed - heap) / (SERIES * POINTS);
await history.close();
rmSync(folder, { recursive: true });

const least = (values) => Math.min(...values);
const result = {
  cpu: cpus()[0].model,
  load: loadavg()[0],
  nanosPerPoint: least(rounds.recorded),
  timesBare: least(rounds.recorded.map((nanos, round) => nanos / rounds.bare[round])),
  bytesPerPoint: globalThis.gc === undefined ? undefined : bytesPerPoint,
  commitTurnMs: { median: median(rounds.commitTurnMs), least: least(rounds.commitTurnMs) },
  idleTurnMs: { median: median(rounds.idleTurnMs), least: least(rounds.idleTurnMs) },
  heapMegabytes: before / 2 ** 20,
};
console.log(process.argv.includes('--json') ? JSON.stringify(result) : result);

function record() {
  for (let point = 0; point < POINTS; point++) {
    for (const recorder of recorders) recorder.gauge(timeMs, point);
  }
}

function addBare() {
  for (let point = 0; point < POINTS; point++) {
    for (let at = 0; at < bare.length; at += 4) {
      bare[at]++;
      if (point < bare[at + 1]) bare[at + 1] = point;
      if (point > bare[at + 2]) bare[at + 2] = point;
      bare[at + 3] += point;
    }
  }
}

function nanosOf(run) {
  timeMs++;
  const from = process.hrtime.bigint();
  run();
  return Number(process.hrtime.bigint() - from) / (SERIES * POINTS);
}

async function longestTurn(run) {
  let longestMs = 0;
  let lastMs = performance.now();
  let isRunning = true;
  const turn = () => {
    const nowMs = performance.now();
    longestMs = Math.max(longestMs, nowMs - lastMs);
    lastMs = nowMs;
    if (isRunning) setImmediate(turn);
  };
  setImmediate(turn);
  await run();
  isRunning = false;
  return longestMs;
}

function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}
