import { setTimeout as pause } from 'node:timers/promises';
import { type Totals, totalsEqual } from './totals.ts';

/** An output and how to read what it holds now. */
export interface Output {
  readonly name: string;
  readonly read: () => Totals | Promise<Totals>;
}

/** Often enough that nobody waits, seldom enough that reading does not slow what is being read. */
const ASK_EVERY_MS = 25;

/**
 * Waits until every output holds what the ledger says, at most `limitMs`, and resolves with what each holds then.
 * An output may be behind (export intervals, queues on the way); it must not end up different.
 */
export async function settle<const T extends readonly Output[]>(
  ledger: Totals,
  outputs: T,
  limitMs: number,
): Promise<{ readonly [Index in keyof T]: Totals }> {
  const deadline = performance.now() + limitMs;
  for (;;) {
    const totals = await Promise.all(outputs.map(async (output) => output.read()));
    const settled = totals.every((each) => totalsEqual(ledger, each));
    if (settled || performance.now() >= deadline) return totals as { readonly [Index in keyof T]: Totals };
    await pause(ASK_EVERY_MS);
  }
}
