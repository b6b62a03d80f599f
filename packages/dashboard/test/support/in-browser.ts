import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { chromiumPath } from '../../dev/browser.ts';
import type { PageServer } from '../../dev/page-server.ts';

/** Where screenshots are left. */
export const ARTIFACTS: string = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'test-artifacts');
export const DESKTOP: BrowserContextOptions = { viewport: { width: 1440, height: 900 } };
export const PHONE: BrowserContextOptions = {
  viewport: { width: 390, height: 844 },
  deviceScaleFactor: 2,
  isMobile: true,
  hasTouch: true,
};
/** What a browser under load may take for one step; a guard, not a statement about speed. */
export const LIMIT_MS = 180_000;

/** Path of Chromium, and what to say in a suite's name where there is none. */
export const CHROMIUM: string | undefined = chromiumPath();
export const SKIP_REASON: string =
  CHROMIUM === undefined ? ' (skipped: no Chromium at /usr/bin/chromium or CHROMIUM_PATH)' : '';

/**
 * Resolves when an expression of the page becomes true. Not page.waitForFunction: it evaluates its expression again and again,
 * which the page's policy forbids.
 */
export function becomesTrue(page: Page, expression: string): Promise<unknown> {
  return page.evaluate(`new Promise((resolve, reject) => {
    const deadline = performance.now() + ${LIMIT_MS};
    const ask = () => {
      if (${expression}) resolve(true);
      else if (performance.now() > deadline) reject(new Error('never came true: ' + ${JSON.stringify(expression)}));
      else setTimeout(ask, 50);
    };
    ask();
  })`);
}

/**
 * An expression for the texts of the page that cannot be read to their end: wider than the box that cuts them off, higher
 * than it, or beyond the window. What is for the ear only, and what is scrolled, is none.
 */
export const CUT_TEXTS: string = `(() => {
  // Also of panels that are out of sight and left out of layout.
  const panels = [...document.querySelectorAll('.panel')];
  for (const { style } of panels) style.contentVisibility = 'visible';
  const cut = [...document.querySelectorAll('body *')].filter((element) => {
  const hasText = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim() !== '');
  if (!hasText || element.getClientRects().length === 0 || element.closest('svg')) return false;
  const range = document.createRange();
  range.selectNodeContents(element);
  const text = range.getBoundingClientRect();
  if (text.right > innerWidth + 1 || text.left < -1) return true;
  for (let box = element; box !== document.body; box = box.parentElement) {
    const { overflowX, contain, clipPath } = getComputedStyle(box);
    if (clipPath !== 'none' || overflowX === 'auto') return false;
    const edge = box.getBoundingClientRect();
    const cuts = overflowX !== 'visible' || contain !== 'none';
    if (cuts && (text.right > edge.right + 1 || text.left < edge.left - 1)) return true;
    if (cuts && text.bottom > edge.bottom + 2) return true;
  }
  return false;
}).map((element) => (element.closest('section')?.id ?? element.parentElement.className) + ': ' + element.textContent);
  for (const { style } of panels) style.contentVisibility = '';
  return cut;
})()`;

/** Leaves a screenshot for a person to look at. */
export async function shot(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: join(ARTIFACTS, `${name}.png`) });
}

/** Collects what must stay empty: errors on the console, failures, requests to anywhere but the page's own server. */
export function watchTrouble(page: Page, server: PageServer, trouble: string[]): void {
  page.on('console', (message) => {
    // A software renderer tells that a screenshot had to wait for it.
    if (/GL Driver Message/.test(message.text())) return;
    if (message.type() === 'error' || message.type() === 'warning') trouble.push(message.text());
  });
  page.on('pageerror', (error) => trouble.push(error.message));
  page.on('request', (request) => {
    if (!request.url().startsWith(server.url)) trouble.push(`request to ${request.url()}`);
  });
  page.on('websocket', (socket) => {
    if (new URL(socket.url()).port !== String(server.port)) trouble.push(`WebSocket to ${socket.url()}`);
  });
}
