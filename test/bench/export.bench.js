// npm run bench:export [-- --json] [-- --rounds N] [-- --only TEXT]
import { runSuite } from './harness/run-suite.js';

await runSuite('export', {
  elsewhere: [{ what: 'the whole pipeline at 50,000 points/s', command: 'npm run test:load' }],
});
