import { readFileSync } from 'node:fs';

/** Version of this package, read from its package.json so that there is one place for it. */
export const VERSION: string = (
  JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }
).version;
