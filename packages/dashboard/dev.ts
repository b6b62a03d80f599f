// Serves the built page with a synthetic desk behind it, and takes screenshots of it.
//   npm run -s dev -w @nanometer/dashboard                        serve until interrupted
//   npm run -s dev -w @nanometer/dashboard -- --screenshot DIR    write desktop.png and phone.png, then end
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { chromiumPath, launchBrowser } from './dev/browser.ts';
import { startPageServer } from './dev/page-server.ts';
import { SyntheticDesk } from './dev/synthetic-desk.ts';

const STEP_MS = 250;

const { values: options } = parseArgs({
  options: {
    port: { type: 'string', default: '8080' },
    seed: { type: 'string', default: '7' },
    screenshot: { type: 'string' },
    /** Seconds of data to collect before a screenshot. */
    seconds: { type: 'string', default: '40' },
    'single-currency': { type: 'boolean', default: false },
  },
});

const server = await startPageServer(options.screenshot === undefined ? Number(options.port) : 0);
const desk = new SyntheticDesk({
  server: server.live,
  seed: Number(options.seed),
  singleCurrency: options['single-currency'],
});
const timer = setInterval(() => desk.step(Date.now(), STEP_MS / 1000), STEP_MS);

if (options.screenshot === undefined) {
  console.log(`${server.url}  (synthetic data; Ctrl-C ends)`);
} else {
  try {
    await screenshots(options.screenshot, Number(options.seconds));
  } finally {
    clearInterval(timer);
    await server.close();
  }
}

async function screenshots(directory: string, seconds: number): Promise<void> {
  const executable = chromiumPath();
  if (executable === undefined) throw new Error('no Chromium: install it or point CHROMIUM_PATH to one');
  await mkdir(directory, { recursive: true });
  const browser = await launchBrowser(executable);
  try {
    const phone = { deviceScaleFactor: 2, isMobile: true, hasTouch: true };
    // Panels off screen are not drawn, so the whole page needs a viewport as tall as itself.
    const shots = [
      ['desktop', await browser.newPage({ viewport: { width: 1440, height: 900 } })],
      ['desktop-whole', await browser.newPage({ viewport: { width: 1440, height: 1500 } })],
      ['phone', await browser.newPage({ ...phone, viewport: { width: 390, height: 844 } })],
      ['phone-whole', await browser.newPage({ ...phone, viewport: { width: 390, height: 4400 } })],
    ] as const;
    for (const [name, page] of shots) {
      page.on('console', (message) => console.error(`${name}: ${message.text()}`));
      page.on('pageerror', (error) => console.error(`${name}: ${error.message}`));
      await page.goto(`${server.url}#window=1m`);
    }
    await after(seconds * 1000);
    for (const [name, page] of shots) await page.screenshot({ path: join(directory, `${name}.png`) });
    const scrolled = shots[2][1];
    await scrolled.mouse.wheel(0, 1200);
    await after(500);
    await scrolled.screenshot({ path: join(directory, 'phone-scrolled.png') });
  } finally {
    await browser.close();
  }
}
