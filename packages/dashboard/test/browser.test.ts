import { mkdir, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { AlertService, answerAlertRequest, parseRules } from '@nanometer/alerting';
import {
  METRIC_NANOMETER_BRIDGE_POINT_DROPPED,
  METRIC_NANOMETER_BRIDGE_POINT_RECEIVED,
  METRIC_TRADING_FEE,
  METRIC_TRADING_PNL_REALIZED,
  METRIC_TRADING_PNL_UNREALIZED,
  METRIC_TRADING_POSITION_QUANTITY,
} from '@nanometer/semconv';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { launchBrowser } from '../dev/browser.ts';
import { type PageServer, startPageServer } from '../dev/page-server.ts';
import { Publisher } from '../dev/publisher.ts';
import { SyntheticDesk } from '../dev/synthetic-desk.ts';
import { buildPage } from './support/build-page.ts';
import {
  ARTIFACTS,
  becomesTrue,
  CHROMIUM,
  CUT_TEXTS,
  DESKTOP,
  LIMIT_MS,
  PHONE,
  shot,
  SKIP_REASON,
  watchTrouble,
} from './support/in-browser.ts';

const RULES = `
rules:
  - name: ExposureLimit
    kind: threshold
    metric: risk.limit.utilization
    above: 1
    severity: critical
    summary: 'exposure is over its limit'
`;
const STEP_MS = 100;

(CHROMIUM === undefined ? describe.skip : describe)(`the page in a browser${SKIP_REASON}`, () => {
  let browser: Browser;
  let directory: string;
  let server: PageServer;
  let timer: NodeJS.Timeout | undefined;
  /** What must stay empty: errors on the console, failures, requests to anywhere but the page's own server. */
  let trouble: string[];

  beforeAll(async () => {
    directory = await buildPage();
    browser = await launchBrowser(CHROMIUM as string);
    await mkdir(ARTIFACTS, { recursive: true });
  });

  afterAll(async () => {
    await browser.close();
    await rm(dirname(directory), { recursive: true, force: true });
  });

  beforeEach(async () => {
    trouble = [];
    server = await startPageServer(0, directory);
  });

  afterEach(async () => {
    stopDesk();
    await Promise.all(browser.contexts().map((context) => context.close()));
    await server.close();
  });

  function runDesk(): void {
    const desk = new SyntheticDesk({ server: server.live, seed: 7 });
    // A quarter of an hour at once, so that every panel has something to say from the first frame on.
    desk.step(Date.now(), 900);
    timer = setInterval(() => desk.step(Date.now(), STEP_MS / 1000), STEP_MS);
  }

  function stopDesk(): void {
    clearInterval(timer);
    timer = undefined;
  }

  async function open(options: BrowserContextOptions = DESKTOP): Promise<Page> {
    const context = await browser.newContext(options);
    context.setDefaultTimeout(LIMIT_MS);
    const page = await context.newPage();
    watchTrouble(page, server, trouble);
    await page.goto(`${server.url}#window=1m`);
    return page;
  }

  const tile = (page: Page, id: string) => page.locator(`.tile-${id}`);
  const number = (page: Page, id: string) => page.locator(`.tile-${id} .tile-number`);

  test('fills every panel, asks nobody outside and reports no error', async () => {
    runDesk();
    const page = await open({ viewport: { width: 1440, height: 2400 }, reducedMotion: 'reduce' });
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
    await page.setViewportSize({ width: 1024, height: 2400 });
    await becomesTrue(page, `document.querySelector('#strategies table').clientWidth > 700`);
    expect(await page.evaluate(CUT_TEXTS)).toEqual([]);
    await shot(page, 'desktop-whole');
    expect(trouble).toEqual([]);
  });

  test('moves: numbers change as values arrive', async () => {
    runDesk();
    const page = await open();
    await becomesTrue(page, `/\\d/.test(document.querySelector('.tile-events .tile-number').textContent)`);
    const before = await number(page, 'events').textContent();
    await becomesTrue(
      page,
      `document.querySelector('.tile-events .tile-number').textContent !== ${JSON.stringify(before)}`,
    );
    await shot(page, 'desktop');
    expect(trouble).toEqual([]);
  });

  test('shows amounts per currency, rounds by currency, and cries when points were dropped', async () => {
    const desk = new Publisher(server.live, { 'service.name': 'desk', 'service.instance.id': '1' });
    const bridge = new Publisher(server.live, { 'service.name': 'nanometer-bridge' });
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
    const page = await open({ viewport: { width: 1440, height: 2400 } });
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
    expect(trouble).toEqual([]);
  });

  test('p freezes the display while data keeps arriving, and shows on resuming what was missed', async () => {
    runDesk();
    const page = await open();
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
    // What stands still costs nothing: no canvas is drawn while the loop looks twice for something new.
    const drawn = await page.evaluate(`new Promise((resolve) => {
      const { prototype } = CanvasRenderingContext2D;
      const { clearRect } = prototype;
      let count = 0;
      prototype.clearRect = function (...box) {
        count += 1;
        clearRect.apply(this, box);
      };
      const missed = () => document.querySelector('#pause').textContent;
      const changes = [missed()];
      const look = () => {
        if (changes.at(-1) !== missed()) changes.push(missed());
        if (changes.length > 2) resolve(count);
        else requestAnimationFrame(look);
      };
      look();
    })`);
    expect(drawn).toBe(0);
    await page.keyboard.press('p');
    await becomesTrue(
      page,
      `document.querySelector('.tile-events .tile-number').textContent !== ${JSON.stringify(frozen)}`,
    );
    expect(await page.locator('#pause').textContent()).toBe('Pause');
    expect(trouble).toEqual([]);
  });

  test('answers the keys: help, filter, time window', async () => {
    runDesk();
    const page = await open({ viewport: { width: 1440, height: 2400 } });
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
    expect(trouble).toEqual([]);
  });

  test('fits a phone: nothing sticks out sideways, and the summary stays in view', async () => {
    runDesk();
    const page = await open(PHONE);
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
    expect(trouble).toEqual([]);
  });

  test('greys values of a desk that falls silent and shows their age, until it speaks again', async () => {
    runDesk();
    const page = await open();
    await becomesTrue(page, `!document.querySelector('.tile.no-data')`);
    expect(await page.locator('.tile.stale').count()).toBe(0);
    stopDesk();
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
    runDesk();
    await becomesTrue(page, `!document.querySelector('.tile.stale')`);
    expect(trouble).toEqual([]);
  });

  test('says that the link is lost, keeps what it knew, and goes on when the server is back', async () => {
    runDesk();
    const page = await open();
    await becomesTrue(page, `!document.querySelector('.tile.no-data')`);
    const { port } = server;
    stopDesk();
    await server.close();
    await becomesTrue(page, `document.querySelector('#link').classList.contains('lost')`);
    expect(await page.locator('#link').textContent()).toMatch(/^reconnecting/);
    expect(await number(page, 'fills').textContent()).toMatch(/\d/);
    server = await startPageServer(port, directory);
    runDesk();
    await becomesTrue(page, `document.querySelector('#link').classList.contains('open')`);
    await becomesTrue(page, `!document.querySelector('.tile.no-data') && !document.querySelector('.tile.stale')`);
    // A refused connection is the browser's own entry on the console; nothing else may be there.
    expect(trouble.filter((text) => !/WebSocket connection to|ERR_CONNECTION_REFUSED/.test(text))).toEqual([]);
  });

  test('tells an alert, takes an acknowledgement with a name and a shelf with an end, and keeps what ended', async () => {
    const service = await AlertService.open({
      rules: parseRules('desk.yaml', RULES),
      onAlertsChanged: (alerts) => {
        server.live.publishEvent('alerts', { alerts, total: alerts.length }, { retain: true });
      },
    });
    await server.close();
    server = await startPageServer(0, directory, (request, response) => {
      const path = request.url ?? '/';
      if (!path.startsWith('/api/')) return false;
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        const answer = answerAlertRequest(service.center, request.method ?? 'GET', path, body, Date.now());
        response.writeHead(answer.status, { 'content-type': 'application/json' }).end(JSON.stringify(answer.body));
      });
      return true;
    });
    try {
      const limit = service.watch({
        name: 'risk.limit.utilization',
        attributes: { 'risk.limit.name': 'gross_exposure', 'trading.symbol': 'BTCUSDT' },
      });
      limit.update(0.5);
      runDesk();
      const page = await open();
      limit.update(1.25);
      await becomesTrue(page, `document.querySelector('.alert')?.dataset.state === 'firing'`);
      const alert = page.locator('.alert').first();
      expect(await alert.innerText()).toMatch(/ExposureLimit.*firing.*critical: 1\.25, threshold 1.*BTCUSDT/s);
      expect(await page.title()).toBe('(1) Nanometer');
      await page.getByRole('button', { name: 'Acknowledge' }).click();
      expect(await alert.innerText()).toContain('Your name is needed');
      await page.getByLabel('Your name').fill('Mei');
      await page.getByRole('button', { name: 'Acknowledge' }).click();
      await becomesTrue(page, `/acknowledged by Mei at/.test(document.querySelector('.alert-mark').textContent)`);
      expect(service.center.list()[0]?.acknowledgement?.by).toBe('Mei');
      expect(await page.title()).toBe('Nanometer');
      await page.getByLabel('Shelve this alert for').selectOption('1h');
      await becomesTrue(page, `/shelved by Mei for/.test(document.querySelector('.alert-mark').textContent)`);
      await shot(page, 'desktop-alert');
      await alert.locator('.alert-place').click();
      expect(await page.locator('.filter').inputValue()).toBe('BTCUSDT');
      limit.update(0.2);
      await becomesTrue(page, `document.querySelector('.alert-history .alert')?.dataset.state === 'resolved'`);
      expect(trouble).toEqual([]);
    } finally {
      await service.close();
    }
  });

  test('an alert on a phone is a bar at the bottom that opens', async () => {
    runDesk();
    const page = await open(PHONE);
    await becomesTrue(page, `document.querySelector('#link').classList.contains('open')`);
    expect(await page.locator('.alert-bar').isVisible()).toBe(false);
    const alert = {
      fingerprint: '0123456789abcdef',
      rule: 'FeedStale',
      severity: 'warning',
      state: 'firing',
      labels: { exchange_name: 'coinbase' },
      annotations: {},
      activeAtMs: Date.now(),
      startsAtMs: Date.now(),
    };
    server.live.publishEvent('alerts', { alerts: [alert], total: 1 }, { retain: true });
    await page.locator('.alert-bar').tap();
    expect(await page.locator('.alert-bar').textContent()).toBe('1 firing: FeedStale');
    // The sheet is drawn with the page's next frame.
    await page.locator('.alert').waitFor({ state: 'visible' });
    await shot(page, 'phone-alert');
    await page.locator('.alert-bar').tap();
    await page.locator('.alert').waitFor({ state: 'hidden' });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
    expect(trouble).toEqual([]);
  });

  test('shows correlations as a matrix and, where it is wanted, in three dimensions', async () => {
    runDesk();
    const page = await open({ viewport: { width: 1440, height: 2400 } });
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
    expect(trouble).toEqual([]);
  });

  test('what the desk does not have gives way and is named', async () => {
    const desk = new Publisher(server.live, { 'service.name': 'desk', 'service.instance.id': '1' });
    const page = await open();
    const now = Date.now();
    const money = { 'trading.strategy': 'a', 'exchange.name': 'x', 'trading.symbol': 's', 'trading.currency': 'USD' };
    desk.set(now, METRIC_TRADING_PNL_REALIZED, money, 1);
    await becomesTrue(page, `/10 more panels without data/.test(document.querySelector('#absent').textContent)`);
    await page.locator('#absent summary').click();
    expect(await page.locator('#absent').innerText()).toContain(
      'Value at risk and its backtest. No data: waiting for risk.value_at_risk.',
    );
    expect(await page.locator('#tail').isVisible()).toBe(false);
    expect(trouble).toEqual([]);
  });

  test('opens without its server: the files are kept, and it says that the link is lost', async () => {
    runDesk();
    const page = await open();
    await becomesTrue(page, `!document.querySelector('.tile.no-data')`);
    await page.evaluate('navigator.serviceWorker.ready.then(() => true)');
    await becomesTrue(page, `navigator.serviceWorker.controller !== null`);
    stopDesk();
    const { port } = server;
    await server.close();
    await page.reload();
    await becomesTrue(page, `document.querySelector('#link')?.classList.contains('lost')`);
    expect(await page.locator('h1').textContent()).toBe('Nanometer');
    server = await startPageServer(port, directory);
    await becomesTrue(page, `document.querySelector('#link').classList.contains('open')`);
  });

  test('g and a letter go to a panel, and the colours of gain and loss are the reader’s', async () => {
    runDesk();
    const page = await open();
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
    expect(trouble).toEqual([]);
  });

  test('does not animate for readers who prefer it so', async () => {
    runDesk();
    const page = await open({ ...DESKTOP, reducedMotion: 'reduce' });
    await page.locator('.bar-fill').first().waitFor({ state: 'attached' });
    expect(await page.evaluate('document.getAnimations().length')).toBe(0);
    const durations = `[...document.querySelectorAll('*')].map((element) => getComputedStyle(element).transitionDuration)`;
    expect(await page.evaluate(`[...new Set(${durations})]`)).toEqual(['0s']);
  });
});
