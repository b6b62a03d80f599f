import { setTimeout as pause } from 'node:timers/promises';
import { CliError } from '../cli-error.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { ledgerText } from '../ledger/format.ts';
import type { ChainAddresses } from '../ledger/read-chain.ts';
import { settleChain } from '../ledger/settle-chain.ts';
import type { OptionTable } from '../options/option.ts';
import { parseOptions } from '../options/parse-options.ts';
import { flag, httpUrlOrNone, httpUrls, secondsOr } from '../options/values.ts';
import type { Command } from './command.ts';

const OPTIONS = {
  service: httpUrls("services' /metrics, separated by commas (default http://127.0.0.1:9090/metrics)"),
  collector: httpUrls("collectors' own metrics, in the order in which points pass them (default none)"),
  prometheus: httpUrlOrNone('a Prometheus server the collector writes to (default none)'),
  bridge: httpUrlOrNone("the bridge's page (default http://127.0.0.1:8080/)"),
  deployed: flag('the addresses inside docker-compose.yml for those that are not given'),
  settle: secondsOr('how long what is on its way may take to arrive', 10),
  watch: flag('again every second, until Ctrl-C'),
  json: flag('one JSON document instead of the table, one a line with --watch'),
} satisfies OptionTable;

const EMBEDDED = { service: 'http://127.0.0.1:9090/metrics', collectors: [], bridge: 'http://127.0.0.1:8080/' };
const DEPLOYED = {
  service: 'http://desk:9090/metrics',
  collectors: ['http://agent:8888/metrics', 'http://collector:8888/metrics'],
  prometheus: 'http://prometheus:9090/',
  bridge: 'http://bridge:8080/',
};
const WATCH_EVERY_MS = 1000;

/** `nanometer ledger`: what every hop received, passed on, holds and dropped. */
export const ledger: Command = {
  help: {
    usage: 'nanometer ledger [options]',
    summary: 'Shows what every hop received, passed on, holds and dropped; ends with 1 when something is missing.',
    examples: [
      ['nanometer ledger', 'the desk and the bridge of `npm start`'],
      ['nanometer ledger --watch', 'the same every second'],
      [
        'docker compose exec bridge node packages/nanometer/dist/main.js ledger --deployed',
        'service, collector, Prometheus and bridge',
      ],
      ['nanometer ledger --collector http://127.0.0.1:8888/metrics --json', 'with a collector in between'],
    ],
    options: OPTIONS,
  },
  async run(args, { terminal, interrupted }) {
    const options = parseOptions(args, OPTIONS);
    const addresses = addressesOf(options);
    let exit: ExitCode = EXIT.ok;
    do {
      const balance = await settleChain(addresses, options.settle * 1000, interrupted);
      terminal.out(options.json ? JSON.stringify(balance) : ledgerText(balance, addresses));
      exit = balance.complete ? EXIT.ok : EXIT.findings;
      if (!options.watch) break;
      await pause(WATCH_EVERY_MS, undefined, { signal: interrupted }).catch(() => {});
    } while (!interrupted.aborted);
    return exit;
  },
};

interface Defaults {
  readonly service: string;
  readonly collectors: readonly string[];
  readonly prometheus?: string;
  readonly bridge: string;
}

interface Given {
  readonly service: readonly URL[] | undefined;
  readonly collector: readonly URL[] | undefined;
  readonly prometheus: URL | 'none' | undefined;
  readonly bridge: URL | 'none' | undefined;
  readonly deployed: boolean;
}

function addressesOf({ service, collector, prometheus, bridge, deployed }: Given): ChainAddresses {
  const defaults: Defaults = deployed ? DEPLOYED : EMBEDDED;
  const address = (given: URL | 'none' | undefined, fallback: string | undefined): URL | undefined => {
    if (given === 'none') return undefined;
    return given ?? (fallback === undefined ? undefined : new URL(fallback));
  };
  const addresses = {
    services: service ?? [new URL(defaults.service)],
    collectors: collector ?? defaults.collectors.map((url) => new URL(url)),
    prometheus: address(prometheus, defaults.prometheus),
    bridge: address(bridge, defaults.bridge),
  };
  const hops = [...addresses.services, ...addresses.collectors, addresses.prometheus, addresses.bridge];
  if (hops.every((hop) => hop === undefined)) {
    // Otherwise nothing would be missing, and a script would take that for an answer.
    const hint = 'leave out one "none", or say where something is with --service URL or --bridge URL';
    throw new CliError('INCOMPATIBLE_OPTIONS', EXIT.usage, 'every hop is "none": there is nothing to read', hint);
  }
  return addresses;
}
