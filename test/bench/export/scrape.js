// Budget: 10,000 series, a fifth of them histograms (44,000 lines), all values changed: < 5 ms CPU, the event loop held
// <= 2 ms at a time, >= 6 x prom-client, >= 15 x the stock exporter.
import { measureRuns } from '../harness/measure.js';
import { openScraped, SERIES } from '../harness/scraped.js';

const CASE = `scrape of ${SERIES} series, a fifth histograms, all values changed`;

const STOCK = '@opentelemetry/exporter-prometheus';

async function scrape(library) {
  const { recordAll, render, lines } = await openScraped(library);
  recordAll();
  const first = await lines();
  // Formats differ by their comments; all have the samples.
  if (first !== undefined && first !== 44_000) throw new Error(`${library} printed ${first} samples, not 44,000`);
  return measureRuns(render, { prepare: recordAll });
}

const LIBRARIES = ['prom-client', STOCK];

export const cases = [
  {
    name: CASE,
    peers: ['prom-client', STOCK, '@opentelemetry/sdk-metrics'],
    libraries: Object.fromEntries(LIBRARIES.map((library) => [library, async () => scrape(library)])),
    targets: [],
  },
];
