import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { until } from '@nanometer/testing';

const PROCESS = fileURLToPath(new URL('faults/alerting-process.ts', import.meta.url));
const ALERTS = 10_000;
const BATCH = 100;
const KILLS = 4;

/** A webhook that fails, hangs and goes away, and knows what it has acknowledged. */
class BadReceiver {
  readonly acknowledged = new Set<string>();
  /** Notifications that came again after they had been acknowledged. */
  repeated = 0;
  readonly byId = new Map<number, string>();
  answers = { 200: 0, 500: 0, hang: 0 };
  #server: Server | undefined;
  #requests = 0;
  port = 0;

  async start(): Promise<void> {
    this.#server = createServer((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (text: string) => (body += text));
      request.on('end', () => {
        const number = ++this.#requests;
        if (number % 7 === 0) {
          this.answers[500]++;
          response.writeHead(500).end();
          return;
        }
        if (number % 41 === 0) {
          this.answers.hang++;
          return;
        }
        this.answers[200]++;
        const { alerts } = JSON.parse(body) as { alerts: { id: number; fingerprint: string; status: string }[] };
        response.end(() => {
          for (const { id, fingerprint, status } of alerts) {
            const key = `${fingerprint} ${status}`;
            if (this.acknowledged.has(key)) this.repeated++;
            this.acknowledged.add(key);
            expect(this.byId.get(id) ?? key).toBe(key);
            this.byId.set(id, key);
          }
        });
      });
    });
    this.#server.listen(this.port, '127.0.0.1');
    await once(this.#server, 'listening');
    this.port = (this.#server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    this.#server?.closeAllConnections();
    await new Promise((resolve) => {
      this.#server?.close(resolve);
    });
  }
}

/** The process and what it said last. */
class Life {
  account = { fired: 0, received: 0, delivered: 0, held: 0 };
  readonly #process: ChildProcess;

  constructor(directory: string, port: number) {
    const args = [
      '--conditions=@nanometer/source',
      PROCESS,
      directory,
      `http://127.0.0.1:${port}/`,
      `${ALERTS}`,
      `${BATCH}`,
    ];
    this.#process = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '';
    this.#process.stdout!.setEncoding('utf8').on('data', (chunk: string) => {
      const lines = (text + chunk).split('\n');
      text = lines.pop() ?? '';
      const last = lines.at(-1);
      if (last) this.account = JSON.parse(last) as typeof this.account;
    });
  }

  async kill(): Promise<void> {
    this.#process.kill('SIGKILL');
    await once(this.#process, 'close');
  }
}

test(`${ALERTS} alerts reach a receiver that fails, hangs and restarts, from a process that is killed`, async () => {
  const directory = mkdtempSync(join(tmpdir(), 'alert-faults-'));
  const receiver = new BadReceiver();
  await receiver.start();
  let life = new Life(directory, receiver.port);
  try {
    for (let kill = 1; kill <= KILLS; kill++) {
      const wanted = (ALERTS * kill) / (KILLS + 2);
      await until(`${wanted} are acknowledged`, () => receiver.acknowledged.size >= wanted);
      if (kill % 2 === 0) {
        await receiver.stop();
        await receiver.start();
      }
      await life.kill();
      life = new Life(directory, receiver.port);
    }
    await until(
      'everything is delivered',
      () => life.account.fired === ALERTS && life.account.held === 0 && receiver.acknowledged.size >= ALERTS,
    );
    expect(receiver.acknowledged.size).toBe(ALERTS);
    expect(receiver.answers[500]).toBeGreaterThan(0);
    expect(receiver.answers.hang).toBeGreaterThan(0);
    // An answer that had not come when the process was killed, or the receiver went away, was none: one message each.
    expect(receiver.repeated).toBeLessThanOrEqual((KILLS + KILLS / 2) * BATCH);
  } finally {
    await life.kill();
    await receiver.stop();
    rmSync(directory, { recursive: true, force: true });
  }
});
