// Child of fan-out.bench.js: exports so many points a second by OTLP/HTTP to the address it is told, until it is told none.
import { request } from '../../test/support/otlp.ts';

const [perSecond] = process.argv.slice(2);
const POINTS = 5_000;
const everyMs = (1_000 * POINTS) / Number(perSecond);
const TIME = 0x1020304050607080n;
const points = Array.from({ length: POINTS }, (_, n) => ({ attributes: { n: String(n) }, time: TIME, value: n }));
const body = request([{ name: 'load', monotonic: true, sum: points }], { 'service.name': 'load' });
const mark = Buffer.alloc(8);
mark.writeBigUInt64LE(TIME);
const offsets = [];
for (let at = body.indexOf(mark); at >= 0; at = body.indexOf(mark, at + 8)) offsets.push(at);
let target;
let time = 1n;
let sent = 0;
let waiting = 0;

setInterval(() => {
  // As many as the rate asks for, and none on top of one that is still taken.
  if (target === undefined || waiting > 1) return;
  time += 1n;
  for (const at of offsets) body.writeBigUInt64LE(time, at);
  waiting += 1;
  void fetch(target, { method: 'POST', headers: { 'content-type': 'application/x-protobuf' }, body })
    .then(async (response) => {
      await response.arrayBuffer();
      sent += POINTS;
      return undefined;
    })
    .catch(() => undefined)
    .finally(() => (waiting -= 1));
}, everyMs);
process.on('message', (url) => {
  if (url === 'sent') process.send(sent);
  else target = url ?? undefined;
});
process.once('disconnect', () => process.exit(0));
process.send('ready');
