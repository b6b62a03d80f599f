import type { Cause, Output } from './compare.ts';
import { livesIn } from './damage.ts';
import type { DeskLives } from './desk-lives.ts';
import { type Hop, HOPS } from './fault.ts';
import type { FaultStack } from './fault-stack.ts';
import type { FaultsAtWork } from './faults-at-work.ts';
import { statsdRepeatable } from './outputs.ts';

const BEHIND_BRIDGE: readonly Output[] = ['statsd', 'subscriber', 'lossless'];
const ALL: readonly Output[] = ['prometheus', ...BEHIND_BRIDGE];
const BEHIND: Readonly<Record<Hop, readonly Output[]>> = {
  'desk-agent': ALL,
  'agent-collector': ALL,
  'collector-prometheus': ['prometheus'],
  'collector-bridge': BEHIND_BRIDGE,
};

/**
 * What happened in this run that may have taken updates with it, and which lives it can have touched. Each is something that
 * no program of the pipeline can make good: what a receiver refused for good, what was destroyed on disk, what is older than
 * what the bridge has, and datagrams to a server that was not there.
 */
export function causesOf(
  stack: FaultStack,
  desk: DeskLives,
  atWork: FaultsAtWork,
  bridgeDrops: Readonly<Record<string, number>>,
): Cause[] {
  const everyLife = new Set(Array.from({ length: desk.life }, (_, index) => index + 1));
  const causes: Cause[] = [];
  for (const hop of HOPS) {
    const { refused } = stack.proxies[hop];
    if (refused.length === 0) continue;
    causes.push({ name: `refused for good (400) at ${hop}`, outputs: BEHIND[hop], lives: livesIn(refused, desk.life) });
  }
  for (const { target, damage } of atWork.damages) {
    const file = damage.file.split('/').at(-1) ?? '';
    const outputs = /prometheus/.test(file) ? (['prometheus'] as const) : /bridge/.test(file) ? BEHIND_BRIDGE : ALL;
    causes.push({ name: `damaged on disk of ${target}: ${file}`, outputs, lives: damage.lives });
  }
  // The bridge's own account must say so, too.
  if (desk.steppedBack.size > 0 && (bridgeDrops['stale_point'] ?? 0) > 0) {
    causes.push({
      name: 'older than the bridge has (clock set back)',
      outputs: BEHIND_BRIDGE,
      lives: desk.steppedBack,
    });
  }
  if (atWork.interrupted.has('bridge') && (bridgeDrops['unconfirmed'] ?? 0) > 0) {
    const name = 'in the datagrams that the bridge was sending when it was killed';
    causes.push({ name, outputs: ['statsd'], lives: everyLife, partial: true });
  }
  if (atWork.interrupted.has('statsd')) {
    const name = 'datagrams to a StatsD server that went away';
    const repeatable = statsdRepeatable(stack.packetLog);
    causes.push({ name, outputs: ['statsd'], lives: everyLife, partial: true, repeatable });
  }
  return causes;
}
