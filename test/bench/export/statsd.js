// Budget: >= 500,000 lines/s formatted and packed per core. Without sending: that is the kernel's cost. By the CPU time of
// the whole process, so that other load on the machine hardly matters.
import { DeltaStore, lineFrame, STATSD_DIALECTS, StatsdBatch } from '@nanometer/exporter-statsd';

const SERIES = 10_000;
const MTU_BYTES = 1432;
const WARM_UP = 20;
const SAMPLES = 40;
const CASE = `StatsD of ${SERIES} counters with three attributes, all changed`;
const MEASURE = 'formatted and packed lines/s';

// Takes every datagram at once.
const sender = {
  refusals: 0,
  send: (_packet, settled) => settled(),
  drained: () => Promise.resolve(),
  recovered: () => {},
};

async function measure(dialect) {
  const store = new DeltaStore();
  const frames = Array.from({ length: SERIES }, (_, n) =>
    lineFrame(dialect, 'trading.fee', [
      ['strategy', `maker-${n % 7}`],
      ['exchange', 'binance-spot'],
      ['symbol', `SYM${n}USDT`],
    ]),
  );
  const slots = frames.map(() => store.open());
  const rates = [];
  for (let flush = 1 - WARM_UP; flush <= SAMPLES; flush++) {
    const before = process.cpuUsage();
    const batch = new StatsdBatch(store, sender, MTU_BYTES);
    for (let n = 0; n < SERIES; n++) {
      batch.own(n);
      batch.counter(frames[n], slots[n], 1, 0, (flush + WARM_UP) * 1.37 + n);
    }
    const { linesSent } = await batch.send();
    const { user, system } = process.cpuUsage(before);
    if (linesSent !== SERIES) throw new Error(`${dialect}: ${linesSent} lines, not ${SERIES}`);
    if (flush > 0) rates.push((linesSent * 1e6) / (user + system));
  }
  return { [MEASURE]: rates };
}

export const cases = [
  {
    name: CASE,
    libraries: Object.fromEntries(STATSD_DIALECTS.map((dialect) => [`nanometer, ${dialect}`, () => measure(dialect)])),
    targets: STATSD_DIALECTS.map((dialect) => ({
      library: `nanometer, ${dialect}`,
      measure: MEASURE,
      atLeast: 500_000,
      scaledBy: 'scrape',
    })),
  },
];
