// Records the total 1, 2, 3… and commits, for ever; says after each commit what is committed, and between commits goes on recording.
import { History } from '@nanometer/history';

const [path = '', nowText = '0'] = process.argv.slice(2);
const startMs = Number(nowText);
let timeMs = startMs;
const history = await History.open({ path, now: () => timeMs });
const recorder = history.recorder({ name: 'ticks', kind: 'counter', unit: '1', attributes: {}, resource: {} })!;
let total = 0;
for (;;) {
  for (let index = 0; index < 50; index++) recorder.counter((timeMs += 7), startMs, ++total);
  await history.commit();
  process.stdout.write(`${total} ${history.stats().commitsFailed}\n`);
}
