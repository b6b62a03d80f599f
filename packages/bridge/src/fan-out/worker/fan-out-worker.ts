// The worker's program: serves stream and public port, fed through the ring.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { LiveServer, type SeriesDescriptor } from '@nanometer/live';
import type { BridgeError } from '../../errors.ts';
import { closeServer, GRACE_MS, listen } from '../../servers/listen.ts';
import type { EventText } from '../feed/outgoing-texts.ts';
import type { FanOutOrder, FromWorker, ToWorker } from '../messages.ts';
import { BEAT, WANTS_EVERY_ROW } from '../ring/ring-memory.ts';
import { RingReader, type RingVisitor } from '../ring/ring-reader.ts';
import { writeCounts } from '../shared-counts.ts';
import { publicFront } from './public-front.ts';
import { RemoteHistory } from './remote-history.ts';

/** Words read before sockets and timers have their turn: 512 KiB, some 25,000 rows. */
const WORDS_PER_TURN = 65_536;
/** How old counts and signs of life may be. */
const BEAT_EVERY_MS = 100;

const order = workerData as FanOutOrder;
const port = parentPort!;
const tell = (message: FromWorker): void => port.postMessage(message);

const catchUp = (): void => void reader.read();
const history = new RemoteHistory(tell, catchUp);
const front = publicFront(order, (request, response) => live.handleRequest(request, response));
const live = new LiveServer({ ...order.live, server: front, catchUp, ...(order.hasHistory ? { history } : {}) });
let series = 0;

const visitor: RingVisitor = {
  row: (id, timeMs, value) => live.update(id, timeMs, value),
  series: (text) => {
    for (const descriptor of JSON.parse(text) as SeriesDescriptor[]) {
      const id = live.register(descriptor);
      // Ids are places in two tables that are filled in the same order.
      if (id !== series++) throw new Error(`series ${series - 1} of the bridge is ${id} here`);
    }
  },
  event: (text) => {
    const { topic, retain, bodyText } = JSON.parse(text) as EventText;
    live.publishEvent(topic, JSON.parse(bodyText), { retain });
  },
  synced: () => tell({ kind: 'ready' }),
};
const reader = new RingReader(order.ring, visitor);

/** Lets subscribers in, who then find everything there. */
async function open(publicPort: number): Promise<void> {
  try {
    const text = (trouble: string): void => tell({ kind: 'trouble', text: trouble });
    tell({ kind: 'listening', port: await listen(front, order.host, publicPort, 'port', text) });
  } catch (error) {
    const { code, message } = error as BridgeError;
    tell({ kind: 'failed', code: code === 'PORT_IN_USE' ? code : 'LISTEN_FAILED', message });
    await end();
  }
}

function beat(): void {
  const { positions } = order.ring;
  Atomics.store(positions, WANTS_EVERY_ROW, live.wantsEveryUpdate ? 1 : 0);
  Atomics.add(positions, BEAT, 1);
  writeCounts(order.counts, live.stats());
}

async function end(): Promise<void> {
  reader.read();
  await live.close();
  await closeServer(front, GRACE_MS);
  beat();
  process.exit(0);
}

port.on('message', (message: ToWorker) => {
  if (message.kind === 'history') history.answer(message);
  else if (message.kind === 'listen') void open(message.port);
  else void end();
});
setInterval(beat, BEAT_EVERY_MS);

for (;;) {
  const isMore = reader.read(WORDS_PER_TURN);
  Atomics.store(order.ring.positions, WANTS_EVERY_ROW, live.wantsEveryUpdate ? 1 : 0);
  if (isMore) await nextTurn();
  else await reader.wait();
}
