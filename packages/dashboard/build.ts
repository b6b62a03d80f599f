// Bundles src/page into dist/page: no framework, no outside request, one script and one style sheet.
//   npm run -s build -w @nanometer/dashboard [-- --sizes] [-- --out DIR]
import { createHash } from 'node:crypto';
import { copyFile, mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const PACKAGE = dirname(fileURLToPath(import.meta.url));
const SOURCE = join(PACKAGE, 'src', 'page');

/** Everything the first load fetches, gzipped, must stay below this. */
const FIRST_LOAD_LIMIT_BYTES = 80 * 1024;
const STATIC_FILES = ['index.html', 'icon.svg', 'manifest.webmanifest'];

const { values: options } = parseArgs({
  options: {
    /** Folder to write to; it is emptied first. */
    out: { type: 'string', default: join(PACKAGE, 'dist', 'page') },
    /** Print what the first load weighs. */
    sizes: { type: 'boolean', default: false },
  },
});
const OUTPUT = options.out;

await rm(OUTPUT, { recursive: true, force: true });
await mkdir(OUTPUT, { recursive: true });

await build({
  entryPoints: [
    { in: join(SOURCE, 'main.ts'), out: 'page' },
    { in: join(SOURCE, 'css', 'page.css'), out: 'page' },
  ],
  outdir: OUTPUT,
  bundle: true,
  // What is imported later comes as a file of its own, when it is wanted.
  splitting: true,
  chunkNames: '[name]-[hash]',
  format: 'esm',
  platform: 'browser',
  target: ['es2023', 'chrome120', 'firefox121', 'safari17.4'],
  // Siblings are bundled from their sources: the page needs no earlier build of them.
  conditions: ['@nanometer/source'],
  minify: true,
  // What is not ours brings its licence along.
  legalComments: 'eof',
  logLevel: 'warning',
});
for (const name of STATIC_FILES) await copyFile(join(SOURCE, name), join(OUTPUT, name));

const files = (await readdir(OUTPUT)).sort();
const digest = createHash('sha256');
for (const name of files) digest.update(name).update(await readFile(join(OUTPUT, name)));
await build({
  entryPoints: [{ in: join(SOURCE, 'offline-worker.ts'), out: 'offline-worker' }],
  outdir: OUTPUT,
  bundle: true,
  format: 'iife',
  platform: 'browser',
  target: ['es2023', 'chrome120', 'firefox121', 'safari17.4'],
  minify: true,
  legalComments: 'none',
  logLevel: 'warning',
  define: {
    PAGE_FILES: JSON.stringify(['./', ...files]),
    PAGE_VERSION: JSON.stringify(`nanometer-${digest.digest('hex').slice(0, 16)}`),
  },
});

// Chunks without a name of their own are what the script shares with files that are fetched later.
const shared = files.filter((name) => /^chunk-.*\.js$/.test(name));
const firstLoad = ['index.html', 'page.js', ...shared, 'page.css', 'icon.svg', 'manifest.webmanifest'];
let total = 0;
const sizes: string[] = [];
for (const name of firstLoad) {
  const bytes = gzipSync(await readFile(join(OUTPUT, name)), { level: 9 }).length;
  total += bytes;
  sizes.push(`${name} ${(bytes / 1024).toFixed(1)}`);
}
if (total > FIRST_LOAD_LIMIT_BYTES) {
  console.error(
    `${relative(process.cwd(), OUTPUT)}: first load is ${(total / 1024).toFixed(1)} KB gzip, the limit is ` +
      `${FIRST_LOAD_LIMIT_BYTES / 1024} KB (${sizes.join(', ')})`,
  );
  process.exitCode = 1;
} else if (options.sizes) {
  console.log(`first load ${(total / 1024).toFixed(1)} KB gzip (${sizes.join(', ')})`);
}
