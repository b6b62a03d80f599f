import { createServer } from 'node:http';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { RunningProcess } from './process.ts';
import { freeTcpPorts, freeUdpPort } from './ports.ts';
import type { Programs } from './programs/programs.ts';
import { type Compose, stage, type StagedService } from './staging.ts';
import { statsdArguments, statsdConfig, statsdHealth } from './statsd-server.ts';
import { answers, waitFor } from './wait-for.ts';

/** Ports of everything that runs; all on loopback. */
export interface Ports {
  readonly prometheus: number;
  readonly alertmanager: number;
  readonly webhook: number;
  readonly agentGrpc: number;
  readonly agentHttp: number;
  readonly agentHealth: number;
  readonly agentMetrics: number;
  readonly collectorGrpc: number;
  readonly collectorHttp: number;
  readonly collectorHealth: number;
  readonly collectorMetrics: number;
  readonly statsd: number;
  readonly statsdAdmin: number;
  readonly page: number;
  readonly bridgeGrpc: number;
  readonly bridgeHttp: number;
  readonly deskMetrics: number;
}

/** Chooses the ports. */
export async function choosePorts(): Promise<Ports> {
  const [
    prometheus = 0,
    alertmanager = 0,
    webhook = 0,
    collectorGrpc = 0,
    collectorHttp = 0,
    collectorHealth = 0,
    collectorMetrics = 0,
    statsdAdmin = 0,
    page = 0,
    bridgeGrpc = 0,
    bridgeHttp = 0,
    deskMetrics = 0,
    agentGrpc = 0,
    agentHttp = 0,
    agentHealth = 0,
    agentMetrics = 0,
  ] = await freeTcpPorts(16);
  return {
    prometheus,
    alertmanager,
    webhook,
    collectorGrpc,
    collectorHttp,
    collectorHealth,
    collectorMetrics,
    statsd: await freeUdpPort(),
    statsdAdmin,
    page,
    bridgeGrpc,
    bridgeHttp,
    deskMetrics,
    agentGrpc,
    agentHttp,
    agentHealth,
    agentMetrics,
  };
}

/** The staged services of docker-compose.yml. */
export interface StagedServices {
  readonly agent: StagedService;
  readonly collector: StagedService;
  readonly prometheus: StagedService;
  readonly alertmanager: StagedService;
}

/** Prepares the services of docker-compose.yml for this machine: other ports, other folders, the same files. */
export function stageServices(compose: Compose, ports: Ports, folder: string): StagedServices {
  const targets = (...addresses: readonly { service: string; port: number }[]): string =>
    stringify(addresses.map(({ service, port }) => ({ targets: [`127.0.0.1:${port}`], labels: { service } })));
  return {
    agent: stage(compose, 'agent', join(folder, 'agent'), {
      env: {
        NANOMETER_AGENT_GRPC: `127.0.0.1:${ports.agentGrpc}`,
        NANOMETER_AGENT_HTTP: `127.0.0.1:${ports.agentHttp}`,
        NANOMETER_AGENT_HEALTH: `127.0.0.1:${ports.agentHealth}`,
        NANOMETER_AGENT_METRICS_HOST: '127.0.0.1',
        NANOMETER_AGENT_METRICS_PORT: String(ports.agentMetrics),
        NANOMETER_GATEWAY_OTLP: `http://127.0.0.1:${ports.collectorHttp}`,
      },
    }),
    collector: stage(compose, 'collector', join(folder, 'collector'), {
      env: {
        NANOMETER_COLLECTOR_GRPC: `127.0.0.1:${ports.collectorGrpc}`,
        NANOMETER_COLLECTOR_HTTP: `127.0.0.1:${ports.collectorHttp}`,
        NANOMETER_COLLECTOR_HEALTH: `127.0.0.1:${ports.collectorHealth}`,
        NANOMETER_COLLECTOR_METRICS_HOST: '127.0.0.1',
        NANOMETER_COLLECTOR_METRICS_PORT: String(ports.collectorMetrics),
        NANOMETER_PROMETHEUS_OTLP: `http://127.0.0.1:${ports.prometheus}/api/v1/otlp`,
        NANOMETER_BRIDGE_OTLP: `http://127.0.0.1:${ports.bridgeHttp}`,
      },
    }),
    prometheus: stage(compose, 'prometheus', join(folder, 'prometheus'), {
      flags: { 'web.listen-address': `127.0.0.1:${ports.prometheus}` },
      files: {
        '/etc/prometheus/targets/alertmanager.yaml': targets({ service: 'alertmanager', port: ports.alertmanager }),
        '/etc/prometheus/targets/bridge.yaml': targets({ service: 'bridge', port: ports.page }),
        '/etc/prometheus/targets/pipeline.yaml': targets(
          { service: 'agent', port: ports.agentMetrics },
          { service: 'collector', port: ports.collectorMetrics },
          { service: 'prometheus', port: ports.prometheus },
          { service: 'alertmanager', port: ports.alertmanager },
        ),
      },
    }),
    alertmanager: stage(compose, 'alertmanager', join(folder, 'alertmanager'), {
      flags: { 'web.listen-address': `127.0.0.1:${ports.alertmanager}` },
      files: { '/etc/alertmanager/webhook-url': `http://127.0.0.1:${ports.webhook}/` },
    }),
  };
}

const EXECUTABLE = {
  agent: 'otelcol',
  collector: 'otelcol',
  prometheus: 'prometheus',
  alertmanager: 'alertmanager',
} as const;

/** Starts one service of docker-compose.yml; `onStart` is called with it so that it can be stopped. */
export function startProgram(
  programs: Programs,
  staged: StagedServices,
  name: keyof StagedServices,
  onStart: (stoppable: { stop(): Promise<void> }) => void,
): RunningProcess {
  const started = new RunningProcess({ name, command: programs[EXECUTABLE[name]], ...staged[name] });
  onStart(started);
  return started;
}

/** The running servers, and what Alertmanager delivered. */
export interface Servers {
  readonly prometheus: RunningProcess;
  readonly collector: RunningProcess;
  /** Bodies of the notifications so far. */
  readonly notifications: readonly string[];
}

/**
 * Starts the servers and resolves when each says it is ready. `onStart` is called with each as it is started, so that it
 * can be stopped whatever happens next.
 */
export async function startServers(
  programs: Programs,
  staged: StagedServices,
  ports: Ports,
  folder: string,
  onStart: (stoppable: { stop(): Promise<void> }) => void,
): Promise<Servers> {
  const notifications: string[] = [];
  onStart(await listenForNotifications(ports.webhook, notifications));

  const statsdFolder = join(folder, 'statsd');
  mkdirSync(statsdFolder, { recursive: true });
  writeFileSync(join(statsdFolder, 'config.js'), statsdConfig(ports.statsd, ports.statsdAdmin));
  const statsd = new RunningProcess({
    name: 'statsd',
    command: process.execPath,
    args: statsdArguments(join(statsdFolder, 'config.js')),
    cwd: statsdFolder,
  });
  onStart(statsd);
  const alertmanager = startProgram(programs, staged, 'alertmanager', onStart);
  const prometheus = startProgram(programs, staged, 'prometheus', onStart);
  const collector = startProgram(programs, staged, 'collector', onStart);
  const agent = startProgram(programs, staged, 'agent', onStart);

  const ready = async (program: RunningProcess, condition: () => Promise<boolean>): Promise<void> => {
    await waitFor(`${program.name} is ready`, async () => {
      if (program.ended !== undefined) return true;
      return condition();
    });
    program.assertRunning();
  };
  await ready(statsd, () => statsdHealth(ports.statsdAdmin));
  await ready(alertmanager, () => answers(`http://127.0.0.1:${ports.alertmanager}/-/ready`));
  await ready(prometheus, () => answers(`http://127.0.0.1:${ports.prometheus}/-/ready`));
  await ready(collector, () => answers(`http://127.0.0.1:${ports.collectorHealth}/`));
  await ready(agent, () => answers(`http://127.0.0.1:${ports.agentHealth}/`));
  return { prometheus, collector, notifications };
}

/** Listens to a receiver's port and keeps the bodies of what is posted to it. */
export async function listenForNotifications(port: number, bodies: string[]): Promise<{ stop(): Promise<void> }> {
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => {
      body += text;
    });
    request.on('end', () => {
      bodies.push(body);
      response.end();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
