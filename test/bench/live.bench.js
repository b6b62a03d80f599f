// npm run bench:live [-- --json] [-- --rounds N] [-- --fills N]
//
// The live stream's targets: from a fill in the desk to a subscriber of the risk lane (three processes: desk, bridge,
// subscribers), fan-out of the bulk lane, decoding. A hiccup meter beside each latency, a thread that does nothing else, shows
// how late the machine itself is. A verdict is by the best round: load only ever makes things worse.
import { parseArgs } from 'node:util';
import { startHiccupMeter } from './alerts/hiccup-meter.js';
import { environment, load } from './harness/environment.js';
import { decodeCost } from './live/decode.js';
import { bulkFanOut } from './live/fan-out.js';
import { positionLatency } from './live/position-latency.js';

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '3' },
    fills: { type: 'string', default: '1000' },
  },
});
const loadBefore = load();

const progress = (what, result) => process.stderr.write(`${what}: ${JSON.stringify(result)}\n`);

const latency = [];
const fanOut = [];
const decode = [];
for (let round = 0; round < Number(options.rounds); round++) {
  for (const subscribers of [1, 10, 100]) {
    const meter = await startHiccupMeter();
    const result = await positionLatency(subscribers, Number(options.fills));
    latency.push({ ...result, hiccupMs: await meter.stop() });
    progress(`${subscribers} subscribers`, latency.at(-1));
  }
  fanOut.push(await bulkFanOut());
  decode.push(decodeCost());
  progress('fan-out and decode', [fanOut.at(-1), decode.at(-1)]);
}

const of = (subscribers) => latency.filter((each) => each.subscribers === subscribers);
const least = (rows, pick) => Math.min(...rows.map(pick));
const most = (rows, pick) => Math.max(...rows.map(pick));
const atMost = (target, measured, limit, unit) => ({ target, measured, unit, atMost: limit, met: measured <= limit });
const atLeast = (target, measured, limit, unit) => ({ target, measured, unit, atLeast: limit, met: measured >= limit });
const hiccupBeside = (subscribers, pick) => {
  const best = of(subscribers).toSorted((a, b) => pick(a) - pick(b))[0];
  return { hiccupP99Ms: best.hiccupMs.p99 };
};
const p50 = ({ latencyMs }) => latencyMs.p50;
const p99 = ({ latencyMs }) => latencyMs.p99;

const document = {
  command: 'npm run bench:live -- --json',
  ...environment([]),
  load: { before: loadBefore, after: load() },
  latency,
  fanOut,
  decode,
  targets: [
    ...[1, 10].flatMap((n) => [
      {
        ...atMost(`fill to subscriber, ${n} on the risk lane, p50`, least(of(n), p50), 0.2, 'ms'),
        ...hiccupBeside(n, p50),
      },
      {
        ...atMost(`fill to subscriber, ${n} on the risk lane, p99`, least(of(n), p99), 1, 'ms'),
        ...hiccupBeside(n, p99),
      },
    ]),
    {
      ...atMost('fill to subscriber, 100 on the risk lane, p50', least(of(100), p50), 0.6, 'ms'),
      ...hiccupBeside(100, p50),
    },
    atLeast(
      'bulk lane, 10 clients, updates taken',
      most(fanOut, (each) => each.updatesPerSecond),
      1_000_000,
      '/s',
    ),
    atLeast(
      'bulk lane, 10 clients, deliveries',
      most(fanOut, (each) => each.deliveriesPerSecond),
      4_000_000,
      '/s',
    ),
    atMost(
      'decode in the client',
      least(decode, (each) => each.nsPerUpdate),
      5,
      'ns',
    ),
  ],
};

if (options.json) process.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
else {
  console.log(`${document.machine}, node ${document.node}, load ${loadBefore} to ${document.load.after}`);
  for (const [name, rows] of Object.entries({ latency, fanOut, decode })) {
    for (const row of rows) console.log(`${name.padEnd(8)} ${JSON.stringify(row)}`);
  }
  for (const { target, measured, unit, met, hiccupP99Ms, ...limit } of document.targets) {
    const beside = hiccupP99Ms === undefined ? '' : `, hiccup p99 ${hiccupP99Ms} ms`;
    console.log(`${met ? 'met   ' : 'MISSED'} ${target}: ${measured} ${unit} (${JSON.stringify(limit)}${beside})`);
  }
}
