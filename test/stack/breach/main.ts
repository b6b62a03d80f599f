import { runPart } from '../run-part.ts';
import { runBreach } from './run-breach.ts';

// `node test/stack/breach/main.ts` runs only the part of the stack test in which a limit is broken.
await runPart('breach', runBreach);
