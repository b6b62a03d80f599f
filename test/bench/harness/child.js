// One library of one case: prints its samples. Needs --expose-gc.
import { casesOf } from './case.js';

const [suite, file, name, library] = process.argv.slice(2);
const found = (await casesOf(suite, file)).find((each) => each.name === name);
const measured = await found.libraries[library]();
process.stdout.write(JSON.stringify(measured), () => process.exit(0));
