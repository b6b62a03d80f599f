// One family of one library: prints `{ case: { nsMin, nsMedian, bytesPerOp } }`. Needs --expose-gc.
import { LIBRARIES } from './cases.js';
import { measure } from './measure.js';

const [library, family] = process.argv.slice(2);
// The first case of a process would be charged for the compilation of the bench itself.
await measure((n) => n);
const rows = {};
for (const [name, run] of Object.entries(await LIBRARIES[library][family]())) rows[name] = await measure(run);
process.stdout.write(JSON.stringify(rows));
