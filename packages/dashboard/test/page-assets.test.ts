import { mkdtempSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import * as dashboard from '@nanometer/dashboard';
import { loadPage, type PageAssets } from '@nanometer/dashboard';
import { buildPage } from './support/build-page.ts';

const FIRST_LOAD_LIMIT_BYTES = 80 * 1024;

describe('the built page', () => {
  let directory: string;
  let page: PageAssets;

  const text = (path: string): string => Buffer.from(page.get(path)?.body ?? []).toString('utf8');

  beforeAll(async () => {
    directory = await buildPage();
    page = loadPage(directory);
  });

  afterAll(async () => {
    await rm(dirname(directory), { recursive: true, force: true });
  });

  test('consists of one document, one script, one style sheet, an icon, a manifest and what is fetched when it is wanted', () => {
    const later = [...page.keys()].filter((path) => /-[A-Z0-9]{8}\.js$/.test(path));
    expect(later.map((path) => path.replace(/-[A-Z0-9]{8}/, ''))).toEqual([
      '/chunk.js',
      '/history-plot.js',
      '/scene.js',
    ]);
    expect([...page.keys()].filter((path) => !later.includes(path)).sort()).toEqual([
      '/',
      '/icon.svg',
      '/index.html',
      '/manifest.webmanifest',
      '/offline-worker.js',
      '/page.css',
      '/page.js',
    ]);
    expect(page.missingReason).toBeUndefined();
    expect(page.get('/')).toBe(page.get('/index.html'));
  });

  test('loads first in no more than 80 KB gzip', () => {
    let bytes = 0;
    const later = /^\/$|^\/(scene|history-plot)-/;
    for (const [path, { body }] of page) if (!later.test(path)) bytes += gzipSync(body, { level: 9 }).length;
    expect(bytes).toBeLessThanOrEqual(FIRST_LOAD_LIMIT_BYTES);
  });

  test('is served with a policy that allows its own origin only, and no inline script or style', () => {
    for (const { headers } of page.values()) {
      const directives = new Map(
        (headers['content-security-policy'] ?? '').split(';').map((directive) => {
          const [name, ...sources] = directive.trim().split(' ');
          return [name as string, sources.join(' ')];
        }),
      );
      expect(directives.get('default-src')).toBe("'none'");
      for (const [name, sources] of directives) {
        expect(`${name} ${sources}`).toMatch(/^[a-z-]+ '(self|none)'$/);
      }
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['referrer-policy']).toBe('no-referrer');
    }
  });

  test('holds no inline script, style or handler', () => {
    const html = text('/');
    expect(html).not.toMatch(/<script(?![^>]*\bsrc=)/);
    expect(html).not.toMatch(/<style|\sstyle=|\son[a-z]+=/);
  });

  test('names nothing outside: every reference is relative', () => {
    for (const path of page.keys()) {
      // Namespace names of SVG are identifiers that nobody fetches; loopback is the example in an error's text.
      const addresses = (text(path).match(/(?:https?:|wss?:)?\/\/[a-z0-9][a-z0-9.-]*/gi) ?? []).filter(
        (address) => !/\/\/(www\.w3\.org|127\.0\.0\.1)$/.test(address),
      );
      expect({ path, addresses }).toEqual({ path, addresses: [] });
    }
    const references = [...text('/').matchAll(/(?:href|src)="([^"]*)"/g)].map(([, reference]) => reference as string);
    expect(references.length).toBeGreaterThan(0);
    for (const reference of references) expect(page.has(reference.replace(/^\./, ''))).toBe(true);
  });

  test('has a content type for every file', () => {
    expect(page.get('/')?.contentType).toBe('text/html; charset=utf-8');
    expect(page.get('/page.js')?.contentType).toBe('text/javascript; charset=utf-8');
    expect(page.get('/page.css')?.contentType).toBe('text/css; charset=utf-8');
    expect(page.get('/manifest.webmanifest')?.contentType).toBe('application/manifest+json');
    expect(() => JSON.parse(text('/manifest.webmanifest')) as unknown).not.toThrow();
  });
});

describe('loadPage', () => {
  test('says what is missing and what would make it, instead of throwing', async () => {
    const empty = mkdtempSync(join(tmpdir(), 'nanometer-empty-'));
    for (const directory of [empty, join(empty, 'absent')]) {
      const page = loadPage(directory);
      expect(page.size).toBe(0);
      expect(page.missingReason).toContain(directory);
      expect(page.missingReason).toContain('npm run build');
    }
    await rm(empty, { recursive: true });
  });
});

test('the package exports what its README names and nothing else', () => {
  expect(Object.keys(dashboard).sort()).toEqual(['PageAssets', 'loadPage']);
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  for (const name of Object.keys(dashboard)) expect(readme).toContain(name);
});
