// What a state directory costs: points per second of CPU time, all threads, through the journal beside those without one, interleaved;
// and what saving the state and going on from it take. Run after `npm run build`:
//   node packages/bridge/bench/durable.bench.js [--json]
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { LiveServer } from '@nanometer/live';
import { BridgeState } from '../dist/bridge-state.js';
import { journaledIntake } from '../dist/intake.js';
import { DurableJournal } from '../dist/journal/durable-journal.js';
import { NO_JOURNAL } from '../dist/journal/journal.js';
import { checkedOptions } from '../dist/options.js';
import { request } from '../test/support/otlp.ts';

const ROUNDS = 7;
const SERIES = 10_000;
const POINTS_PER_REQUEST = 1000;
/** Requests under way at once, as of several senders. */
const SENDERS = 8;
const FIRST_TIME = 0x1020304050607080n;

/** Milliseconds of CPU time since then; on a busy machine the clock says more of the others. */
const cpuMs = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

const attributesOf = (n) => ({ strategy: `maker-${n % 7}`, exchange: 'binance-spot', symbol: `SYM${n}USDT` });

/** Bodies that together hold a point of each series; their times are moved on before each sending. */
const bodies = Array.from({ length: SERIES / POINTS_PER_REQUEST }, (_, part) => {
  const sum = Array.from({ length: POINTS_PER_REQUEST }, (_point, n) => ({
    attributes: attributesOf(part * POINTS_PER_REQUEST + n),
    start: 1n,
    time: FIRST_TIME,
    value: n,
  }));
  const body = request([{ name: 'c', monotonic: true, sum }], { 'service.name': 'desk' });
  const mark = Buffer.alloc(8);
  mark.writeBigUInt64LE(FIRST_TIME);
  const timesAt = [];
  for (let at = body.indexOf(mark); at >= 0; at = body.indexOf(mark, at + 8)) timesAt.push(at);
  return { body, timesAt };
});

let time = FIRST_TIME;
async function begin(stateFsync) {
  const directory = stateFsync && mkdtempSync(join(tmpdir(), 'bridge-bench-'));
  const options = checkedOptions(
    directory ? { stateDirectory: directory, stateFsync, stateSnapshotBytes: 2 ** 30 } : {},
  );
  const journal = options.durable && (await DurableJournal.open(options.durable, Date.now, console.error));
  const state = new BridgeState(options, new LiveServer({ server: createServer() }), Date.now());
  await journal?.recover(state);
  return { directory, options, journal, take: journaledIntake(state.ingest, journal ?? NO_JOURNAL, Date.now) };
}

async function measure({ take }) {
  const startMs = cpuMs();
  for (let turn = 0; turn < 8; turn++) {
    time += 1_000_000n;
    for (const { body, timesAt } of bodies) for (const at of timesAt) body.writeBigUInt64LE(time, at);
    const waiting = bodies.map(({ body }) => body);
    const sender = async () => {
      for (let body = waiting.pop(); body; body = waiting.pop()) await take(body, 'grpc');
    };
    await Promise.all(Array.from({ length: SENDERS }, sender));
  }
  return (8 * SERIES * 1000) / (cpuMs() - startMs);
}

const lives = { memory: await begin(), never: await begin('never'), always: await begin('always') };
const rates = { memory: [], never: [], always: [] };
for (let round = -1; round < ROUNDS; round++) {
  for (const [name, life] of Object.entries(lives)) {
    const rate = await measure(life);
    if (round >= 0) rates[name].push(rate);
  }
}
const { journal, directory, options } = lives.always;
await journal.close();
const replayStartMs = cpuMs();
const again = await DurableJournal.open(options.durable, Date.now, console.error);
await again.recover(new BridgeState(options, new LiveServer({ server: createServer() }), Date.now()));
const replayMs = cpuMs() - replayStartMs;
const { replayed } = again.stats();
const saveStartMs = cpuMs();
await again.save();
const saveMs = cpuMs() - saveStartMs;
await again.close();
await lives.never.journal.close();
for (const each of [directory, lives.never.directory]) rmSync(each, { recursive: true });

const best = (name) => Math.round(Math.max(...rates[name]));
const result = {
  pointsPerCpuSecond: { memory: best('memory'), 'fsync never': best('never'), 'fsync always': best('always') },
  saveCpuMs: Math.round(saveMs),
  replayedPointsPerCpuSecond: Math.round((replayed * POINTS_PER_REQUEST * 1000) / replayMs),
};
const host = { node: process.version, cpu: cpus()[0]?.model, load: Number(loadavg()[0].toFixed(1)) };
if (process.argv.includes('--json')) console.log(JSON.stringify({ ...host, ...result }, undefined, 2));
else console.log(host, result);
process.exit(0);
