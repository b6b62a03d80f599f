import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { StatsdReceiver } from '@nanometer/exporter-statsd';
import { LiveServer } from '@nanometer/live';
import * as fc from 'fast-check';
import { BridgeState } from '../../src/bridge-state.ts';
import { journaledIntake, requestIntake } from '../../src/intake.ts';
import { DurableJournal } from '../../src/journal/durable-journal.ts';
import type { Entry } from '../../src/journal/journal.ts';
import { checkedOptions } from '../../src/options.ts';
import type { BridgeStatsdOptions } from '../../src/outputs/statsd-options.ts';
import { atEnd } from './bridge.ts';
import { type MetricInput, request } from './otlp.ts';

export function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'bridge-state-'));
  atEnd(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

/** Copies a folder whose owner is at work: a segment or a snapshot may be deleted between being listed and being copied. */
export function copyLive(from: string, to: string): void {
  for (;;) {
    try {
      cpSync(from, to, { recursive: true });
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || !existsSync(from)) throw error;
      rmSync(to, { recursive: true, force: true });
    }
  }
}

/** What a kill at this moment would leave: the files as they are, and a lock whose owner is gone. */
export function wreckOf(directory: string): string {
  const wreck = folder();
  copyLive(directory, wreck);
  rmSync(join(wreck, 'lock'), { force: true });
  return wreck;
}

export async function statsdReceiver(): Promise<StatsdReceiver> {
  const receiver = new StatsdReceiver();
  await receiver.start();
  atEnd(() => receiver.close());
  return receiver;
}

export const fills = (value: number, time: bigint): MetricInput => ({
  name: 'fills',
  monotonic: true,
  sum: [{ value, start: 1n, time }],
});

export const increment = (value: number, time: bigint): MetricInput => ({
  name: 'ticks',
  monotonic: true,
  temporality: 1,
  sum: [{ value, start: time - 1n, time }],
});

/** A state and its journal without sockets. */
export class Life {
  readonly directory: string;
  readonly state: BridgeState;
  readonly journal: DurableJournal;
  readonly troubles: string[];

  private constructor(directory: string, state: BridgeState, journal: DurableJournal, troubles: string[]) {
    this.directory = directory;
    this.state = state;
    this.journal = journal;
    this.troubles = troubles;
  }

  static async begin(directory: string, statsd: BridgeStatsdOptions = {}): Promise<Life> {
    const options = checkedOptions({ stateDirectory: directory, stateFsync: 'never', statsd, seriesLimit: 30 });
    const troubles: string[] = [];
    const journal = await DurableJournal.open(
      options.durable!,
      () => 7,
      (text) => void troubles.push(text),
    );
    const state = new BridgeState(options, new LiveServer({ server: createServer() }), journal.startedAtMs);
    await journal.recover(state);
    return new Life(directory, state, journal, troubles);
  }

  async do(entry: Entry): Promise<void> {
    if (entry.kind !== 'request') await this.journal.commit(entry, () => this.state.replay(entry));
    else {
      const take = journaledIntake(this.state.ingest, this.journal, () => entry.timeMs);
      await requestIntake(take)(entry.bytes, entry.transport);
    }
  }

  /** A send of which nothing is delivered, as while no server listens. */
  async sendInVain(): Promise<void> {
    const sentBefore = new Map([...this.state.store.series].map((each) => [each, this.state.statsd!.saved(each)]));
    const changed = this.state.statsd!.savedQueue(
      new Map([...sentBefore.keys()].map((each, at) => [each, at])),
    ).changed;
    await this.do({ kind: 'statsdTake', seriesCount: changed.length });
    const failed = changed.map((number, index) => {
      const { slot, sumSlot } = [...sentBefore.values()][number]!;
      return { index, fate: 'held' as const, sent: slot?.sent ?? 0, sentSum: sumSlot?.sent ?? 0 };
    });
    await this.do({ kind: 'statsdOutcome', outcome: { unconfirmed: false, failed } });
  }

  /** All that can be seen of the state. */
  shown(): object {
    const { state } = this;
    return {
      text: state.prometheus
        .text()
        .split('\n')
        .sort((a, b) => (a < b ? -1 : 1)),
      receivedBy: { ...state.ingest.receivedBy },
      expired: state.seriesExpired,
      series: state.store.size,
      accounts: state.accounts.map(([name, account]) => [name, account.ledger(0)]),
      statsd: [state.statsd!.held, state.statsd!.changedCount, state.statsd!.inDoubt],
      saved: [...state.store.series]
        .sort((a, b) => a.order - b.order)
        .map((series) => [series.metric.name, series.seenMs, series.timeLow, state.statsd!.saved(series)]),
    };
  }

  checkBalance(): void {
    for (const [name, account] of this.state.accounts) {
      const { received, forwarded, dropped } = account.ledger(0);
      const held = name === 'statsd' ? this.state.statsd!.held : 0;
      const sum = forwarded + held + Object.values(dropped).reduce((a, b) => a + b, 0);
      expect({ name, received }).toEqual({ name, received: sum });
    }
  }
}

export const NAMES = ['a', 'b', 'c'];

export const time = fc.integer({ min: 2, max: 40 }).map(BigInt);

export const name = fc.constantFrom(...NAMES);

export const instance = fc.constantFrom('1', '2', '3');

export const number = fc.oneof(
  fc.integer({ min: 0, max: 9 }),
  fc.constantFrom(Number.NaN, Infinity, -0, 5e-324, 2 ** 53 + 2),
);

export const metric: fc.Arbitrary<MetricInput> = fc.oneof(
  fc
    .record({ name, time, value: number })
    .map(({ name: n, time: t, value }) => ({ name: n, gauge: [{ value, time: t }] })),
  fc.record({ name, time, value: number, temporality: fc.constantFrom(1, 2) }).map((r) => ({
    name: `${r.name}.sum${r.temporality}`,
    monotonic: true,
    temporality: r.temporality,
    sum: [{ value: r.value, time: r.time }],
  })),
  fc.record({ name, time, low: fc.nat(9), high: fc.nat(9), temporality: fc.constantFrom(1, 2) }).map((r) => ({
    name: `${r.name}.histogram${r.temporality}`,
    temporality: r.temporality,
    histogram: [
      { time: r.time, count: r.low + r.high, sum: r.high * 2, min: 0, max: 3, bounds: [1], counts: [r.low, r.high] },
    ],
  })),
  fc
    .record({ name, time, counts: fc.array(fc.nat(5), { maxLength: 5 }), offset: fc.integer({ min: -3, max: 3 }) })
    .map((r) => ({
      name: `${r.name}.exponential`,
      temporality: 1,
      exponential: [
        {
          time: r.time,
          count: r.counts.reduce((a, b) => a + b, 0),
          scale: 2,
          positive: { offset: r.offset, counts: r.counts },
        },
      ],
    })),
  name.map((n) => ({ name: n, summary: 2 })),
);

export const fate = fc.constantFrom(
  'held' as const,
  'queue_full' as const,
  'resolve_failed' as const,
  'send_failed' as const,
  'refused' as const,
  'unconfirmed' as const,
  'closed' as const,
);

export const entry: fc.Arbitrary<Entry> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc
      .record({ metrics: fc.array(metric, { maxLength: 4 }), id: instance, timeMs: fc.nat(100) })
      .map((r) => ({
        kind: 'request' as const,
        transport: 'http' as const,
        timeMs: r.timeMs,
        bytes: request(r.metrics, { 'service.instance.id': r.id }),
      })),
  },
  {
    weight: 3,
    arbitrary: fc.integer({ min: 1, max: 6 }).map((seriesCount) => ({ kind: 'statsdTake' as const, seriesCount })),
  },
  {
    weight: 3,
    arbitrary: fc
      .array(fc.record({ index: fc.nat(5), fate, sent: fc.nat(9), sentSum: fc.nat(9) }), { maxLength: 2 })
      .map((failed) => ({
        kind: 'statsdOutcome' as const,
        outcome: {
          unconfirmed: false,
          failed: failed.filter((f, at) => failed.findIndex(({ index }) => index === f.index) === at),
        },
      })),
  },
  { weight: 1, arbitrary: fc.nat(60).map((beforeMs) => ({ kind: 'expire' as const, beforeMs })) },
);
