import { afterEach, beforeEach } from '@jest/globals';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { type PageServer, startPageServer } from '../../dev/page-server.ts';
import { SyntheticDesk } from '../../dev/synthetic-desk.ts';
import { builtPage } from './built-page.ts';
import { DESKTOP, LIMIT_MS, watchTrouble } from './in-browser.ts';

const STEP_MS = 100;

/** The page in a browser, with a server of its own for each test and a desk behind it where a test runs one. */
export interface PageInBrowser {
  /** Of this test; a test may put another one in its place. */
  server: PageServer;
  /** What must stay empty: errors on the console, failures, requests to anywhere but the page's own server. */
  trouble: string[];
  /** Folder of the page as it is now. */
  readonly directory: string;
  /** Opens the page; sizes are a desktop's unless told. */
  open(options?: BrowserContextOptions): Promise<Page>;
  runDesk(): void;
  stopDesk(): void;
}

/** Declares what is set up and torn down around the tests of the suite that calls it. */
export function pageInBrowser(): PageInBrowser {
  const built = builtPage();
  let timer: NodeJS.Timeout | undefined;
  const stage: Omit<PageInBrowser, 'server'> & { server: PageServer | undefined } = {
    server: undefined,
    trouble: [],
    get directory() {
      return built.directory;
    },
    async open(options = DESKTOP) {
      const context = await built.browser.newContext(options);
      context.setDefaultTimeout(LIMIT_MS);
      const page = await context.newPage();
      const server = stage.server as PageServer;
      watchTrouble(page, server, stage.trouble);
      await page.goto(`${server.url}#window=1m`);
      return page;
    },
    runDesk() {
      const desk = new SyntheticDesk({ server: (stage.server as PageServer).live, seed: 7 });
      // A quarter of an hour at once, so that every panel has something to say from the first frame on.
      desk.step(Date.now(), 900);
      timer = setInterval(() => desk.step(Date.now(), STEP_MS / 1000), STEP_MS);
    },
    stopDesk() {
      clearInterval(timer);
      timer = undefined;
    },
  };

  beforeEach(async () => {
    stage.trouble = [];
    stage.server = await startPageServer(0, built.directory);
  });
  afterEach(async () => {
    stage.stopDesk();
    await stage.server?.close();
  });
  return stage as PageInBrowser;
}
