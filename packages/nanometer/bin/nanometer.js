#!/usr/bin/env node
// Under version control, because npm links a command at its installation only when the file is there, and in a fresh
// checkout the build comes after that.
import { existsSync } from 'node:fs';

const main = new URL('../dist/main.js', import.meta.url);
if (existsSync(main)) {
  await import(main.href);
} else {
  console.error('nanometer: this checkout is not built yet\n  npm run build (npm start builds as well)');
  process.exitCode = 69;
}
