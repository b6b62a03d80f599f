import { describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { becomesTrue, CHROMIUM, SKIP_REASON } from './support/in-browser.ts';
import { pageInBrowser } from './support/page-in-browser.ts';

/** Of a display that stands still: panels that draw after so many looks never stop. */
const LOOKS_MAX = 30;

(CHROMIUM === undefined ? describe.skip : describe)(`keys of the page in a browser${SKIP_REASON}`, () => {
  const stage = pageInBrowser();
  const number = (page: Page, id: string) => page.locator(`.tile-${id} .tile-number`);

  test('p freezes the display while data keeps arriving, and shows on resuming what was missed', async () => {
    stage.runDesk();
    const page = await stage.open();
    await becomesTrue(page, `/\\d/.test(document.querySelector('.tile-events .tile-number').textContent)`);
    await page.keyboard.press('p');
    // The frame that says so is the one in which the numbers came to a stand.
    await becomesTrue(page, `document.querySelector('#pause').textContent.startsWith('Resume')`);
    const frozen = await number(page, 'events').textContent();
    await becomesTrue(
      page,
      `Number(/Resume · ([\\d,]+) missed/.exec(document.querySelector('#pause').textContent)?.[1].replaceAll(',', '')) > 300`,
    );
    expect(await number(page, 'events').textContent()).toBe(frozen);
    // What stands still costs nothing: once every panel had its turn, no canvas is drawn while the loop looks for something new.
    const drawn = await page.evaluate(`new Promise((resolve) => {
      const { prototype } = CanvasRenderingContext2D;
      const { clearRect } = prototype;
      const drawn = [0];
      prototype.clearRect = function (...box) {
        drawn[drawn.length - 1] += 1;
        clearRect.apply(this, box);
      };
      const missed = () => document.querySelector('#pause').textContent;
      let seen = missed();
      const look = () => {
        if (seen !== missed()) {
          seen = missed();
          const isStill = drawn.slice(-2).join() === '0,0';
          if (isStill || drawn.length === ${LOOKS_MAX}) return resolve(drawn.slice(-2));
          drawn.push(0);
        }
        requestAnimationFrame(look);
      };
      look();
    })`);
    expect(drawn).toEqual([0, 0]);
    await page.keyboard.press('p');
    await becomesTrue(
      page,
      `document.querySelector('.tile-events .tile-number').textContent !== ${JSON.stringify(frozen)}`,
    );
    expect(await page.locator('#pause').textContent()).toBe('Pause');
    expect(stage.trouble).toEqual([]);
  });

  test('answers the keys: help, filter, time window', async () => {
    stage.runDesk();
    const page = await stage.open({ viewport: { width: 1440, height: 2400 } });
    await becomesTrue(page, `document.querySelectorAll('#positions tbody tr').length === 8`);
    await page.keyboard.press('?');
    expect(await page.locator('dialog.help').isVisible()).toBe(true);
    await page.keyboard.press('Escape');
    expect(await page.locator('dialog.help').isVisible()).toBe(false);
    // Also before the browser's next frame, until which the closed dialog has the focus still.
    const focused = `(() => {
      const dialog = document.querySelector('dialog.help');
      dialog.showModal();
      dialog.close();
      const keeper = document.activeElement;
      keeper.dispatchEvent(new KeyboardEvent('keydown', { key: '/', bubbles: true }));
      return [keeper.localName, document.activeElement.className];
    })()`;
    expect(await page.evaluate(focused)).toEqual(['select', 'filter']);
    await page.evaluate('document.activeElement.blur()');
    await page.keyboard.press('/');
    await page.keyboard.type('coinbase p?');
    expect(await page.locator('.filter').inputValue()).toBe('coinbase p?');
    await page.locator('.filter').fill('coinbase');
    await becomesTrue(page, `document.querySelectorAll('#positions tbody tr').length === 2`);
    await page.keyboard.press('Escape');
    await becomesTrue(page, `document.querySelectorAll('#positions tbody tr').length === 8`);
    await page.keyboard.press('2');
    // Of the page itself: what page.url() says is told later, by another process.
    expect(await page.evaluate('location.hash')).toBe('#window=5m');
    expect(stage.trouble).toEqual([]);
  });

  test('g and a letter go to a panel, and the colours of gain and loss are the reader’s', async () => {
    stage.runDesk();
    const page = await stage.open();
    await becomesTrue(page, `!document.querySelector('.tile.no-data')`);
    await page.keyboard.press('g');
    await page.keyboard.press('t');
    expect(await page.evaluate('document.activeElement.id')).toBe('trust');
    await page.keyboard.press('?');
    await page.getByLabel('Colours of gain and loss').selectOption('green');
    expect(await page.evaluate('getComputedStyle(document.documentElement).getPropertyValue("--gain").trim()')).toBe(
      '#4cc38a',
    );
    await page.reload();
    expect(await page.evaluate('document.documentElement.dataset.colors')).toBe('green');
    expect(stage.trouble).toEqual([]);
  });
});
