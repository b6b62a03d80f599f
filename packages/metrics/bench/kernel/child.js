// All cases of one library: prints `{ case: nanoseconds }`.
import { LIBRARIES } from './cases.js';
import { leastNanos } from './measure.js';

// The first case of a process would be charged for the compilation of the bench itself.
await leastNanos((n) => n);
const rows = {};
for (const [name, run] of Object.entries(await LIBRARIES[process.argv[2]]())) rows[name] = await leastNanos(run);
process.stdout.write(JSON.stringify(rows));
