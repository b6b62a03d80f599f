import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../dev/browser.ts';
import { chartScript } from './support/charts-in-browser.ts';
import { CHROMIUM, SKIP_REASON } from './support/in-browser.ts';

/** Draws the same values step by step on one canvas and from nothing on another, and counts where they differ. */
const COMPARE = `async (options) => {
  document.body.innerHTML = '<canvas></canvas><canvas></canvas>';
  const look = {
    scale: options.scale,
    includeZero: options.scale === 'linear',
    formatTick: (value) => String(value),
    formatTime: (timeMs) => new Date(timeMs).toISOString().slice(11, 19),
  };
  const [stepped, whole] = [...document.querySelectorAll('canvas')].map((canvas) => {
    canvas.style.cssText = 'display: block; width: 333px; height: 170px';
    return new charts.LineChart(canvas, look);
  });
  // Sizes arrive before the second frame.
  for (let frame = 0; frame < 2; frame++) await new Promise((resolve) => requestAnimationFrame(resolve));
  for (const chart of [stepped, whole]) chart.surface.fit();
  let state = 1;
  const random = () => (state = (state * 48271) % 2147483647) / 2147483647;
  // Often, seldom, and with a silence in between.
  const lines = [100, 100, 700, 100].map((everyMs) => ({ history: new charts.History(), everyMs, value: 1, untilMs: 0 }));
  const dashes = [[], [7, 3], [2, 3], [8, 3, 2, 3]];
  let nowMs = 1.76e12;
  let compared = 0;
  let most = 0;
  let drawn = 0;
  const pixels = (chart) => chart.surface.context.getImageData(0, 0, chart.surface.canvas.width, chart.surface.canvas.height).data;
  for (let step = 0; step < options.steps; step++) {
    nowMs += Math.ceil(random() * 120);
    lines.forEach((line, index) => {
      const isSilent = index === 3 && step % 400 > 250;
      if (isSilent || nowMs - line.untilMs < line.everyMs * random()) return;
      line.value = Math.max(0.01, line.value + (random() - 0.5) * 0.1 + (random() < 0.01 ? 1 : 0) * (random() - 0.5));
      line.untilMs = nowMs;
      line.history.add(nowMs, line.value);
    });
    const view = {
      nowMs,
      windowMs: 60000,
      lines: lines.map(({ history, untilMs }, index) => ({
        history,
        untilMs,
        color: ['#2fbf9b', '#cc79a7', '#e8dc6a', '#ffffff'][index],
        dash: dashes[index],
        label: 'line ' + index,
        gapMs: 3000,
      })),
    };
    stepped.draw(view);
    if (step % 40 !== 39) continue;
    whole.forget();
    whole.draw(view);
    const [a, b] = [pixels(stepped), pixels(whole)];
    // As seen on black: what is nearly transparent has no colour to speak of.
    const seen = (data, at, channel) => (data[at + channel] * data[at + 3]) / 255;
    for (let at = 0; at < a.length; at += 4) {
      drawn += b[at + 3] > 0 ? 1 : 0;
      for (const channel of [0, 1, 2]) most = Math.max(most, Math.abs(seen(a, at, channel) - seen(b, at, channel)));
    }
    compared += 1;
  }
  return { compared, most, drawn };
}`;

(CHROMIUM === undefined ? describe.skip : describe)(`a chart of lines in a browser${SKIP_REASON}`, () => {
  let browser: Browser;
  let script: string;

  beforeAll(async () => {
    browser = await launchBrowser(CHROMIUM as string);
    script = await chartScript();
  });

  afterAll(() => browser.close());

  test.each([
    { scale: 'linear', ratio: 1 },
    { scale: 'log', ratio: 1 },
    { scale: 'linear', ratio: 2 },
    { scale: 'linear', ratio: 1.5 },
  ])('drawn step by step it looks as if drawn at once: $scale, $ratio pixels', async ({ scale, ratio }) => {
    const context = await browser.newContext({ viewport: { width: 400, height: 400 }, deviceScaleFactor: ratio });
    const page = await context.newPage();
    await page.addScriptTag({ content: script });
    const found = (await page.evaluate(`(${COMPARE})(${JSON.stringify({ scale, steps: 800 })})`)) as {
      readonly compared: number;
      readonly most: number;
      readonly drawn: number;
    };
    expect(found.compared).toBe(20);
    expect(found.drawn).toBeGreaterThan(10_000);
    // Of 255: what the rasterizer makes of single pixels when the same path begins elsewhere.
    expect(found.most).toBeLessThanOrEqual(24);
    await context.close();
  });
});
