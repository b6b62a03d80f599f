import { type Check, checkText } from '../doctor/check.ts';
import { environmentChecks } from '../doctor/environment-checks.ts';
import { reachCheck } from '../doctor/reach-checks.ts';
import { apiCopiesCheck, moduleSystemCheck, nodeVersionCheck } from '../doctor/runtime-checks.ts';
import { EXIT } from '../exit-code.ts';
import type { OptionTable } from '../options/option.ts';
import { parseOptions } from '../options/parse-options.ts';
import { flag, httpUrl, httpUrlOrNone, secondsOr, textOr } from '../options/values.ts';
import type { Command } from './command.ts';

const OPTIONS = {
  otlp: httpUrl('where OTLP over HTTP goes in: a bridge or a collector (default http://127.0.0.1:4318/)'),
  bridge: httpUrl("the bridge's page (default http://127.0.0.1:8080/)"),
  prometheus: httpUrlOrNone('a Prometheus server the collector writes to (default none)'),
  alertmanager: httpUrlOrNone('an Alertmanager (default none)'),
  folder: textOr('DIR', 'the project whose modules are looked at', '.'),
  wait: secondsOr('how long the probe may take to each hop', 10),
  json: flag('one JSON document instead of the lines'),
} satisfies OptionTable;

const address = (given: URL | 'none' | undefined): URL | undefined => (given === 'none' ? undefined : given);

/** `nanometer doctor`: what is wrong between a service and a screen, found by sending a value all the way. */
export const doctor: Command = {
  help: {
    usage: 'nanometer doctor [options]',
    summary: 'Checks runtime, environment and addresses, then sends a probe and waits to see it at every hop.',
    examples: [
      ['nanometer doctor', 'beside `nanometer up` or `npm start`'],
      ['nanometer doctor --otlp http://collector:4318 --prometheus http://prometheus:9090', 'through a collector'],
      ['nanometer doctor --json | jq .ok', 'in a script; ends with 1 when a check fails'],
    ],
    options: OPTIONS,
  },
  async run(args, { terminal, interrupted }) {
    const options = parseOptions(args, OPTIONS);
    const checks: Check[] = [];
    const tell = (...found: readonly Check[]): void => {
      checks.push(...found);
      if (!options.json) for (const check of found) terminal.out(checkText(check));
    };
    tell(nodeVersionCheck(process.version), moduleSystemCheck(options.folder), apiCopiesCheck(options.folder));
    tell(...environmentChecks(process.env));
    const bridge = options.bridge ?? new URL('http://127.0.0.1:8080/');
    const prometheus = address(options.prometheus);
    const reached = await Promise.all([
      reachCheck('bridge', bridge, 'healthz', 'start one with `nanometer up`, or say where it is with --bridge URL'),
      reachCheck('prometheus', prometheus, '-/ready', 'is it started, and is the address right?'),
      reachCheck('alertmanager', address(options.alertmanager), '-/ready', 'is it started, and is the address right?'),
    ]);
    tell(...reached);
    if (reached[0].status !== 'fail' && !interrupted.aborted) {
      const otlp = options.otlp ?? new URL('http://127.0.0.1:4318/');
      const route = { otlp, bridge, prometheus, limitMs: options.wait * 1000, signal: interrupted };
      const { probe } = await import('../doctor/probe.ts');
      tell(...(await probe(route, probeValue())));
    }
    const ok = checks.every(({ status }) => status !== 'fail');
    if (options.json) terminal.out(JSON.stringify({ ok, checks }));
    else
      terminal.out(
        ok ? '\nEverything that was asked for works.' : '\nSomething is wrong; the lines with ✗ say what to do.',
      );
    return ok ? EXIT.ok : EXIT.findings;
  },
};

/** Told from the value of any earlier probe. */
function probeValue(): number {
  return 1_000_000 + Math.floor(Math.random() * 1_000_000_000);
}
