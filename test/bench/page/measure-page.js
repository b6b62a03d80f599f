import { setTimeout as pause } from 'node:timers/promises';
import { quantilesOf } from '../alerts/quantiles.js';
import { framesOf } from './frames.js';

const CATEGORIES = ['disabled-by-default-devtools.timeline', 'devtools.timeline', 'toplevel'];
const QUIET_MS = 3000;

/** Counts what is drawn: every drawing of a canvas begins with one of these. */
const COUNTER = `globalThis.canvasesDrawn = 0;
for (const [type, name] of [
  [CanvasRenderingContext2D, 'clearRect'],
  [WebGL2RenderingContext, 'clear'],
]) {
  const original = type.prototype[name];
  type.prototype[name] = function (...parameters) {
    globalThis.canvasesDrawn += 1;
    return original.apply(this, parameters);
  };
}`;

/**
 * Opens the page in a profile and measures its frames, first while a desk runs, then paused and with nothing new.
 *
 * @param quiet - makes the desk stop.
 * @param keep - gets the trace of the running page as text.
 */
export async function measurePage(browser, url, profile, { warmUpMs, measureMs, quiet, keep }) {
  const { width, height, scale, throttle, phone = false } = profile;
  const context = await browser.newContext({
    viewport: { width, height },
    deviceScaleFactor: scale,
    isMobile: phone,
    hasTouch: phone,
  });
  try {
    const page = await context.newPage();
    await page.addInitScript(COUNTER);
    await page.goto(`${url}#window=1m`);
    const session = await context.newCDPSession(page);
    await pause(warmUpMs);
    if (throttle > 1) await session.send('Emulation.setCPUThrottlingRate', { rate: throttle });
    await pause(1000);
    const { frames, busyMs, partsMs, drawingMs } = await trace(browser, page, measureMs, keep);
    const charts = await page.evaluate(`[...document.querySelectorAll('section canvas')]
      .filter((canvas) => canvas.getClientRects().length > 0 && canvas.getBoundingClientRect().top < innerHeight).length`);
    quiet();
    await page.keyboard.press('p');
    await pause(1500);
    const before = await page.evaluate('canvasesDrawn');
    const still = await trace(browser, page, QUIET_MS);
    const drawn = (await page.evaluate('canvasesDrawn')) - before;
    return {
      canvasesInView: charts,
      frames: frames.length,
      framesPerSecond: rounded((1000 * frames.length) / measureMs),
      clockMs: quantilesOf(frames.map(({ clockMs }) => clockMs)),
      processorMs: quantilesOf(frames.map(({ processorMs }) => processorMs)),
      partsMs: Object.fromEntries(
        Object.entries(partsMs).map(([kind, milliseconds]) => [kind, rounded(milliseconds / frames.length)]),
      ),
      drawingMs: rounded(drawingMs / frames.length),
      busyShare: rounded(busyMs / measureMs),
      idle: {
        framesPerSecond: rounded((1000 * still.frames.length) / QUIET_MS),
        canvasesPerSecond: rounded((1000 * drawn) / QUIET_MS),
        busyShare: rounded(still.busyMs / QUIET_MS),
      },
    };
  } finally {
    await context.close();
  }
}

async function trace(browser, page, milliseconds, keep = async () => {}) {
  await browser.startTracing(page, { categories: CATEGORIES });
  await pause(milliseconds);
  const recorded = (await browser.stopTracing()).toString();
  await keep(recorded);
  return framesOf(JSON.parse(recorded).traceEvents);
}

function rounded(value) {
  return Number(value.toPrecision(3));
}
