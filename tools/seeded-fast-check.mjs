// fast-check with the seed in FAST_CHECK_SEED: every property runs the same cases in every run.
import { configureGlobal } from '../node_modules/fast-check/lib/fast-check.js';

const seed = Number(process.env.FAST_CHECK_SEED);
if (!Number.isInteger(seed))
  throw new Error(`FAST_CHECK_SEED is "${process.env.FAST_CHECK_SEED}", expected an integer`);
configureGlobal({ seed });

export * from '../node_modules/fast-check/lib/fast-check.js';
