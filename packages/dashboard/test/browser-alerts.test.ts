import { describe, expect, test } from '@jest/globals';
import { AlertService, answerAlertRequest, parseRules } from '@nanometer/alerting';
import { startPageServer } from '../dev/page-server.ts';
import { becomesTrue, CHROMIUM, PHONE, shot, SKIP_REASON } from './support/in-browser.ts';
import { pageInBrowser } from './support/page-in-browser.ts';
import { publishStaleFeed } from './support/stale-feed.ts';

const RULES = `
rules:
  - name: ExposureLimit
    kind: threshold
    metric: risk.limit.utilization
    above: 1
    severity: critical
    summary: 'exposure is over its limit'
`;

(CHROMIUM === undefined ? describe.skip : describe)(`alerts of the page in a browser${SKIP_REASON}`, () => {
  const stage = pageInBrowser();

  test('tells an alert, takes an acknowledgement with a name and a shelf with an end, and keeps what ended', async () => {
    const service = await AlertService.open({
      rules: parseRules('desk.yaml', RULES),
      onAlertsChanged: (alerts) => {
        stage.server.live.publishEvent('alerts', { alerts, total: alerts.length }, { retain: true });
      },
    });
    await stage.server.close();
    stage.server = await startPageServer(0, stage.directory, (request, response) => {
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
      stage.runDesk();
      const page = await stage.open();
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
      expect(stage.trouble).toEqual([]);
    } finally {
      await service.close();
    }
  });

  test('an alert on a phone is a bar at the bottom that opens', async () => {
    stage.runDesk();
    const page = await stage.open(PHONE);
    await becomesTrue(page, `document.querySelector('#link').classList.contains('open')`);
    expect(await page.locator('.alert-bar').isVisible()).toBe(false);
    publishStaleFeed(stage.server.live);
    await page.locator('.alert-bar').tap();
    expect(await page.locator('.alert-bar').textContent()).toBe('1 firing: FeedStale');
    // The sheet is drawn with the page's next frame.
    await page.locator('.alert').waitFor({ state: 'visible' });
    await shot(page, 'phone-alert');
    await page.locator('.alert-bar').tap();
    await page.locator('.alert').waitFor({ state: 'hidden' });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
    expect(stage.trouble).toEqual([]);
  });
});
