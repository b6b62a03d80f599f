import { describe, expect, test } from '@jest/globals';
import { becomesTrue, CHROMIUM, DESKTOP, PHONE, SKIP_REASON } from './support/in-browser.ts';
import { pageInBrowser } from './support/page-in-browser.ts';
import { publishStaleFeed } from './support/stale-feed.ts';

/** Where the focus is: its place on the page, and what is wrong with how it is seen. */
interface Stop {
  readonly name: string;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  readonly problems: readonly string[];
  /** Its number among those that were expected; -1 for one that came later. */
  readonly expected: number;
}

/** What takes the focus is seen within so many frames. */
const FRAMES_MAX = 15;

/** Of everything that can have the focus and is seen. */
const FOCUSABLE = `[...document.querySelectorAll('a[href], button, input, select, summary, [tabindex="0"]')]
  .filter((element) => element.checkVisibility({ checkVisibilityCSS: true }) && element.closest('[hidden]') === null)`;

/** Once what came into sight is laid out: panels far away, which had been left out, are in the frames after the key. */
const STOP = `(async () => {
  const element = document.activeElement;
  if (element === document.body) return undefined;
  let stop;
  for (let frame = 0; frame < ${FRAMES_MAX} && stop?.problems.length !== 0; frame++) {
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    const { left, right, top, bottom } = element.getBoundingClientRect();
    const { outlineStyle, outlineWidth } = getComputedStyle(element);
    const above = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
    const problems = [];
    if (outlineStyle === 'none' || parseFloat(outlineWidth) < 2) problems.push('no outline');
    if (above === null || !(element.contains(above) || above.contains(element))) {
      const over = above === null ? 'nothing' : above.localName + '.' + above.className;
      problems.push('out of sight, ' + Math.round(top) + ' to ' + Math.round(bottom) + ' of ' + innerHeight + ' under ' + over);
    }
    stop = {
      name: element.className + ' ' + (element.getAttribute('aria-label') ?? element.textContent),
      left, right, top: top + scrollY, bottom: bottom + scrollY, problems,
      expected: (window.expected ?? []).indexOf(element),
    };
  }
  return stop;
})()`;

(CHROMIUM === undefined ? describe.skip : describe)(`the focus on the page in a browser${SKIP_REASON}`, () => {
  const stage = pageInBrowser();

  test.each([
    ['a desktop', DESKTOP],
    ['a phone', PHONE],
  ])('Tab on %s reaches everything once, in the order that is seen, each in sight', async (_, options) => {
    stage.runDesk();
    const page = await stage.open(options);
    await becomesTrue(page, `!document.querySelector('.tile.no-data')`);
    await becomesTrue(page, `document.querySelectorAll('#activity .choice button').length > 1`);
    await becomesTrue(page, `!document.querySelector('#absent').hidden`);
    // What is far away is left out of layout by now; the focus finds its place all the same.
    await becomesTrue(page, `document.querySelectorAll('.panel.skippable').length > 4`);
    await page.keyboard.press('p');
    await becomesTrue(page, `document.querySelector('#pause').textContent.startsWith('Resume')`);
    // From here on panels keep their places.
    await page.keyboard.press('Tab');
    // Data may bring more while the focus goes round, and take some away: what is there before and after must be met, once.
    const count = (await page.evaluate(`(window.expected = ${FOCUSABLE}).length`)) as number;
    expect(count).toBeGreaterThan(15);
    const stops: Stop[] = [];
    for (let press = 0; press < 2 * count; press++) {
      if (press > 0) await page.keyboard.press('Tab');
      const stop = (await page.evaluate(STOP)) as Stop | undefined;
      // Nothing holds it: behind the last one the page is over, or begins again.
      if (stop === undefined || (stops.length > 0 && stop.expected === 0)) break;
      stops.push(stop);
    }
    const stayed = (await page.evaluate(
      `((now) => window.expected.flatMap((element, index) => (now.includes(element) ? [index] : [])))(${FOCUSABLE})`,
    )) as number[];
    expect(stayed.length).toBeGreaterThan(15);
    expect(stops.map(({ expected }) => expected).filter((index) => stayed.includes(index))).toEqual(stayed);
    expect(stops[0]?.name).toContain('Skip');
    expect(stops.flatMap(({ name, problems }) => problems.map((problem) => `${name}: ${problem}`))).toEqual([]);
    // To the right, or below: never back, and never up within a column.
    const backwards = stops.slice(2).filter((stop, index) => {
      const before = stops[index + 1] as Stop;
      return stop.left < before.right - 1 && stop.top < before.bottom - 1;
    });
    expect(backwards.map(({ name }) => name)).toEqual([]);
    expect(stage.trouble).toEqual([]);
  });

  test('the first Tab leads past the bar and the strip, and the address stays', async () => {
    stage.runDesk();
    const page = await stage.open();
    await becomesTrue(page, `!document.querySelector('.tile.no-data')`);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    expect(await page.evaluate('document.activeElement.localName')).toBe('main');
    expect(await page.evaluate('location.hash')).toBe('#window=1m');
    await page.keyboard.press('Tab');
    expect(await page.evaluate(`document.querySelector('main').contains(document.activeElement)`)).toBe(true);
    expect(stage.trouble).toEqual([]);
  });

  test('panels change columns, but not under somebody who goes through the page by keys', async () => {
    stage.runDesk();
    const page = await stage.open(DESKTOP);
    await becomesTrue(page, `!document.querySelector('.tile.no-data')`);
    await page.keyboard.press('Tab');
    const places = `[...document.querySelectorAll('.column > .panel')].map(({ id }) => id).join()`;
    const before = (await page.evaluate(places)) as string;
    const stretch = (pixels: number): string =>
      `[...document.querySelector('.column.narrow').children].find((panel) => panel.getClientRects().length > 0)
        .style.minHeight = '${pixels}px'`;
    await page.evaluate(stretch(4_000));
    // The other column has spread: heights were looked at.
    await becomesTrue(
      page,
      `[...document.querySelectorAll('.wide .body > *')].some((box) => box.offsetHeight > 1_000)`,
    );
    expect(await page.evaluate(places)).toBe(before);
    await page.evaluate('document.activeElement.blur()');
    await page.evaluate(stretch(4_100));
    await becomesTrue(page, `${places} !== '${before}'`);
    expect(stage.trouble).toEqual([]);
  });

  test('the help takes the focus, keeps it, and gives it back', async () => {
    const page = await stage.open();
    await page.locator('#pause').focus();
    await page.keyboard.press('?');
    const isWithin = `document.querySelector('dialog.help').contains(document.activeElement)`;
    expect(await page.evaluate(isWithin)).toBe(true);
    for (let press = 0; press < 6; press++) {
      await page.keyboard.press('Tab');
      // Between the last and the first the browser's own controls have it.
      expect(await page.evaluate(`${isWithin} || document.activeElement === document.body`)).toBe(true);
    }
    await page.keyboard.press('Escape');
    await becomesTrue(page, `document.activeElement.id === 'pause'`);
    expect(stage.trouble).toEqual([]);
  });

  test('the sheet of alerts on a phone takes the focus, and Escape gives it back to its bar', async () => {
    const page = await stage.open(PHONE);
    await becomesTrue(page, `document.querySelector('#link').classList.contains('open')`);
    publishStaleFeed(stage.server.live);
    const bar = page.locator('.alert-bar');
    await bar.waitFor({ state: 'visible' });
    await becomesTrue(page, `!document.querySelector('#alerts').hidden`);
    await bar.focus();
    await page.keyboard.press('Enter');
    expect(await page.evaluate('document.activeElement.id')).toBe('alerts');
    expect(await bar.getAttribute('aria-expanded')).toBe('true');
    await page.locator('.alert').waitFor({ state: 'visible' });
    await page.keyboard.press('Tab');
    expect(await page.evaluate(`document.querySelector('#alerts').contains(document.activeElement)`)).toBe(true);
    await page.keyboard.press('Escape');
    expect(await page.evaluate('document.activeElement.className')).toContain('alert-bar');
    expect(await bar.getAttribute('aria-expanded')).toBe('false');
    expect(stage.trouble).toEqual([]);
  });
});
