import { describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { startPageServer } from '../dev/page-server.ts';
import { becomesTrue, CHROMIUM, shot, SKIP_REASON } from './support/in-browser.ts';
import { pageInBrowser } from './support/page-in-browser.ts';

(CHROMIUM === undefined ? describe.skip : describe)(`the page without its desk or its bridge${SKIP_REASON}`, () => {
  const stage = pageInBrowser();
  const tile = (page: Page, id: string) => page.locator(`.tile-${id}`);
  const number = (page: Page, id: string) => page.locator(`.tile-${id} .tile-number`);

  test('greys values of a desk that falls silent and shows their age, until it speaks again', async () => {
    stage.runDesk();
    const page = await stage.open();
    await becomesTrue(page, `!document.querySelector('.tile.no-data')`);
    expect(await page.locator('.tile.stale').count()).toBe(0);
    stage.stopDesk();
    await becomesTrue(page, `document.querySelector('.tile-realized').classList.contains('stale')`);
    expect(await tile(page, 'realized').locator('.age-badge').textContent()).toMatch(/^\d+(\.\d)? s old$/);
    await becomesTrue(page, `document.querySelector('.tile-link').classList.contains('alarm')`);
    expect(await tile(page, 'link').innerText()).toContain('desk silent');
    // The badges lie over nothing else.
    await becomesTrue(
      page,
      `[...document.querySelectorAll('.tile')].every((tile) => {
        const badge = tile.querySelector('.age-badge').getBoundingClientRect();
        return badge.right <= tile.getBoundingClientRect().right + 0.5;
      })`,
    );
    await shot(page, 'desktop-stale');
    stage.runDesk();
    await becomesTrue(page, `!document.querySelector('.tile.stale')`);
    expect(stage.trouble).toEqual([]);
  });

  test('says that the link is lost, keeps what it knew, and goes on when the server is back', async () => {
    stage.runDesk();
    const page = await stage.open();
    await becomesTrue(page, `!document.querySelector('.tile.no-data')`);
    const { port } = stage.server;
    stage.stopDesk();
    await stage.server.close();
    await becomesTrue(page, `document.querySelector('#link').classList.contains('lost')`);
    expect(await page.locator('#link').textContent()).toMatch(/^reconnecting/);
    expect(await number(page, 'fills').textContent()).toMatch(/\d/);
    stage.server = await startPageServer(port, stage.directory);
    stage.runDesk();
    await becomesTrue(page, `document.querySelector('#link').classList.contains('open')`);
    await becomesTrue(page, `!document.querySelector('.tile.no-data') && !document.querySelector('.tile.stale')`);
    // A refused connection is the browser's own entry on the console; nothing else may be there.
    expect(stage.trouble.filter((text) => !/WebSocket connection to|ERR_CONNECTION_REFUSED/.test(text))).toEqual([]);
  });

  test('opens without its server: the files are kept, and it says that the link is lost', async () => {
    stage.runDesk();
    const page = await stage.open();
    await becomesTrue(page, `!document.querySelector('.tile.no-data')`);
    await page.evaluate('navigator.serviceWorker.ready.then(() => true)');
    await becomesTrue(page, `navigator.serviceWorker.controller !== null`);
    stage.stopDesk();
    const { port } = stage.server;
    await stage.server.close();
    await page.reload();
    await becomesTrue(page, `document.querySelector('#link')?.classList.contains('lost')`);
    expect(await page.locator('h1').textContent()).toBe('Nanometer');
    stage.server = await startPageServer(port, stage.directory);
    await becomesTrue(page, `document.querySelector('#link').classList.contains('open')`);
  });
});
