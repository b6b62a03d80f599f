import { renameSync } from 'node:fs';
import { damage, type Damage } from './damage.ts';
import type { DeskLives } from './desk-lives.ts';
import {
  describeFault,
  type Fault,
  type Hop,
  type LinkTrouble,
  type PlannedFault,
  type ReceiverTrouble,
  type Target,
} from './fault.ts';
import type { FaultStack } from './fault-stack.ts';
import type { SmallDisk } from './small-disk.ts';
import type { Timeline } from './timeline.ts';
import { alertsHeld } from './outputs.ts';
import { waitFor } from '../stack/wait-for.ts';

const TROUBLE_LIMIT_MS = 3_000;

type Damaged = Extract<Fault, { kind: 'damage' }>['target'];

/** Makes faults happen and mends them again, and remembers what may have been lost by them. */
export class FaultsAtWork {
  readonly #stack: FaultStack;
  readonly #desk: DeskLives;
  readonly #disk: SmallDisk;
  readonly #timeline: Timeline;
  readonly #metBefore = new Map<Hop | 'live link' | 'alert receiver', number>();
  /** Files damaged so far, by owner. */
  readonly damages: { readonly target: Damaged; readonly damage: Damage }[] = [];
  /** Processes that were not there for a while. */
  readonly interrupted = new Set<Target>();
  /** What ended although nobody ended it and nothing of its had been damaged. */
  readonly desertions: string[] = [];

  constructor(stack: FaultStack, desk: DeskLives, disk: SmallDisk, timeline: Timeline) {
    this.#stack = stack;
    this.#desk = desk;
    this.#disk = disk;
    this.#timeline = timeline;
  }

  async begin({ number, fault }: PlannedFault): Promise<void> {
    this.#timeline.add(`fault ${number}: ${describeFault(fault)}`);
    switch (fault.kind) {
      case 'kill':
        await this.#kill(fault.target);
        break;
      case 'stop':
        this.#interrupt(fault.target);
        this.#of(fault.target).freeze();
        break;
      case 'restart':
        await this.#terminate(fault.target);
        break;
      case 'network':
        this.#metBefore.set(fault.hop, this.#stack.proxies[fault.hop].met[fault.trouble] ?? 0);
        this.#stack.proxies[fault.hop].set(fault.trouble);
        break;
      case 'link':
        this.#metBefore.set('live link', this.#stack.liveLink.met[fault.trouble]);
        this.#stack.liveLink.begin(fault.trouble, fault.seed);
        break;
      case 'receiver':
        this.#metBefore.set('alert receiver', this.#stack.receiver.unacknowledged);
        await this.#stack.receiver.begin(fault.trouble);
        if (!fault.killBridge) break;
        await this.#alertsWait(fault.trouble);
        await this.#kill('bridge');
        break;
      case 'damage':
        await this.#damage(fault);
        break;
      case 'disk-full':
        this.#fillDisk();
        break;
      case 'clock':
        this.#desk.step(fault.stepMillis);
        break;
    }
  }

  async mend({ number, fault }: PlannedFault): Promise<void> {
    switch (fault.kind) {
      case 'kill':
      case 'restart':
      case 'damage':
        await this.#start(fault.target);
        break;
      case 'stop':
        // What was answered while it was stopped it may take for unanswered.
        this.#interrupt(fault.target);
        this.#of(fault.target).thaw();
        break;
      case 'link':
        await this.#mendLink(fault.trouble);
        break;
      case 'receiver':
        if (!fault.killBridge) await this.#alertsWait(fault.trouble);
        await this.#stack.receiver.mend();
        if (fault.killBridge) await this.#start('bridge');
        break;
      case 'network':
        await this.#endTrouble(fault);
        break;
      case 'disk-full':
        this.#timeline.add(`the log lacks ${this.#desk.behind} batches`);
        if (this.#disk.refusal === undefined) this.#disk.free();
        else this.#stack.proxies['desk-agent'].set(undefined);
        break;
      case 'clock':
        return;
    }
    this.#timeline.add(`fault ${number} mended: ${describeFault(fault)}`);
  }

  /** Starts again what ended by itself. That is a fault of the program unless a file of its was damaged. */
  async revive(): Promise<void> {
    for (const target of ['agent', 'collector', 'prometheus', 'bridge', 'statsd', 'desk'] as const) {
      const how = this.#of(target).deserted;
      if (how === undefined) continue;
      this.#timeline.add(`${target} ended by itself: ${how}`);
      if (!this.damages.some((each) => each.target === target)) {
        this.desertions.push(`${target} ended by itself: ${how}\n${this.#of(target).tail}`);
      }
      await this.#of(target).kill();
      await this.#start(target);
    }
  }

  /** Ends a trouble, once somebody has met it: the desk may have been away meanwhile. */
  async #endTrouble({ hop, trouble }: Extract<Fault, { kind: 'network' }>): Promise<void> {
    const proxy = this.#stack.proxies[hop];
    const before = this.#metBefore.get(hop) ?? 0;
    const met = (): number => (proxy.met[trouble] ?? 0) - before;
    await waitFor('somebody meets the trouble', () => met() > 0, TROUBLE_LIMIT_MS).catch(() => undefined);
    this.#timeline.add(`${hop}: ${met()} connections or requests met ${trouble}`);
    proxy.set(undefined);
  }

  #of(target: Target): DeskLives | FaultStack['services'][Exclude<Target, 'desk'>] {
    return target === 'desk' ? this.#desk : this.#stack.services[target];
  }

  #interrupt(target: Target): void {
    this.interrupted.add(target);
    if (target === 'bridge') this.#stack.receiver.interrupt();
  }

  /** Resolves once an alert waits because of the trouble; also when none comes for a while, since the desk may be away. */
  async #alertsWait(trouble: ReceiverTrouble): Promise<void> {
    const { receiver, ports } = this.#stack;
    const met = (): number => receiver.unacknowledged - (this.#metBefore.get('alert receiver') ?? 0);
    const waits = async (): Promise<number | undefined> => {
      const held = await alertsHeld(ports.page);
      // To a port where nobody listens, nobody can be seen to come.
      return held > 0 && (trouble === 'restart' || met() > 0) ? held : undefined;
    };
    const held = await waitFor('an alert waits', waits, TROUBLE_LIMIT_MS).catch(() => 0);
    this.#timeline.add(`alert receiver: ${met()} messages met ${trouble}, ${held} alerts wait`);
  }

  /** Ends the trouble of the link, once its subscriber has met it: there may have been nothing to tell meanwhile. */
  async #mendLink(trouble: LinkTrouble): Promise<void> {
    const { liveLink } = this.#stack;
    const met = (): number => liveLink.met[trouble] - (this.#metBefore.get('live link') ?? 0);
    await waitFor('the subscriber meets the trouble', () => met() > 0, TROUBLE_LIMIT_MS).catch(() => undefined);
    liveLink.mend();
    this.#timeline.add(`live link: ${met()} connections met ${trouble}`);
  }

  async #kill(target: Target): Promise<void> {
    this.#interrupt(target);
    await this.#of(target).kill();
  }

  async #terminate(target: Target): Promise<void> {
    this.#interrupt(target);
    if (target === 'desk') this.#timeline.add(`desk: ${(await this.#desk.finish()) ?? 'delivered everything'}`);
    else this.#timeline.add(`${target}: ${await this.#stack.services[target].terminate()}`);
  }

  async #start(target: Target): Promise<void> {
    try {
      await this.#startOnce(target);
    } catch (error) {
      const last = this.damages.findLast((each) => each.target === target);
      if (last === undefined) throw error;
      // What an operator does who finds that a program does not start with a damaged file.
      this.#timeline.add(
        `${target} does not start with its damaged file, which is set aside: ${(error as Error).message}`,
      );
      await this.#of(target).kill();
      renameSync(last.damage.file, `${last.damage.file}.damaged.backup`);
      await this.#startOnce(target);
    }
  }

  async #startOnce(target: Target): Promise<void> {
    // What its last life had sent when it ended may have been answered only then.
    this.#interrupt(target);
    if (target !== 'desk') return this.#stack.services[target].start();
    const offset = await this.#desk.start();
    this.#timeline.add(`desk: life ${this.#desk.life}${offset === 0 ? '' : `, its clock ${offset / 1000} s off`}`);
  }

  async #damage({ target, how, where }: Extract<Fault, { kind: 'damage' }>): Promise<void> {
    await this.#kill(target);
    const folder = target === 'desk' ? this.#disk.folder : this.#stack.queueFolders[target];
    const done = damage(folder, how, where, this.#desk.life);
    if (done === undefined) return this.#timeline.add(`${target} has no file to damage`);
    this.damages.push({ target, damage: done });
    const lives = [...done.lives].join(', ');
    return this.#timeline.add(
      `${done.file.split('/').at(-1)}: ${how} at ${done.offset} of ${done.sizeBytes} bytes; lives in it: ${lives || 'none'}`,
    );
  }

  #fillDisk(): void {
    if (this.#disk.refusal === undefined) return this.#disk.fill();
    this.#timeline.add(`no disk of its own (${this.#disk.refusal}): the log is filled up to its limit instead`);
    return this.#stack.proxies['desk-agent'].set('refuse');
  }
}
