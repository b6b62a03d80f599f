import { obtainPrograms } from './programs.ts';

// `node test/stack/programs/main.ts` obtains the programs and prints where they are, one JSON document on stdout.
const programs = await obtainPrograms((line) => process.stderr.write(`stack: ${line}\n`));
process.stdout.write(`${JSON.stringify(programs, null, 2)}\n`);
