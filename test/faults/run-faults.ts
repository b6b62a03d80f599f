import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { collectorCounts } from '../stack/collector-accounting.ts';
import type { Programs } from '../stack/programs/programs.ts';
import { PrometheusApi } from '../stack/prometheus-api.ts';
import { waitFor } from '../stack/wait-for.ts';
import type { AlertReceiver } from './alert-receiver.ts';
import { expectedAlerts } from './alert-rules.ts';
import { causesOf } from './causes.ts';
import { type Arrived, compare, type Comparison } from './compare.ts';
import { DeskLives } from './desk-lives.ts';
import type { PlannedFault } from './fault.ts';
import { faultStack, type FaultStack } from './fault-stack.ts';
import { FaultsAtWork } from './faults-at-work.ts';
import { LosslessSubscriber } from './lossless-subscriber.ts';
import {
  alertsHeld,
  bridgeDrops,
  prometheusPoints,
  prometheusTotals,
  statsdServerAgrees,
  statsdTotals,
  Subscriber,
} from './outputs.ts';
import { planFaults } from './plan.ts';
import type { FaultReport } from './report.ts';
import { SmallDisk } from './small-disk.ts';
import { Timeline } from './timeline.ts';

const DISK_MIB = 8;
const LOG_LIMIT_BYTES = 4 * 1024 * 1024;
// Without a disk to fill, the log's own limit is what gets full.
const SMALL_LOG_LIMIT_BYTES = 128 * 1024;
const UPDATES_PER_BATCH = 100;
const BATCH_MILLIS = 50;
// More than a batch takes, so that a slow machine does not count twice.
const IDLE_BATCH_MILLIS = 2 * BATCH_MILLIS;
const DRAIN_LIMIT_MS = 180_000;
const SETTLE_LIMIT_MS = 30_000;
/** The receiver is tried at most 10 s apart, and has a message at a time. */
const ALERTS_LIMIT_MS = 180_000;
const LAST_BATCHES = 20;
const LAST_LIVES = 5;

/** Settings of a run. */
export interface FaultRun {
  readonly seed: number;
  readonly faults: number;
  readonly programs: Programs;
  readonly folder: string;
  readonly print: (line: string) => void;
  /** Called with whatever is started, so that it can be stopped whatever happens. */
  readonly onStart: (stoppable: { stop(): Promise<void> }) => void;
}

/** One run: starts everything, lets the faults happen, mends all of them, and compares. */
export async function runFaults({ seed, faults, programs, folder, print, onStart }: FaultRun): Promise<FaultReport> {
  const disk = new SmallDisk(join(folder, 'log-disk'), DISK_MIB);
  onStart({ stop: () => Promise.resolve(disk.unmount()) });
  // With a history a lossless subscriber that was away is told of the gap, without one it begins anew: each in half of the seeds.
  const stack = await faultStack(programs, folder, seed % 2 === 1, onStart);
  const desk = new DeskLives(
    {
      seed,
      folder,
      url: stack.deskUrl,
      logFolder: disk.folder,
      logLimitBytes: disk.refusal === undefined ? LOG_LIMIT_BYTES : SMALL_LOG_LIMIT_BYTES,
      updatesPerBatch: UPDATES_PER_BATCH,
      batchMillis: BATCH_MILLIS,
    },
    onStart,
  );
  const timeline = new Timeline(() => desk.position, print);
  const atWork = new FaultsAtWork(stack, desk, disk, timeline);
  const subscriber = new Subscriber(`ws://127.0.0.1:${stack.ports.page}/live`);
  onStart(subscriber);
  const lossless = new LosslessSubscriber(`ws://127.0.0.1:${stack.liveLink.port}/live`);
  onStart(lossless);

  await Promise.all(Object.values(stack.services).map((service) => service.start()));
  await desk.start();
  timeline.add('everything runs');
  await happen(planFaults(seed, faults), desk, atWork);
  timeline.add('all faults are mended');
  await drain(stack, desk, atWork, timeline);
  const comparison = await settle(stack, desk, atWork, { subscriber, lossless });
  return {
    seed,
    faults,
    passed: comparison.wrong.length === 0 && atWork.desertions.length === 0,
    seconds: timeline.seconds,
    lives: desk.life,
    batches: desk.position,
    ...comparison,
    desertions: atWork.desertions,
    deskDrops: desk.drops,
    lossless: { ...lossless.account, links: { ...stack.liveLink.met } },
    alerts: stack.receiver.account,
    timeline: timeline.happenings,
  };
}

/** Begins and mends the faults in their order, each after the batches that the plan puts between it and the one before. */
async function happen(planned: readonly PlannedFault[], desk: DeskLives, atWork: FaultsAtWork): Promise<void> {
  const events = planned
    .flatMap((fault) => [
      { at: fault.begin, act: () => atWork.begin(fault) },
      { at: fault.end, act: () => atWork.mend(fault) },
    ])
    .toSorted((a, b) => a.at - b.at);
  let before = 0;
  for (const { at, act } of events) {
    await batches(at - before, desk, atWork);
    before = at;
    await act();
  }
}

/**
 * Resolves when the desk has recorded so many more batches. While it records nothing, because it is down or stopped, the time
 * that a batch takes counts as one.
 */
async function batches(count: number, desk: DeskLives, atWork: FaultsAtWork): Promise<void> {
  let [position, since, passed] = [desk.position, performance.now(), 0];
  while (passed < count) {
    await atWork.revive();
    await pause(10);
    const now = performance.now();
    const recorded = desk.position - position;
    if (recorded > 0) [position, since, passed] = [desk.position, now, passed + recorded];
    else if (now - since > IDLE_BATCH_MILLIS) [since, passed] = [now, passed + 1];
  }
}

/** Lets the desk end when its log is empty, then waits until the queues behind it are. */
async function drain(stack: FaultStack, desk: DeskLives, atWork: FaultsAtWork, timeline: Timeline): Promise<void> {
  await batches(LAST_BATCHES, desk, atWork);
  for (let life = 1; ; life += 1) {
    const undelivered = await desk.finish();
    if (undelivered === undefined) break;
    timeline.add(`desk: ${undelivered}`);
    if (life === LAST_LIVES) throw new Error(`${LAST_LIVES} lives could not deliver the log: ${undelivered}`);
    await desk.start();
    await batches(LAST_BATCHES, desk, atWork);
  }
  timeline.add("the desk's log is empty");
  const { agentMetrics, collectorMetrics } = stack.ports;
  await waitFor(
    'the queues of agent and collector are empty',
    async () => {
      await atWork.revive();
      const counts = [await collectorCounts(agentMetrics), await collectorCounts(collectorMetrics)];
      return counts.every(({ queued }) => queued === 0);
    },
    DRAIN_LIMIT_MS,
  );
  timeline.add('the queues are empty');
  await waitFor(
    'no alert waits for its receiver',
    async () => (await alertsHeld(stack.ports.page)) === 0,
    ALERTS_LIMIT_MS,
  );
  timeline.add('no alert waits');
}

/** Compares until nothing is wrong and nothing is missing, or nothing changes any more. */
async function settle(
  stack: FaultStack,
  desk: DeskLives,
  atWork: FaultsAtWork,
  { subscriber, lossless }: { readonly subscriber: Subscriber; readonly lossless: LosslessSubscriber },
): Promise<Comparison> {
  const prometheus = new PrometheusApi(`http://127.0.0.1:${stack.ports.prometheus}`);
  const truths = desk.truths();
  const deadline = performance.now() + SETTLE_LIMIT_MS;
  let [before, same] = ['', 0];
  for (;;) {
    const arrived = {
      prometheus: await prometheusTotals(prometheus),
      statsd: statsdTotals(stack.packetLog),
      subscriber: subscriber.totals,
      lossless: lossless.totals,
    };
    const drops = await bridgeDrops(stack.ports.page);
    const comparison = compare(
      truths,
      arrived,
      causesOf(stack, desk, atWork, drops),
      await prometheusPoints(prometheus),
    );
    const wrong = [...comparison.wrong, ...lossless.wrong(truths), ...wrongAlerts(stack.receiver, subscriber.totals)];
    const misread = await statsdServerAgrees(stack.packetLog, stack.ports.statsdAdmin);
    if (misread !== undefined) wrong.push(misread);
    const clean = wrong.length === 0 && comparison.missing.length === 0;
    const now = JSON.stringify([comparison, wrong]);
    same = now === before ? same + 1 : 0;
    before = now;
    // StatsD is flushed each second, so three seconds without a change are the end.
    if (clean || performance.now() > deadline || same > 12) return { ...comparison, wrong };
    await pause(250);
  }
}

/** Every alert that the totals must have fired is acknowledged, and no other. */
function wrongAlerts({ wrong, acknowledged }: AlertReceiver, totals: Arrived): string[] {
  const expected = expectedAlerts(totals);
  const missing = [...expected].filter((key) => !acknowledged.has(key));
  const strange = [...acknowledged].filter((key) => !expected.has(key));
  return [
    ...wrong,
    ...missing.map((key) => `alerts: ${key} was never acknowledged`),
    ...strange.map((key) => `alerts: ${key} came although nothing should have fired it`),
  ];
}
