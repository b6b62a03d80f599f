// npm run bench:page [-- --json] [-- --seconds N] [-- --warm-up N]
//
// What a frame of the live page costs its main thread: a bridge in a process of its own, a desk in another that pushes its
// series 60 times a second and exports its histograms by OTLP, and the page in a real Chromium. The whole page is in view:
// six charts of lines, two of curves, the heat map, the matrix and every table, each line with its minute of 600 points.
//
// A frame is what lies between two animation frames; its cost is the sum of the main thread's tasks in it, whatever they are:
// script, layout, painting, messages that arrive. It stands there twice: as time on the clock, and as time on the processor,
// which is what a frame needs when nobody else takes the processor away. The targets were set on another machine; `scaled`
// is the processor's time there, by the yardstick of the harness measured in the same run. `partsMs` tells by kind of work
// where a frame's time goes on average. This Chromium has no GPU: what it rasters and puts together in software on other
// threads is `drawingMs`, in no target, though it takes the processor and with it frames away; the pixels of canvases are
// rasterized by the main thread here, in `commit`, and count.
import { execFileSync, fork } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chromiumPath, launchBrowser } from '../../packages/dashboard/dev/browser.ts';
import { readCases } from './harness/case.js';
import { environment, load } from './harness/environment.js';
import { REFERENCE } from './harness/reference.js';
import { measurePage } from './page/measure-page.js';

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    seconds: { type: 'string', default: '10' },
    /** A minute fills the charts of the shortest window. */
    'warm-up': { type: 'string', default: '62' },
    only: { type: 'string', default: '' },
    /** Folder that gets each profile's trace, to be opened in Chromium's performance panel. */
    traces: { type: 'string' },
  },
});

/** Profiles; `limitMs` is the target for the 50th percentile of frames, on the processor and scaled. */
const PROFILES = [
  { name: 'desktop, whole page', width: 1440, height: 2400, scale: 1, throttle: 1, limitMs: 4, targetFps: 60 },
  { name: 'desktop, one screen', width: 1440, height: 900, scale: 1, throttle: 1, limitMs: 4, targetFps: 60 },
  {
    name: 'phone, whole page',
    width: 390,
    height: 7000,
    scale: 2,
    throttle: 4,
    limitMs: 16,
    targetFps: 30,
    phone: true,
  },
  {
    name: 'phone, one screen',
    width: 390,
    height: 844,
    scale: 2,
    throttle: 4,
    limitMs: 16,
    targetFps: 30,
    phone: true,
  },
];

const childOf = (name) => fileURLToPath(new URL(name, import.meta.url));
const answerOf = (child) => new Promise((resolve) => child.once('message', resolve));

const executable = chromiumPath();
if (executable === undefined) {
  console.error('no Chromium: install it or point CHROMIUM_PATH to one');
  process.exit(69);
}
const loadBefore = load();
const slower = await yardstick();
const bridge = fork(childOf('live/processes/bridge.js'));
const addresses = await answerOf(bridge);
const desk = fork(childOf('page/desk.js'), [addresses.push, addresses.otlpHttp]);
await answerOf(desk);
const browser = await launchBrowser(executable);
const results = [];
try {
  for (const profile of PROFILES.filter(({ name }) => name.includes(options.only))) {
    desk.send('run');
    const measured = await measurePage(browser, addresses.page, profile, {
      warmUpMs: 1000 * Number(options['warm-up']),
      measureMs: 1000 * Number(options.seconds),
      quiet: () => desk.send('stop'),
      keep: async (trace) => {
        if (options.traces === undefined) return;
        await mkdir(options.traces, { recursive: true });
        await writeFile(join(options.traces, `${profile.name.replaceAll(/\W+/g, '-')}.json`), trace);
      },
    });
    results.push({ profile: profile.name, ...measured });
    process.stderr.write(`${profile.name}: ${JSON.stringify(measured)}\n`);
  }
} finally {
  await browser.close();
  desk.disconnect();
  bridge.disconnect();
  await pause(0);
}

const rounded = (value) => Number(value.toPrecision(3));
const targets = results.flatMap(({ profile, processorMs, framesPerSecond, idle }) => {
  const { limitMs, targetFps } = PROFILES.find(({ name }) => name === profile);
  const judged = (what, measured) => ({
    target: `${profile}: main thread per frame, ${what}`,
    atMost: limitMs,
    unit: 'ms',
    measured,
    met: measured <= limitMs,
    scaled: rounded(measured / slower),
    scaledMet: measured / slower <= limitMs,
    framesPerSecond,
    targetFps,
  });
  const nothing = {
    target: `${profile}: drawn in a second of which nothing is new and the display is paused`,
    atMost: 0,
    unit: 'canvases',
    measured: idle.canvasesPerSecond,
    met: idle.canvasesPerSecond === 0,
  };
  return [judged('p50', processorMs.p50), judged('p99', processorMs.p99), nothing];
});
const document = {
  command: 'npm run bench:page -- --json',
  ...environment([]),
  chromium: browser.version(),
  load: { before: loadBefore, after: load() },
  slower: rounded(slower),
  results,
  targets,
};
if (options.json) process.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
else {
  console.log(
    `${document.machine}, Chromium ${document.chromium}, ${document.slower} x slower than the targets' machine`,
  );
  for (const { target, measured, unit, met, scaled, scaledMet, atMost } of targets) {
    const other = scaled === undefined ? '' : `, scaled ${scaled} ${unit} ${scaledMet ? 'met' : 'MISSED'}`;
    console.log(`${met ? 'met   ' : 'MISSED'} ${target}: ${measured} ${unit} (at most ${atMost}${other})`);
  }
}
process.exit(0);

/** By how much this machine is slower at the moment than the one on which the targets were set: prom-client's scrape. */
async function yardstick() {
  const { library, measure, there } = REFERENCE.yardsticks.scrape;
  const { file, name } = (await readCases('export')).find((each) => each.yardstick === 'scrape');
  const args = ['--expose-gc', childOf('harness/child.js'), 'export', file, name, library];
  const measured = JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8', maxBuffer: 64 << 20 }));
  return Math.min(...measured[measure]) / there;
}
