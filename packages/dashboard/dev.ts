// Serves the built page with a synthetic desk behind it, and takes screenshots of it.
//   npm run -s dev -w @nanometer/dashboard                        serve until interrupted
//   npm run -s dev -w @nanometer/dashboard -- --screenshot DIR    write desktop.png and phone.png, then end
//   ... --screenshot DIR --url http://127.0.0.1:8080/             the same of a page that runs already
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
    /** Take the screenshots of a page that another program serves, such as `nanometer demo`. */
    url: { type: 'string' },
    /** Seconds of data to collect before a screenshot. */
    seconds: { type: 'string', default: '10' },
    'single-currency': { type: 'boolean', default: false },
  },
});

const server = await startPageServer(options.screenshot === undefined ? Number(options.port) : 0);
const desk = new SyntheticDesk({
  server: server.live,
  seed: Number(options.seed),
  singleCurrency: options['single-currency'],
});
// A quarter of an hour at once, so that every panel has something to say.
desk.step(Date.now(), 900);
const timer = setInterval(() => desk.step(Date.now(), STEP_MS / 1000), STEP_MS);

if (options.screenshot === undefined) {
  console.log(`${server.url}  (synthetic data; Ctrl-C ends)`);
} else {
  try {
    await screenshots(options.url ?? server.url, options.screenshot, Number(options.seconds));
  } finally {
    clearInterval(timer);
    await server.close();
  }
}

async function screenshots(url: string, directory: string, seconds: number): Promise<void> {
  const executable = chromiumPath();
  if (executable === undefined) throw new Error('no Chromium: install it or point CHROMIUM_PATH to one');
  await mkdir(directory, { recursive: true });
  const browser = await launchBrowser(executable);
  try {
    const phone = { deviceScaleFactor: 2, isMobile: true, hasTouch: true };
    // Panels off screen are not drawn, so the whole page needs a viewport as tall as itself.
    const shots = [
      ['desktop', { viewport: { width: 1440, height: 900 } }],
      ['desktop-whole', { viewport: { width: 1440, height: 2400 } }],
      ['phone', { ...phone, viewport: { width: 390, height: 844 } }],
      ['phone-whole', { ...phone, deviceScaleFactor: 1, viewport: { width: 390, height: 6400 } }],
    ] as const;
    // One page after the other: several at once share the processor and fall behind.
    for (const [name, options] of shots) {
      const page = await browser.newPage(options);
      page.on('console', (message) => console.error(`${name}: ${message.text()}`));
      page.on('pageerror', (error) => console.error(`${name}: ${error.message}`));
      await page.goto(`${url}#window=1m`);
      await after(seconds * 1000);
      await page.screenshot({ path: join(directory, `${name}.png`) });
      await page.close();
    }
  } finally {
    await browser.close();
  }
}
