import { runPart } from '../run-part.ts';
import { runScrapes } from './run-scrapes.ts';

// `node test/stack/scrape/main.ts` runs only the part of the stack test in which Prometheus scrapes an exporter.
await runPart('scrape', runScrapes);
