// node test/bench/page/line-chart.bench.js [--json]
//
// What drawing six charts of four lines over 600 points costs the main thread of a Chromium without a GPU, per animation frame in
// which every chart moves by a pixel: the three ways in turns, medians of the rounds.
import { parseArgs } from 'node:util';
import { setTimeout as pause } from 'node:timers/promises';
import { chromiumPath, launchBrowser } from '../../../packages/dashboard/dev/browser.ts';
import { chartScript } from '../../../packages/dashboard/test/support/charts-in-browser.ts';
import { framesOf } from './frames.js';

const { values: options } = parseArgs({ options: { json: { type: 'boolean', default: false } } });
const ROUNDS = 3;
const ROUND_MS = 1200;
const CATEGORIES = ['disabled-by-default-devtools.timeline', 'devtools.timeline', 'toplevel'];

/** How a frame is drawn. */
const WAYS = {
  'all anew, 1.4 pixels wide': 'anew = true; wide = true',
  'all anew, one pixel wide': 'anew = true; wide = false',
  'what is new, one pixel wide': 'anew = false; wide = false',
};

const SCENE = `
  globalThis.anew = true;
  globalThis.wide = false;
  const width = Object.getOwnPropertyDescriptor(CanvasRenderingContext2D.prototype, 'lineWidth');
  Object.defineProperty(CanvasRenderingContext2D.prototype, 'lineWidth', {
    set(value) { width.set.call(this, wide ? 1.4 : value); },
  });
  let nowMs = 1.76e12;
  const all = Array.from({ length: 6 }, () => {
    const canvas = document.createElement('canvas');
    canvas.style.cssText = 'width: 638px; height: 170px';
    document.body.append(canvas);
    const chart = new charts.LineChart(canvas, { scale: 'linear', includeZero: true, formatTick: String, formatTime: () => '12:34:56' });
    const lines = ['#2fbf9b', '#cc79a7', '#e8dc6a', '#a9b7c9'].map((color) => ({ history: new charts.History(), color, gapMs: 3000 }));
    return { chart, lines };
  });
  // Between fixed ends, so that the axis stays.
  const wave = (at, index) => 1 + 0.4 * Math.sin(at / 3000 + index) + 0.3 * Math.sin(at * 0.77 + index * 3);
  const step = () => {
    nowMs += 100;
    for (const { lines } of all) lines.forEach(({ history }, index) => history.add(nowMs, wave(nowMs % 1e7, index)));
  };
  for (let at = 0; at < 700; at++) step();
  const tick = () => {
    step();
    for (const { chart, lines } of all) {
      chart.surface.fit();
      if (anew) chart.forget();
      chart.draw({ nowMs, windowMs: 60000, lines: lines.map((line) => ({ ...line, untilMs: nowMs })) });
    }
    requestAnimationFrame(tick);
  };
  requestAnimationFrame(tick);
`;

const executable = chromiumPath();
if (executable === undefined) {
  console.error('no Chromium: install it or point CHROMIUM_PATH to one');
  process.exit(69);
}
const browser = await launchBrowser(executable);
const page = await browser.newPage({ viewport: { width: 1440, height: 700 } });
await page.addScriptTag({ content: await chartScript() });
await page.addScriptTag({ content: `{${SCENE}}` });
const medians = new Map(Object.keys(WAYS).map((name) => [name, []]));
for (let round = 0; round < ROUNDS; round++) {
  for (const [name, choice] of Object.entries(WAYS)) {
    await page.evaluate(choice);
    await pause(300);
    await browser.startTracing(page, { categories: CATEGORIES });
    await pause(ROUND_MS);
    const { frames } = framesOf(JSON.parse((await browser.stopTracing()).toString()).traceEvents);
    medians.get(name).push(medianOf(frames.map(({ processorMs }) => processorMs)));
  }
}
await browser.close();

const rows = [...medians].map(([name, rounds]) => ({ name, processorMs: medianOf(rounds) }));
const [first] = rows;
if (options.json) console.log(JSON.stringify({ chromium: browser.version(), rows }, null, 2));
else {
  for (const { name, processorMs } of rows) {
    console.log(
      `${name.padEnd(30)} ${processorMs.toFixed(2).padStart(8)} ms, ${(first.processorMs / processorMs).toFixed(1)} x`,
    );
  }
}

function medianOf(samples) {
  const sorted = samples.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
