import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from '@jest/globals';
import { atEnd, cleanUp } from './support/bridge.ts';
import { KillableBridge } from './support/killable-bridge.ts';

afterEach(cleanUp);

/** More of them by NANOMETER_KILLS; the seed by NANOMETER_SEED. */
const KILLS = Number(process.env['NANOMETER_KILLS'] ?? 4);
const SEED = Number(process.env['NANOMETER_SEED'] ?? Date.now() % 1e6);
const INCREMENTS_PER_KILL = 60;

const DESK = fileURLToPath(new URL('support/exporting-desk.ts', import.meta.url));

/** A desk in a process of its own that exports increments up to a number. */
class Desk {
  readonly #process: ChildProcess;
  readonly ended: Promise<unknown>;
  confirmed: number;

  constructor(url: string, directory: string, first: number, last: number, onConfirmed: () => void) {
    const args = ['--conditions=@nanometer/source', '--disable-warning=ExperimentalWarning', DESK];
    this.#process = spawn(process.execPath, [...args, url, directory, String(first), String(last)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.confirmed = first - 1;
    createInterface(this.#process.stdout!).on('line', (line) => {
      this.confirmed = Number(line);
      onConfirmed();
    });
    this.ended = once(this.#process, 'close');
  }

  async kill(): Promise<void> {
    this.#process.kill('SIGKILL');
    await this.ended;
  }
}

describe('from an exporter with a log to a bridge with a log', () => {
  test(`every confirmed increment counts once, whichever is killed (seed ${SEED})`, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'desk-to-bridge-'));
    atEnd(() => rmSync(folder, { recursive: true, force: true }));
    const otlpHttpPort = await freePort();
    const options = { stateDirectory: join(folder, 'bridge'), otlpHttpPort, stateSnapshotBytes: 64 * 1024 };
    const url = `http://127.0.0.1:${otlpHttpPort}/v1/metrics`;
    let bridge = await KillableBridge.start(options);
    atEnd(() => bridge.kill());
    const last = KILLS * INCREMENTS_PER_KILL;
    let progress = (): void => {};
    const startDesk = (first: number): Desk => new Desk(url, join(folder, 'desk'), first, last, () => progress());
    let desk = startDesk(1);
    atEnd(() => desk.kill());
    let state = SEED % 2147483647 || 1;
    for (let kill = 0; kill < KILLS; kill++) {
      state = (state * 48271) % 2147483647;
      const killAt = kill * INCREMENTS_PER_KILL + 1 + (state % INCREMENTS_PER_KILL);
      await new Promise<void>((resolve) => {
        progress = () => {
          if (desk.confirmed >= killAt) resolve();
        };
        progress();
      });
      if (state % 2 === 0) {
        await bridge.kill();
        bridge = await KillableBridge.start(options);
      } else {
        await desk.kill();
        // What it was exporting when it was killed is exported again: it may be in its log or not.
        desk = startDesk(desk.confirmed + 1);
      }
    }
    await desk.ended;
    const text = await (await fetch(bridge.addresses.metrics)).text();
    const total = /^ticks_total\{.*\} (\d+)$/m.exec(text)?.[1];
    expect({ seed: SEED, total: Number(total) }).toEqual({ seed: SEED, total: last });
    expect(bridge.complaints).toBe('');
  }, 600_000);
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}
