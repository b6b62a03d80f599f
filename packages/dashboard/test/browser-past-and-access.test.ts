import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { answerHistoryRequest, History, isHistoryPath } from '@nanometer/history';
import {
  METRIC_NANOMETER_HISTORY_SERIES_ACTIVE,
  METRIC_RISK_DRAWDOWN,
  METRIC_RISK_EXPOSURE_GROSS,
  METRIC_TRADING_FILL_COUNT,
} from '@nanometer/semconv';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { type PageServer, startPageServer } from '../dev/page-server.ts';
import { Publisher } from '../dev/publisher.ts';
import { builtPage } from './support/built-page.ts';
import {
  becomesTrue,
  CHROMIUM,
  DESKTOP,
  LIMIT_MS,
  PHONE,
  shot,
  SKIP_REASON,
  watchTrouble,
} from './support/in-browser.ts';

const MINUTE = 60_000;
const TOKEN = 'a-token-that-sees-everything';
const SCOPED = 'a-token-that-sees-the-maker';

(CHROMIUM === undefined ? describe.skip : describe)(`the past and access in a browser${SKIP_REASON}`, () => {
  const built = builtPage();
  let server: PageServer;
  let trouble: string[];

  beforeEach(() => {
    trouble = [];
  });

  afterEach(async () => {
    await server.close();
  });

  async function open(options: BrowserContextOptions = DESKTOP): Promise<Page> {
    const context = await built.browser.newContext(options);
    context.setDefaultTimeout(LIMIT_MS);
    const page = await context.newPage();
    watchTrouble(page, server, trouble);
    await page.goto(server.url);
    return page;
  }

  test('shows what was: a metric of choice, zoomed and moved, each span in steps of its own', async () => {
    const history = await History.open({ path: ':memory:' });
    const asked: URLSearchParams[] = [];
    server = await startPageServer(0, built.directory, (request, response) => {
      const url = request.url ?? '/';
      if (!isHistoryPath(url.split('?')[0] ?? '')) return false;
      asked.push(new URL(url, 'http://bridge').searchParams);
      const answer = async (): Promise<void> => {
        const { status, body } = await answerHistoryRequest(history, url, Date.now());
        response.writeHead(status, { 'content-type': 'application/json' }).end(body);
      };
      void answer();
      return true;
    });
    try {
      const of = (name: string, kind: 'gauge' | 'counter') =>
        history.recorder({ name, kind, unit: '{currency}', attributes: { 'trading.currency': 'USD' }, resource: {} })!;
      const drawdown = of(METRIC_RISK_DRAWDOWN.name, 'gauge');
      const fills = of(METRIC_TRADING_FILL_COUNT.name, 'counter');
      const now = Date.now();
      const start = now - 180 * MINUTE;
      for (let at = start; at < now; at += MINUTE / 2) {
        drawdown.gauge(at, 100 + 50 * Math.sin(at / 900_000));
        fills.counter(at, start, (at - start) / 1000);
      }
      await history.commit();
      const bridge = new Publisher(server.live, { 'service.name': 'nanometer-bridge' });
      bridge.set(now, METRIC_NANOMETER_HISTORY_SERIES_ACTIVE, {}, 2);
      const page = await open({ viewport: { width: 1440, height: 1200 } });
      await becomesTrue(page, `document.querySelector('#history .u-over') !== null`);
      await becomesTrue(
        page,
        `/: from [\\d.]+ .* to [\\d.]+ /.test(document.querySelector('#history .value-line').textContent)`,
      );
      expect(await page.locator('#history select option').allTextContents()).toEqual([
        'risk.drawdown',
        'trading.fill.count',
      ]);
      expect(await page.locator('#history .note').textContent()).toBe(
        'line last value, band least to greatest, steps of 1 min, UTC',
      );
      // Something is drawn, and the keys of the page's windows do not reach into it.
      await becomesTrue(
        page,
        `(() => {
          const canvas = document.querySelector('#history canvas');
          return canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.some((byte) => byte !== 0);
        })()`,
      );
      const span = (): number => Number(asked.at(-1)?.get('to')) - Number(asked.at(-1)?.get('from'));
      await page.locator('#history button', { hasText: '1d' }).click();
      await becomesTrue(page, `/steps of 5 min/.test(document.querySelector('#history .note').textContent)`);
      await shot(page, 'history');
      // A dragged span is asked for.
      const box = (await page.locator('#history .u-over').boundingBox())!;
      const questions = asked.length;
      await page.mouse.move(box.x + box.width * 0.5, box.y + 60);
      await page.mouse.down();
      await page.mouse.move(box.x + box.width * 0.75, box.y + 60, { steps: 4 });
      await page.mouse.up();
      await becomesTrue(page, `/steps of 2 min/.test(document.querySelector('#history .note').textContent)`);
      expect(asked.length).toBeGreaterThan(questions);
      expect(span() / MINUTE).toBeCloseTo(360, -1);
      // Keys move it, and another metric is of the same span.
      const before = Number(asked.at(-1)?.get('from'));
      await page.locator('.history-plot').focus();
      await page.keyboard.press('ArrowLeft');
      await page.locator('#history select').selectOption('trading.fill.count');
      await becomesTrue(page, `/increase per second/.test(document.querySelector('#history .note').textContent)`);
      expect((before - Number(asked.at(-1)?.get('from'))) / MINUTE).toBeCloseTo(90, -1);
      // Control and the wheel zoom in: e^-0.7 of the span; so do two fingers that move apart, to a half.
      const spanBecomes = async (minutes: number): Promise<void> => {
        while (Math.abs(span() / MINUTE - minutes) > 10) {
          await page.evaluate('new Promise((resolve) => requestAnimationFrame(resolve))');
        }
      };
      await page.mouse.move(box.x + box.width / 2, box.y + 60);
      await page.keyboard.down('Control');
      await page.mouse.wheel(0, -210);
      await page.keyboard.up('Control');
      await spanBecomes(360 * Math.exp(-0.7));
      const session = await page.context().newCDPSession(page);
      await session.send('Emulation.setTouchEmulationEnabled', { enabled: true, maxTouchPoints: 2 });
      const middle = box.x + box.width / 2;
      const touch = (type: 'touchStart' | 'touchMove', apart: number): Promise<unknown> =>
        session.send('Input.dispatchTouchEvent', {
          type,
          touchPoints: [-1, 1].map((side, id) => ({ x: middle + (side * apart) / 2, y: box.y + 60, id })),
        });
      await touch('touchStart', 100);
      for (const apart of [120, 140, 160, 180, 200]) await touch('touchMove', apart);
      await session.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
      await spanBecomes(180 * Math.exp(-0.7));
      expect(trouble).toEqual([]);
    } finally {
      await history.close();
    }
  });

  test('asks for a token, says when it is wrong, shows who came in, and forgets all on signing out', async () => {
    const everything = { token: TOKEN, name: 'Mei' };
    const part = { token: SCOPED, name: 'Ali', scope: { 'trading.strategy': 'maker' } };
    server = await startPageServer(0, built.directory, undefined, { tokens: [everything, part] });
    const desk = new Publisher(server.live, { 'service.name': 'desk' });
    desk.set(Date.now(), METRIC_RISK_EXPOSURE_GROSS, { 'trading.currency': 'USD' }, 1234);
    const page = await open(PHONE);
    const gross = page.locator('.tile-gross .tile-number');
    const token = page.getByLabel('Token', { exact: true });
    await token.waitFor({ state: 'visible' });
    // The bar is drawn with the page's next frame.
    await becomesTrue(page, `document.querySelector('#link').textContent === 'sign in needed'`);
    await shot(page, 'phone-sign-in');
    await token.fill('wrong-wrong-wrong-wrong');
    await page.keyboard.press('Enter');
    await becomesTrue(page, `/does not know this token/.test(document.querySelector('#token-problem').textContent)`);
    expect(await gross.textContent()).toBe('no data');
    await token.fill(` ${TOKEN}\t`);
    await page.keyboard.press('Enter');
    await becomesTrue(page, `document.querySelector('.tile-gross .tile-number').textContent === '1,234'`);
    expect(await page.locator('#reader').textContent()).toBe('Mei · sees everything');
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
    // A reload of the tab keeps it; nothing else does.
    await page.reload();
    await becomesTrue(page, `document.querySelector('.tile-gross .tile-number').textContent === '1,234'`);
    expect(await page.evaluate('[localStorage.length, document.cookie]')).toEqual([0, '']);
    await page.locator('#sign').click();
    await token.waitFor({ state: 'visible' });
    expect(await page.evaluate('sessionStorage.length')).toBe(0);
    expect(await gross.textContent()).toBe('no data');
    await token.fill(SCOPED);
    await page.getByRole('button', { name: 'Sign in' }).last().click();
    await becomesTrue(page, `document.querySelector('#reader').textContent === 'Ali · sees a part'`);
    await becomesTrue(page, `document.querySelector('#link').textContent === 'live'`);
    expect(await gross.textContent()).toBe('no data');
    // The browser's own entries for the wrong token and for the connection without one.
    expect(trouble.filter((text) => !/401|WebSocket connection to/.test(text))).toEqual([]);
  });
});
