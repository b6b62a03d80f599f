import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { chromiumPath, launchBrowser } from '../../../packages/dashboard/dev/browser.ts';
import { waitFor } from '../wait-for.ts';

/** Where pictures are left; git ignores it. */
export const PICTURES: string = fileURLToPath(new URL('../../test-artifacts/', import.meta.url));

/** What a reader has; panels off screen are not drawn, so that a picture of all of them needs a screen as tall as they are. */
const DESKTOP = { width: 1440, height: 900 } as const;
const WHOLE = { width: 1440, height: 3800 } as const;
const PHONE = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true } as const;
/** A phone's page is many screens long; of so many there are pictures, two screens each. */
const PHONE_PICTURES = 4;

/** What one step of the page may take on a busy machine. */
const LIMIT_MS = 180_000;

/** Runs in the page: titles of the panels that are not there, or say that they are empty. */
const EMPTY_PANELS = `(() => {
  const shown = (element) => element.getClientRects().length > 0;
  const panels = [...document.querySelectorAll('section.panel')].filter(
    (panel) => !shown(panel) || [...panel.querySelectorAll('.empty')].some(shown),
  );
  return panels.map((panel) => panel.querySelector('h2')?.textContent?.trim() ?? panel.id);
})()`;

/** Whether there is a browser; `CHROMIUM_PATH` names another than Debian's. */
export const hasBrowser: boolean = chromiumPath() !== undefined;

/** The live page of a desk in a real browser, as its reader uses it. */
export class DeskPage {
  readonly #browser: Browser;
  readonly #url: string;
  readonly #desktop: Page;
  /** Errors on the console and requests to anywhere but the page's own server. */
  readonly trouble: string[];

  private constructor(browser: Browser, url: string, desktop: Page, trouble: string[]) {
    this.#browser = browser;
    this.#url = url;
    this.#desktop = desktop;
    this.trouble = trouble;
  }

  static async open(url: string): Promise<DeskPage> {
    mkdirSync(PICTURES, { recursive: true });
    const browser = await launchBrowser(chromiumPath() as string);
    const trouble: string[] = [];
    const page = await browser.newPage({ viewport: DESKTOP });
    page.setDefaultTimeout(LIMIT_MS);
    page.on('pageerror', (error) => trouble.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') trouble.push(message.text());
    });
    page.on('request', (request) => {
      if (!request.url().startsWith(url)) trouble.push(`request to ${request.url()}`);
    });
    await page.goto(`${url}#window=5m`);
    return new DeskPage(browser, url, page, trouble);
  }

  /** Waits until every panel has something to show, on a screen as tall as all of them, and leaves a picture of it. */
  async wholePicture(name: string): Promise<void> {
    await this.#desktop.setViewportSize(WHOLE);
    let empty: readonly string[] = [];
    const allFilled = async (): Promise<boolean> => {
      empty = await this.#desktop.evaluate<string[]>(EMPTY_PANELS);
      return empty.length === 0;
    };
    await waitFor('every panel is filled', allFilled).catch(() => {
      throw new Error(`nothing in ${empty.join(', ')}`);
    });
    await this.picture(name);
    await this.#desktop.setViewportSize(DESKTOP);
  }

  /** Waits until the alert rail shows an alert in a state, and returns what it says. */
  async alert(rule: string, state: string, limitMs: number): Promise<string> {
    const alert = this.#desktop.locator(`.alert[data-state="${state}"]`, { hasText: rule }).first();
    await alert.waitFor({ state: 'visible', timeout: limitMs });
    return alert.innerText();
  }

  /** Acknowledges the first alert that fires, as a reader does, and returns what its mark says then. */
  async acknowledge(by: string): Promise<string> {
    const alert = this.#desktop.locator('.alert[data-state="firing"]').first();
    await this.#desktop.getByLabel('Your name').fill(by);
    await alert.getByRole('button', { name: 'Acknowledge' }).click();
    const mark = this.#desktop.locator('.alert-mark', { hasText: `acknowledged by ${by}` }).first();
    await mark.waitFor({ state: 'visible' });
    return mark.innerText();
  }

  /** Leaves a picture of what the reader sees. */
  async picture(name: string): Promise<void> {
    await this.#desktop.screenshot({ path: join(PICTURES, `${name}.png`) });
  }

  /** Ends the page of the desk, opens it on a phone, and leaves pictures of it, screen by screen; returns its width. */
  async phonePictures(name: string): Promise<number> {
    await this.#desktop.close();
    const page = await this.#browser.newPage(PHONE);
    page.setDefaultTimeout(LIMIT_MS);
    await page.goto(`${this.#url}#window=5m`);
    const hasValues = (): Promise<boolean> => page.evaluate<boolean>(`!document.querySelector('.tile.no-data')`);
    await waitFor('the page has values', hasValues);
    await page.screenshot({ path: join(PICTURES, `${name}.png`) });
    const { width } = PHONE.viewport;
    const height = 2 * PHONE.viewport.height;
    await page.setViewportSize({ width, height });
    for (let at = 0; at < PHONE_PICTURES; at++) {
      await page.evaluate(`new Promise((drawn) => {
        scrollTo(0, ${at * height});
        requestAnimationFrame(() => requestAnimationFrame(drawn));
      })`);
      await page.screenshot({ path: join(PICTURES, `${name}-${at + 1}.png`) });
    }
    return page.evaluate<number>('document.documentElement.scrollWidth');
  }

  async stop(): Promise<void> {
    await this.#browser.close();
  }
}
