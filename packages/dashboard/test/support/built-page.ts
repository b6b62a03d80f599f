import { mkdir, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { afterAll, afterEach, beforeAll } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../../dev/browser.ts';
import { buildPage } from './build-page.ts';
import { ARTIFACTS, CHROMIUM } from './in-browser.ts';

/** The page as it is now, and a browser. */
export interface BuiltPage {
  browser: Browser;
  /** Folder of the page. */
  directory: string;
}

/** Declares that the page is built and a browser started before the tests of the suite that calls it; what a test opens ends with it. */
export function builtPage(): Readonly<BuiltPage> {
  const built: Partial<BuiltPage> = {};
  beforeAll(async () => {
    built.directory = await buildPage();
    built.browser = await launchBrowser(CHROMIUM as string);
    await mkdir(ARTIFACTS, { recursive: true });
  });
  afterAll(async () => {
    await built.browser?.close();
    if (built.directory !== undefined) await rm(dirname(built.directory), { recursive: true, force: true });
  });
  afterEach(async () => {
    await Promise.all((built.browser?.contexts() ?? []).map((context) => context.close()));
  });
  return built as BuiltPage;
}
