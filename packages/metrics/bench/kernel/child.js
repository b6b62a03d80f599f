// All cases of one library: prints `{ case: { nsMin, nsMedian, bytesPerOp } }`. Needs --expose-gc.
import { measure } from '../record/measure.js';
import { LIBRARIES } from './cases.js';

// The first case of a process would be charged for the compilation of the bench itself.
await measure((n) => n);
const rows = {};
for (const [name, run] of Object.entries(await LIBRARIES[process.argv[2]]())) rows[name] = await measure(run);
process.stdout.write(JSON.stringify(rows));
