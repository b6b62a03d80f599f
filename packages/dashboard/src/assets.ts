import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** One file of the page as it goes on the wire. */
export interface PageAsset {
  readonly contentType: string;
  readonly body: Uint8Array;
  /** Security and caching headers to send besides `Content-Type` and `Content-Length`. */
  readonly headers: Readonly<Record<string, string>>;
}

/** The page's files by URL path, `/` for the document itself. Empty, with `missingReason`, before the page was built. */
export class PageAssets extends Map<string, PageAsset> {
  /** Why there is no page and what would make one, or `undefined` when there is one. */
  readonly missingReason: string | undefined;

  constructor(entries: Iterable<readonly [string, PageAsset]>, missingReason?: string) {
    super(entries);
    this.missingReason = missingReason;
  }
}

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.webmanifest': 'application/manifest+json',
};

// Scripts, styles and the stream come from the page's own origin and nowhere else; in CSP Level 3 'self' covers
// ws: and wss: of the same host and port.
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cache-control': 'no-cache',
};

// src/ and dist/ are both children of the package, so the same relative path finds the built page from either.
const BUILT_PAGE = fileURLToPath(new URL('../dist/page/', import.meta.url));

/**
 * Reads the built page into memory, once per call. `index.html` is also reachable as `/`.
 * Does not throw when the page was not built: the map is empty and `missingReason` says so.
 *
 * @param directory - folder of the built page; only tests pass one.
 */
export function loadPage(directory: string = BUILT_PAGE): PageAssets {
  let names: string[];
  try {
    names = readdirSync(directory).sort();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    return new PageAssets([], `the live page is not built: ${directory} cannot be read (${code}); run "npm run build"`);
  }
  const entries: [string, PageAsset][] = [];
  for (const name of names) {
    const contentType = CONTENT_TYPES[extname(name)];
    if (contentType === undefined) continue;
    const asset: PageAsset = { contentType, body: readFileSync(join(directory, name)), headers: HEADERS };
    entries.push([`/${name}`, asset]);
    if (name === 'index.html') entries.unshift(['/', asset]);
  }
  if (!names.includes('index.html')) {
    return new PageAssets([], `the live page is not built: ${directory} has no index.html; run "npm run build"`);
  }
  return new PageAssets(entries);
}
