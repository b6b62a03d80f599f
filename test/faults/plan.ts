import {
  DAMAGED,
  type Fault,
  HOPS,
  LINK_TROUBLES,
  type PlannedFault,
  RECEIVER_TROUBLES,
  subjectsOf,
  TARGETS,
  TROUBLES,
} from './fault.ts';
import { SeededRandom } from './seeded-random.ts';

/** Batches before the first fault, between the beginnings of two, and of which one is under way. */
const LEAD = 20;
const GAP = { least: 8, most: 30 } as const;
const LENGTH = { least: 5, most: 40 } as const;

/**
 * The faults of a run, a pure function of seed and count. Kinds are dealt from a deck, so that a run of 26 has every
 * kind and kills every process, in an order that the seed decides.
 */
export function planFaults(seed: number, count: number): PlannedFault[] {
  const random = new SeededRandom(seed);
  const planned: PlannedFault[] = [];
  const busyUntil = new Map<string, number>();
  let deck: Fault[] = [];
  let position = LEAD;
  for (let number = 1; number <= count; number += 1) {
    if (deck.length === 0) deck = newDeck(random);
    const fault = deck.pop() as Fault;
    const subjects = subjectsOf(fault);
    position += random.integer(GAP.least, GAP.most);
    const begin = Math.max(position, ...subjects.map((subject) => (busyUntil.get(subject) ?? 0) + 1));
    const end = begin + random.integer(LENGTH.least, LENGTH.most);
    for (const subject of subjects) busyUntil.set(subject, end);
    planned.push({ number, fault, begin, end });
  }
  return planned;
}

function newDeck(random: SeededRandom): Fault[] {
  const kills = TARGETS.map((target): Fault => ({ kind: 'kill', target }));
  const troubles = random.shuffle(TROUBLES);
  const networks = [0, 1, 2, 3].map((index): Fault => ({
    kind: 'network',
    hop: random.pick(HOPS),
    trouble: troubles[index] ?? 'hang',
  }));
  const damage = (how: 'flip' | 'truncate'): Fault => ({
    kind: 'damage',
    target: random.pick(DAMAGED),
    how,
    where: random.next(),
  });
  const killedWith = random.integer(0, RECEIVER_TROUBLES.length - 1);
  return random.shuffle([
    ...kills,
    { kind: 'kill', target: 'desk' },
    { kind: 'stop', target: random.pick(TARGETS) },
    { kind: 'stop', target: random.pick(TARGETS) },
    { kind: 'restart', target: random.pick(TARGETS) },
    ...networks,
    damage('flip'),
    damage('truncate'),
    { kind: 'disk-full' },
    { kind: 'clock', stepMillis: random.integer(-1500, -100) },
    { kind: 'clock', stepMillis: random.integer(100, 2500) },
    { kind: 'kill', target: random.pick(TARGETS) },
    ...LINK_TROUBLES.map((trouble): Fault => ({ kind: 'link', trouble, seed: random.integer(0, 2 ** 31 - 1) })),
    ...RECEIVER_TROUBLES.map((trouble, index): Fault => ({
      kind: 'receiver',
      trouble,
      killBridge: index === killedWith,
    })),
  ]);
}
