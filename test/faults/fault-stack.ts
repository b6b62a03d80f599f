import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { nanometerMain } from '../stack/desk.ts';
import { freeTcpPorts } from '../stack/ports.ts';
import type { RunningProcess } from '../stack/process.ts';
import type { Programs } from '../stack/programs/programs.ts';
import { choosePorts, type Ports, stageServices } from '../stack/servers.ts';
import { readCompose } from '../stack/staging.ts';
import { statsdArguments, statsdConfig, statsdHealth } from '../stack/statsd-server.ts';
import { answers } from '../stack/wait-for.ts';
import type { Hop, Target } from './fault.ts';
import { HOPS } from './fault.ts';
import { AlertReceiver } from './alert-receiver.ts';
import { alertRules } from './alert-rules.ts';
import { LiveLink } from './live-link.ts';
import { FaultProxy } from './proxy.ts';
import { Service } from './service.ts';

/** Everything but the desk: the programs, and the proxies between them. */
export interface FaultStack {
  readonly ports: Ports;
  readonly services: Readonly<Record<Exclude<Target, 'desk'>, Service>>;
  readonly proxies: Readonly<Record<Hop, FaultProxy>>;
  /** Between the bridge and its lossless subscriber. */
  readonly liveLink: LiveLink;
  /** Where the bridge's alerts go. */
  readonly receiver: AlertReceiver;
  /** Where the desk sends. */
  readonly deskUrl: string;
  readonly queueFolders: Readonly<Record<'agent' | 'collector', string>>;
  /** Every packet the StatsD server has been given. */
  readonly packetLog: string;
}

/**
 * Prepares the stack in a folder; nothing but the proxies and the receiver of alerts runs yet. With `history`, the bridge keeps
 * one, from which a subscriber that was away is told what it missed.
 */
export async function faultStack(
  programs: Programs,
  folder: string,
  history: boolean,
  onStart: (stoppable: { stop(): Promise<void> }) => void,
): Promise<FaultStack> {
  const ports = await choosePorts();
  const [deskAgent = 0, agentCollector = 0, collectorPrometheus = 0, collectorBridge = 0] = await freeTcpPorts(
    HOPS.length,
  );
  const proxy = async (port: number, target: number): Promise<FaultProxy> => {
    const listening = await FaultProxy.listen(port, target);
    onStart(listening);
    return listening;
  };
  const proxies = {
    'desk-agent': await proxy(deskAgent, ports.agentHttp),
    'agent-collector': await proxy(agentCollector, ports.collectorHttp),
    'collector-prometheus': await proxy(collectorPrometheus, ports.prometheus),
    'collector-bridge': await proxy(collectorBridge, ports.bridgeHttp),
  };
  const liveLink = await LiveLink.listen(ports.page);
  onStart(liveLink);
  const receiver = new AlertReceiver(ports.webhook);
  onStart(receiver);
  await receiver.start();
  const rulesFile = join(folder, 'rules.yaml');
  writeFileSync(rulesFile, alertRules());
  const staged = stageServices(readCompose(), ports, folder);
  const url = (port: number): string => `http://127.0.0.1:${port}`;
  const service = (options: ConstructorParameters<typeof Service>[0]): Service =>
    new Service(options, (process: RunningProcess) => onStart(process));
  const packetLog = join(folder, 'statsd', 'packets.txt');
  return {
    ports,
    proxies,
    liveLink,
    receiver,
    services: {
      agent: service({
        name: 'agent',
        command: programs.otelcol,
        ...staged.agent,
        env: { ...staged.agent.env, NANOMETER_GATEWAY_OTLP: url(agentCollector) },
        ready: () => answers(`${url(ports.agentHealth)}/`),
      }),
      collector: service({
        name: 'collector',
        command: programs.otelcol,
        ...staged.collector,
        env: {
          ...staged.collector.env,
          NANOMETER_PROMETHEUS_OTLP: `${url(collectorPrometheus)}/api/v1/otlp`,
          NANOMETER_BRIDGE_OTLP: url(collectorBridge),
        },
        ready: () => answers(`${url(ports.collectorHealth)}/`),
      }),
      prometheus: service({
        name: 'prometheus',
        command: programs.prometheus,
        ...staged.prometheus,
        ready: () => answers(`${url(ports.prometheus)}/-/ready`),
      }),
      bridge: service({
        name: 'bridge',
        command: process.execPath,
        args: [
          ...bridgeArguments(ports, join(folder, 'bridge-state')),
          `--rules=${rulesFile}`,
          `--webhook=${receiver.url}`,
          ...(history ? [`--history=${join(folder, 'bridge-history')}`] : []),
        ],
        cwd: folder,
        ready: () => answers(`${url(ports.page)}/healthz`),
      }),
      statsd: service({
        name: 'statsd',
        command: process.execPath,
        args: statsdArguments(writeStatsdConfig(join(folder, 'statsd'), ports, packetLog)),
        cwd: join(folder, 'statsd'),
        ready: () => statsdHealth(ports.statsdAdmin),
      }),
    },
    deskUrl: `${url(deskAgent)}/v1/metrics`,
    queueFolders: {
      agent: staged.agent.env['NANOMETER_AGENT_QUEUE_DIR'] ?? '',
      collector: staged.collector.env['NANOMETER_COLLECTOR_QUEUE_DIR'] ?? '',
    },
    packetLog,
  };
}

function bridgeArguments(ports: Ports, stateFolder: string): string[] {
  return [
    nanometerMain(),
    'up',
    `--port=${ports.page}`,
    `--otlp-grpc-port=${ports.bridgeGrpc}`,
    `--otlp-http-port=${ports.bridgeHttp}`,
    `--statsd=127.0.0.1:${ports.statsd}`,
    `--state=${stateFolder}`,
  ];
}

function writeStatsdConfig(folder: string, ports: Ports, packetLog: string): string {
  mkdirSync(folder, { recursive: true });
  writeFileSync(packetLog, '');
  const file = join(folder, 'config.js');
  const backend = new URL('statsd-packet-log.cjs', import.meta.url).pathname;
  const config = JSON.parse(statsdConfig(ports.statsd, ports.statsdAdmin)) as object;
  writeFileSync(file, JSON.stringify({ ...config, backends: [backend], packetLog }));
  return file;
}
