import { runPart } from '../run-part.ts';
import { runStatsdDialects } from './run-statsd-dialects.ts';

// `node test/stack/statsd/main.ts` runs only the part of the stack test that sends StatsD to real servers.
await runPart('statsd', runStatsdDialects);
