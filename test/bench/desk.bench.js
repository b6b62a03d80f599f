// npm run bench:desk [-- --json] [-- --rounds N] [-- --only TEXT]
//
// What the desk's instrumentation costs, on one core. Cases that replay recorded markets look for them in ../shared/data, or
// in the folder NANOMETER_SHARED_DATA names. A young generation of the size a service would be given: see docs/benchmarks.md.
import { runSuite } from './harness/run-suite.js';

await runSuite('desk');
