import { type ChildProcess, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runInNewContext } from 'node:vm';

const STATSD = join(dirname(createRequire(import.meta.url).resolve('statsd/package.json')), 'stats.js');
const UTIL_LOG = join(dirname(fileURLToPath(import.meta.url)), 'util-log.cjs');

/** The real `statsd` server as a child process, read through its admin port. */
export class StatsdServer {
  readonly #child: ChildProcess;
  readonly #folder: string;
  readonly #adminPort: number;
  readonly port: number;

  private constructor(child: ChildProcess, folder: string, port: number, adminPort: number) {
    this.#child = child;
    this.#folder = folder;
    this.port = port;
    this.#adminPort = adminPort;
  }

  static async start(): Promise<StatsdServer> {
    const port = await freeUdpPort();
    const adminPort = await freeTcpPort();
    const folder = await mkdtemp(join(tmpdir(), 'statsd-'));
    const file = join(folder, 'config.js');
    const config = {
      port,
      address: '127.0.0.1',
      mgmt_port: adminPort,
      mgmt_address: '127.0.0.1',
      flushInterval: 86_400_000,
      backends: [],
      automaticConfigReload: false,
    };
    await writeFile(file, JSON.stringify(config));
    const child = spawn(process.execPath, ['--no-deprecation', '--require', UTIL_LOG, STATSD, file], {
      stdio: 'ignore',
    });
    const server = new StatsdServer(child, folder, port, adminPort);
    while (child.exitCode === null) {
      try {
        await server.read('counters');
        return server;
      } catch {
        // Not listening yet.
      }
    }
    throw new Error(`statsd ended with code ${child.exitCode}`);
  }

  /** Names and values, as the server holds them. */
  async read(what: 'counters' | 'gauges'): Promise<Record<string, number>> {
    const socket = connect(this.#adminPort, '127.0.0.1');
    socket.setEncoding('utf8');
    await once(socket, 'connect');
    socket.write(`${what}\n`);
    let text = '';
    for await (const chunk of socket) {
      text += String(chunk);
      if (text.includes('END\n\n')) break;
    }
    // The admin port answers with util.inspect output, which is a JavaScript literal.
    return { ...(runInNewContext(`(${text.slice(0, text.indexOf('END'))})`) as Record<string, number>) };
  }

  async stop(): Promise<void> {
    const ended = this.#child.exitCode === null ? once(this.#child, 'exit') : undefined;
    this.#child.kill('SIGKILL');
    await ended;
    await rm(this.#folder, { recursive: true, force: true });
  }
}

async function freeUdpPort(): Promise<number> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  const { port } = socket.address();
  await new Promise<void>((resolve) => socket.close(resolve));
  return port;
}

async function freeTcpPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return port;
}
