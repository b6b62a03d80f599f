// Child of the suite `live`: one thread that takes updates of 10,000 series as fast as it can and fans them out.
import { LiveServer } from '@nanometer/live';

const SERIES = 10_000;
const server = new LiveServer({ port: 0, limits: { seriesPerSubscription: SERIES } });
const { url } = await server.ready();
const ids = Array.from({ length: SERIES }, (_, index) =>
  server.register({ name: 'x', kind: 'gauge', field: 'value', unit: '1', attributes: { index }, resource: {} }),
);
let value = 0;
const turn = () => {
  value += 1;
  const now = Date.now();
  for (let index = 0; index < SERIES; index++) server.update(ids[index], now, value + index);
  setImmediate(turn);
};
process.on('message', (message) => {
  if (message === 'go') turn();
  else process.send({ at: performance.now(), ...server.stats() });
});
process.once('disconnect', () => process.exit(0));
process.send(url);
