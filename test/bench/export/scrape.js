// Budget: 10,000 series, a fifth of them histograms (44,000 lines), all values changed: < 5 ms CPU, the event loop held
// <= 2 ms at a time, >= 6 x prom-client, >= 15 x the stock exporter.
import { measureRuns } from '../harness/measure.js';
import { openScraped, SERIES } from '../harness/scraped.js';

const CASE = `scrape of ${SERIES} series, a fifth histograms, all values changed`;

const STOCK = '@opentelemetry/exporter-prometheus';

async function scrape(library) {
  const { recordAll, render, lines } = await openScraped(library);
  recordAll();
  const found = await lines();
  // Protobuf has none.
  if (found !== 44_000 && library !== PROTOBUF) throw new Error(`${library} printed ${found} samples, not 44,000`);
  return measureRuns(render, { prepare: recordAll });
}

const TEXT = 'nanometer, text';
const OPEN_METRICS = 'nanometer, OpenMetrics';
const PROTOBUF = 'nanometer, protobuf';
const LIBRARIES = [TEXT, OPEN_METRICS, PROTOBUF, 'prom-client', STOCK];

export const cases = [
  {
    name: CASE,
    peers: ['prom-client', STOCK, '@opentelemetry/sdk-metrics'],
    yardstick: 'scrape',
    libraries: Object.fromEntries(LIBRARIES.map((library) => [library, async () => scrape(library)])),
    targets: [
      { library: TEXT, measure: 'CPU ms', atMost: 5, scaledBy: 'scrape' },
      { library: TEXT, measure: 'longest block ms', atMost: 2 },
      { library: TEXT, measure: 'CPU ms', against: 'prom-client', times: 6 },
      { library: TEXT, measure: 'CPU ms', against: STOCK, times: 15 },
      { library: OPEN_METRICS, measure: 'CPU ms', against: 'prom-client', times: 6 },
    ],
  },
];
