import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { BridgeAddresses, BridgeOptions, BridgeStats } from '@nanometer/bridge';

const MAIN = fileURLToPath(new URL('bridge-child.ts', import.meta.url));

/** A bridge in a process of its own. */
export class KillableBridge {
  readonly addresses: BridgeAddresses;
  readonly #process: ChildProcess;
  readonly #complaints: string[];

  private constructor(process: ChildProcess, addresses: BridgeAddresses, complaints: string[]) {
    this.#process = process;
    this.addresses = addresses;
    this.#complaints = complaints;
  }

  static async start(options: BridgeOptions): Promise<KillableBridge> {
    const args = [
      '--conditions=@nanometer/source',
      '--disable-warning=ExperimentalWarning',
      MAIN,
      JSON.stringify(options),
    ];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    const complaints: string[] = [];
    child.stderr.on('data', (text) => complaints.push(String(text)));
    const lines = createInterface(child.stdout);
    const first = await Promise.race([once(lines, 'line'), once(child, 'exit')]);
    if (typeof first[0] !== 'string') throw new Error(`the bridge ended: ${complaints.join('')}`);
    return new KillableBridge(child, JSON.parse(first[0]) as BridgeAddresses, complaints);
  }

  get complaints(): string {
    return this.#complaints.join('');
  }

  async stats(): Promise<BridgeStats> {
    const response = await fetch(`${this.addresses.page}api/v1/stats`);
    return (await response.json()) as BridgeStats;
  }

  /** SIGKILL; resolves when it is gone. */
  async kill(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    this.#process.kill('SIGKILL');
    await once(this.#process, 'exit');
  }
}
