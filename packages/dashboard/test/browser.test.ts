import { describe, expect, test } from '@jest/globals';
import {
  METRIC_MARKET_QUOTE_COUNT,
  METRIC_NANOMETER_BRIDGE_POINT_DROPPED,
  METRIC_NANOMETER_BRIDGE_POINT_RECEIVED,
  METRIC_TRADING_FEE,
  METRIC_TRADING_PNL_REALIZED,
  METRIC_TRADING_PNL_UNREALIZED,
  METRIC_TRADING_POSITION_QUANTITY,
} from '@nanometer/semconv';
import type { Page } from 'playwright-core';
import { Publisher } from '../dev/publisher.ts';
import { becomesTrue, CHROMIUM, CUT_TEXTS, DESKTOP, PHONE, shot, SKIP_REASON } from './support/in-browser.ts';
import { pageInBrowser } from './support/page-in-browser.ts';

(CHROMIUM === undefined ? describe.skip : describe)(`the page in a browser${SKIP_REASON}`, () => {
  const stage = pageInBrowser();
  const tile = (page: Page, id: string) => page.locator(`.tile-${id}`);
  const number = (page: Page, id: string) => page.locator(`.tile-${id} .tile-number`);

  test('fills every panel, asks nobody outside and reports no error', async () => {
    stage.runDesk();
    const page = await stage.open({ viewport: { width: 1440, height: 2400 }, reducedMotion: 'reduce' });
    await becomesTrue(
      page,
      `document.querySelectorAll('.tile').length === 13 && !document.querySelector('.tile.no-data')`,
    );
    await becomesTrue(
      page,
      `![...document.querySelectorAll('.empty')].some((empty) => !empty.hidden && empty.getClientRects().length > 0)`,
    );
    await becomesTrue(
      page,
      `[...document.querySelectorAll('section.panel')].filter((panel) => !panel.hidden).length === 19`,
    );
    expect(await page.locator('#market-mode').textContent()).toBe('simulated market');
    expect(await number(page, 'drops').textContent()).toBe('0');
    // Every canvas was drawn on, and says in text what it shows.
    await becomesTrue(
      page,
      `[...document.querySelectorAll('.plot:not(.square) canvas')].every((canvas) => {
        const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
        const values = canvas.closest('section').querySelectorAll('.legend-value');
        return data.some((byte) => byte !== 0) && values.length > 0 && [...values].every((value) => /\\d/.test(value.textContent));
      })`,
    );
    // A bar stands on the side its number says; what is shown as zero has none.
    const wrongSide = `[...document.querySelectorAll('#exposure .bars:not(.limits) li')].filter((bar) => {
      const track = bar.querySelector('.bar-track').getBoundingClientRect();
      const fill = bar.querySelector('.bar-fill').getBoundingClientRect();
      const left = fill.left + fill.right < track.left + track.right;
      const value = bar.querySelector('.bar-value').textContent;
      return /[1-9]/.test(value) && left !== value.includes('\u2212');
    }).map((bar) => bar.textContent)`;
    expect(await page.evaluate(wrongSide)).toEqual([]);
    expect(await page.evaluate(CUT_TEXTS)).toEqual([]);
    // The columns end together, each with what its last panel shows.
    await becomesTrue(
      page,
      `(() => {
        const ends = [...document.querySelectorAll('.column')].map((column) => {
          const last = [...column.children].findLast((panel) => panel.getClientRects().length > 0);
          const shown = [...last.querySelectorAll('.body *')].map((element) => element.getBoundingClientRect().bottom);
          return { panel: last.getBoundingClientRect().bottom, shown: Math.max(...shown) };
        });
        return ends.every(({ panel, shown }) => Math.abs(panel - ends[0].panel) < 1 && panel - shown < 40);
      })()`,
    );
    await page.setViewportSize({ width: 1024, height: 2400 });
    await becomesTrue(page, `document.querySelector('#strategies table').clientWidth > 700`);
    expect(await page.evaluate(CUT_TEXTS)).toEqual([]);
    await shot(page, 'desktop-whole');
    expect(stage.trouble).toEqual([]);
  });

  test('moves: numbers change as values arrive', async () => {
    stage.runDesk();
    const page = await stage.open();
    await becomesTrue(page, `/\\d/.test(document.querySelector('.tile-events .tile-number').textContent)`);
    const before = await number(page, 'events').textContent();
    await becomesTrue(
      page,
      `document.querySelector('.tile-events .tile-number').textContent !== ${JSON.stringify(before)}`,
    );
    await shot(page, 'desktop');
    expect(stage.trouble).toEqual([]);
  });

  test('shows amounts per currency, rounds by currency, and cries when points were dropped', async () => {
    const desk = new Publisher(stage.server.live, { 'service.name': 'desk', 'service.instance.id': '1' });
    const bridge = new Publisher(stage.server.live, { 'service.name': 'nanometer-bridge' });
    const now = Date.now();
    const at = (symbol: string) => ({
      'trading.strategy': 'tight',
      'exchange.name': 'spot',
      'trading.symbol': symbol,
    });
    for (const [symbol, currency, realized, unrealized, fee] of [
      ['BTCUSDT', 'USDT', 1234.5, -0.25, 4.25],
      ['ETHUSDT', 'USDT', 100, 0, 0],
      ['BTCUSD_PERP', 'BTC', -0.5, 0, 0.00000001],
    ] as const) {
      const money = { ...at(symbol), 'trading.currency': currency };
      desk.set(now, METRIC_TRADING_PNL_REALIZED, money, realized);
      desk.set(now, METRIC_TRADING_PNL_UNREALIZED, money, unrealized);
      desk.set(now, METRIC_TRADING_FEE, money, fee);
      desk.set(now, METRIC_TRADING_POSITION_QUANTITY, at(symbol), symbol === 'BTCUSDT' ? -0.05104999999999998 : 0);
    }
    bridge.set(now, METRIC_NANOMETER_BRIDGE_POINT_RECEIVED, { 'nanometer.transport': 'grpc' }, 100);
    const drop = { 'nanometer.output': 'statsd', 'nanometer.drop.cause': 'late' };
    bridge.set(now, METRIC_NANOMETER_BRIDGE_POINT_DROPPED, drop, 3);
    const page = await stage.open({ viewport: { width: 1440, height: 2400 } });
    await becomesTrue(page, `document.querySelector('.tile-drops .tile-number').textContent === '3'`);
    expect(await number(page, 'total').textContent()).toBe('+1,330.00');
    expect(await tile(page, 'total').locator('.tile-unit').textContent()).toBe('USDT');
    expect(await tile(page, 'total').locator('.tile-detail').textContent()).toBe('\u22120.50000001 BTC');
    expect(await number(page, 'realized').textContent()).toBe('+1,334.50');
    expect(await number(page, 'unrealized').textContent()).toBe('\u22120.25');
    expect(await tile(page, 'drops').getAttribute('class')).toContain('alarm');
    expect(await number(page, 'net').textContent()).toBe('no data');
    const positions = await page.locator('#positions tbody').innerText();
    expect(positions).toContain('\u22120.05105');
    expect(positions).toContain('flat');
    expect(await page.locator('#trust').innerText()).toContain('late 3');
    expect(stage.trouble).toEqual([]);
  });

  test('fits a phone: nothing sticks out sideways, and the summary stays in view', async () => {
    stage.runDesk();
    const page = await stage.open(PHONE);
    await becomesTrue(page, `!document.querySelector('.tile.no-data')`);
    // Within the viewport, and what is in a panel within the panel.
    const overhang = () =>
      page.evaluate(`[...document.querySelectorAll('main *, .top-bar *')]
        .filter((element) => element.getClientRects().length > 0 && !element.closest('.spoken'))
        .filter((element) => {
          const edge = element.closest('section')?.getBoundingClientRect().right ?? 390;
          return element.getBoundingClientRect().right > edge + 0.5;
        })
        .map((element) => element.outerHTML.slice(0, 120))`);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
    await shot(page, 'phone');
    for (const id of ['positions', 'feeds', 'trust', 'models']) {
      await page.locator(`#${id}`).scrollIntoViewIfNeeded();
      await becomesTrue(page, `document.querySelector('#${id} tbody tr') !== null`);
    }
    expect(await overhang()).toEqual([]);
    expect(await page.evaluate(CUT_TEXTS)).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
    await becomesTrue(page, `document.querySelector('.summary').dataset.away === 'true'`);
    expect(await page.locator('.summary').innerText()).toMatch(/P&L.*\d.*DD.*\d.*Drops.*0.*Age.*\d/s);
    await shot(page, 'phone-scrolled');
    expect(stage.trouble).toEqual([]);
  });

  test('names on a phone’s heat map are whole, and no two look the same', async () => {
    const desk = new Publisher(stage.server.live, { 'service.name': 'desk', 'service.instance.id': '1' });
    const page = await stage.open(PHONE);
    await becomesTrue(page, `document.querySelector('#link').classList.contains('open')`);
    const symbols = [
      'BTCUSDT',
      'BTC-25DEC26-100000-CALL',
      'BTC-25DEC26-100000-PUTS',
      'A-NAME-THAT-IS-LONGER-THAN-MOST',
    ];
    // A rate is known from its second value on.
    const timer = setInterval(() => {
      for (const exchange of ['exchange-of-perpetual-futures', 'exchange-of-perpetual-options']) {
        for (const symbol of symbols) {
          desk.add(Date.now(), METRIC_MARKET_QUOTE_COUNT, { 'exchange.name': exchange, 'trading.symbol': symbol }, 7);
        }
      }
    }, 100);
    const shown = `[...document.querySelectorAll('.heat-names li')].map((row) => row.textContent)`;
    // Two heads, eight names, six of which stand over their cells.
    await becomesTrue(page, `${shown}.length === 16`).finally(() => clearInterval(timer));
    await page.locator('#activity').scrollIntoViewIfNeeded();
    expect(((await page.evaluate(shown)) as string[]).filter((text) => symbols.includes(text))).toHaveLength(8);
    expect(await page.evaluate(CUT_TEXTS)).toEqual([]);
    await shot(page, 'phone-heat-map');
    expect(stage.trouble).toEqual([]);
  });

  test('shows correlations as a matrix and, where it is wanted, in three dimensions', async () => {
    stage.runDesk();
    const page = await stage.open({ viewport: { width: 1440, height: 2400 } });
    await becomesTrue(
      page,
      `/Strongest: .* 0\\.\\d\\d/.test(document.querySelector('#correlation .value-line')?.textContent)`,
    );
    const buttons = page.locator('#correlation .choice button');
    if ((await buttons.count()) > 0) await buttons.filter({ hasText: '2D' }).click();
    await becomesTrue(
      page,
      `(() => {
        const canvas = document.querySelector('#correlation canvas');
        if (canvas.hidden || canvas.width < 10) return false;
        return canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.some((byte) => byte !== 0);
      })()`,
    );
    await page
      .locator('#correlation canvas')
      .first()
      .hover({ position: { x: 3, y: 3 } });
    await becomesTrue(
      page,
      `/^\\S+ \\/ \\S+ 1\\.00$/.test(document.querySelector('#correlation .value-line').textContent)`,
    );
    expect(stage.trouble).toEqual([]);
  });

  test('what the desk does not have gives way and is named', async () => {
    const desk = new Publisher(stage.server.live, { 'service.name': 'desk', 'service.instance.id': '1' });
    const page = await stage.open();
    const now = Date.now();
    const money = { 'trading.strategy': 'a', 'exchange.name': 'x', 'trading.symbol': 's', 'trading.currency': 'USD' };
    desk.set(now, METRIC_TRADING_PNL_REALIZED, money, 1);
    await becomesTrue(page, `/10 more panels without data/.test(document.querySelector('#absent').textContent)`);
    await page.locator('#absent summary').click();
    expect(await page.locator('#absent').innerText()).toContain(
      'Value at risk and its backtest. No data: waiting for risk.value_at_risk.',
    );
    expect(await page.locator('#tail').isVisible()).toBe(false);
    expect(stage.trouble).toEqual([]);
  });

  test('does not animate for readers who prefer it so', async () => {
    stage.runDesk();
    const page = await stage.open({ ...DESKTOP, reducedMotion: 'reduce' });
    await page.locator('.bar-fill').first().waitFor({ state: 'attached' });
    expect(await page.evaluate('document.getAnimations().length')).toBe(0);
    const durations = `[...document.querySelectorAll('*')].map((element) => getComputedStyle(element).transitionDuration)`;
    expect(await page.evaluate(`[...new Set(${durations})]`)).toEqual(['0s']);
  });
});
