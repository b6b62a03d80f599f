import { AlertService, parseRules } from '@nanometer/alerting';

/*
 * A process to be killed: fires one alert per series, and after a restart looks at the same series again. It prints its
 * account as JSON lines.
 */
const [, , stateDirectory = '', url = '', count = '0', batchLimit = '100'] = process.argv;

const rules = parseRules(
  'rules.yaml',
  'rules: [{name: A, kind: threshold, metric: x, custom: true, above: 1, severity: critical, summary: s, tiers: [process]}]',
);
const service = await AlertService.open({
  rules,
  stateDirectory,
  receivers: [
    { kind: 'webhook', url, batchLimit: Number(batchLimit), timeoutMillis: 300, messagesPerMinute: 1_000_000 },
  ],
  snapshotBytes: 512 * 1024,
  onTrouble: () => {},
  // Backoff at its shortest: the test is about what is kept, not about waiting.
  random: () => 0,
});

let fired = 0;
const timer = setInterval(() => {
  for (let index = 0; index < 100 && fired < Number(count); index++) {
    service.watch({ name: 'x', attributes: { k: String(fired++) } }).update(2);
  }
  const { received, delivered, held } = service.center.stats().receivers['webhook']!;
  process.stdout.write(`${JSON.stringify({ fired, received, delivered, held })}\n`);
}, 5);
process.once('disconnect', () => clearInterval(timer));
