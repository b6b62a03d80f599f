// One case of one library: prints its samples. Needs --expose-gc.
import { CASES } from './cases.js';

const [library, name] = process.argv.slice(2);
const [, run] = CASES[name];
process.stdout.write(JSON.stringify(await run(library)));
