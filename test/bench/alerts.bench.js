// npm run bench:alerts [-- --json] [-- --alerts N]
//
// From the recording of a value to the callback in the process and to a webhook's receipt, and what evaluation costs, with
// a hiccup meter beside each: a thread that does nothing else shows how late the machine itself is.
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { AlertService, parseRules, RuleEngine } from '@nanometer/alerting';
import { MeterProvider } from '@nanometer/metrics';
import { startHiccupMeter } from './alerts/hiccup-meter.js';
import { quantilesOf } from './alerts/quantiles.js';
import { environment, load } from './harness/environment.js';

const { values: options } = parseArgs({
  options: { json: { type: 'boolean', default: false }, alerts: { type: 'string', default: '1000' } },
});
const ALERTS = Number(options.alerts);
/** Alerts before the measured ones: the first opens the connection. */
const WARM_UP = 20;
const loadBefore = load();

/** Rules of metrics of our own, as a file. */
function rulesOf(rules) {
  return parseRules(
    'bench.yaml',
    JSON.stringify({
      rules: rules.map((rule) => ({
        custom: true,
        severity: 'critical',
        summary: '{{value}}',
        tiers: ['process'],
        ...rule,
      })),
    }),
  );
}

const oneRule = rulesOf([{ name: 'Limit', kind: 'threshold', metric: 'x', above: 1 }]);

async function withHiccups(run) {
  const meter = await startHiccupMeter();
  const result = await run();
  return { ...result, hiccupMs: await meter.stop() };
}

const breaches = (index, second) => (index * 7919 + second * 104_729) % 100 === 0;

/** A value is recorded and compared; the callback of what it changed has run when that returns. */
async function recordToCallback() {
  const samples = [];
  let begun = 0;
  const service = await AlertService.open({
    rules: oneRule,
    onAlert: () => samples.push(performance.now() - begun),
  });
  const gauge = new MeterProvider().getMeter('bench').createGauge('x').bind({ k: 'a' });
  const watched = service.watch({ name: 'x', attributes: { k: 'a' } });
  for (let index = 0; index < 20 * ALERTS; index++) {
    const value = index % 2 === 0 ? 2 : 0;
    begun = performance.now();
    gauge.record(value);
    watched.update(value);
    if (index % 50 === 0) await nextTurn();
  }
  await service.close();
  return { latencyMs: quantilesOf(samples) };
}

/** A value is recorded in this process; a webhook of this machine has the message. */
async function recordToWebhook(stateDirectory) {
  const begun = new Map();
  const received = new Map();
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text) => (body += text));
    request.on('end', () => {
      const now = performance.now();
      for (const { labels } of JSON.parse(body).alerts) received.set(labels.k, now - begun.get(labels.k));
      response.end();
    });
  });
  await new Promise((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const service = await AlertService.open({
    rules: oneRule,
    receivers: [{ kind: 'webhook', url: `http://127.0.0.1:${server.address().port}/`, messagesPerMinute: 1_000_000 }],
    ...(stateDirectory === undefined ? {} : { stateDirectory }),
  });
  const all = WARM_UP + ALERTS;
  const watched = Array.from({ length: all }, (_, k) => service.watch({ name: 'x', attributes: { k: String(k) } }));
  for (const [k, series] of watched.entries()) {
    begun.set(String(k), performance.now());
    series.update(2);
    await pause(5);
  }
  while (received.size < all) await pause(5);
  await service.close();
  server.close();
  server.closeAllConnections();
  return { latencyMs: quantilesOf([...received].filter(([k]) => Number(k) >= WARM_UP).map(([, ms]) => ms)) };
}

/**
 * 1,000 rules, each of which looks at 100 of 10,000 series, so that an update is compared by ten rules; one update of a
 * hundred breaches them.
 */
async function evaluationCost() {
  const rules = rulesOf(
    Array.from({ length: 1000 }, (_, index) => ({
      name: `R${index}`,
      kind: 'threshold',
      metric: `m${index % 100}`,
      above: 1000 + index,
      for: '1s',
    })),
  );
  const engine = new RuleEngine(rules, { tier: 'process', onTransition: () => {}, startMs: 0 });
  const slots = Array.from({ length: 10_000 }, (_, index) =>
    engine.register({ name: `m${index % 100}`, attributes: { k: String(index) } }, 0),
  );
  const secondsMs = [];
  for (let second = 1; second <= 30; second++) {
    const before = process.cpuUsage();
    // A second's updates in a hundred requests.
    for (let batch = 0; batch < 100; batch++) {
      const nowMs = second * 1000 + batch * 10;
      for (let index = batch; index < slots.length; index += 100)
        engine.update(slots[index], nowMs, breaches(index, second) ? 5000 : index % 1000);
      engine.evaluate(nowMs);
    }
    const { user, system } = process.cpuUsage(before);
    secondsMs.push((user + system) / 1000);
    await nextTurn();
  }
  return { cpuMsPerSecond: quantilesOf(secondsMs), evaluations: engine.evaluations };
}

const folder = mkdtempSync(join(tmpdir(), 'bench-alerts-'));
const callback = await withHiccups(recordToCallback);
const webhook = await withHiccups(() => recordToWebhook(undefined));
const durable = await withHiccups(() => recordToWebhook(join(folder, 'state')));
const evaluation = await withHiccups(evaluationCost);
rmSync(folder, { recursive: true });

const target = (name, measured, atMost, unit) => ({ name, measured, atMost, unit, met: measured <= atMost });
const document = {
  command: 'npm run bench:alerts -- --json',
  ...environment([]),
  load: { before: loadBefore, after: load() },
  callback,
  webhook,
  webhookDurable: durable,
  evaluation,
  targets: [
    target('record to callback in the process, p99', callback.latencyMs.p99, 1, 'ms'),
    target('record to webhook received, p99', webhook.latencyMs.p99, 100, 'ms'),
    target('record to webhook received, on disk first, p99', durable.latencyMs.p99, 100, 'ms'),
    target('1,000 rules x 10,000 updates/s, median second', evaluation.cpuMsPerSecond.p50, 250, 'ms of CPU'),
  ],
};

if (options.json) process.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
else {
  console.log(`${document.machine}, node ${document.node}, load ${loadBefore} to ${document.load.after}`);
  for (const [name, { hiccupMs, ...rest }] of Object.entries({
    callback,
    webhook,
    webhookDurable: durable,
    evaluation,
  })) {
    console.log(`${name.padEnd(16)} ${JSON.stringify(rest)}  hiccup ms ${JSON.stringify(hiccupMs)}`);
  }
  for (const { name, measured, atMost, unit, met } of document.targets) {
    console.log(`${met ? 'met   ' : 'MISSED'} ${name}: ${measured} ${unit} (at most ${atMost})`);
  }
}
