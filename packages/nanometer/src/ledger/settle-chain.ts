import { setTimeout as pause } from 'node:timers/promises';
import { type Balance, balance } from './balance.ts';
import { type ChainAddresses, readChain } from './read-chain.ts';

const ASK_EVERY_MS = 200;

/**
 * Reads the chain, then again until nothing of the first reading is missing, at most `limitMs`: an export interval and
 * queues lie on the way.
 */
export async function settleChain(
  addresses: ChainAddresses,
  limitMs: number,
  interrupted: AbortSignal,
): Promise<Balance> {
  const first = await readChain(addresses);
  const deadline = performance.now() + limitMs;
  for (;;) {
    const found = balance(first, await readChain(addresses));
    if (found.complete || performance.now() >= deadline || interrupted.aborted) return found;
    // An interrupt ends the wait, and the next round the rest.
    await pause(ASK_EVERY_MS, undefined, { signal: interrupted }).catch(() => {});
  }
}
