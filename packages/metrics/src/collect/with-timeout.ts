import { TimeoutError } from '../errors.ts';

const LONGEST_TIMER_MILLIS = 2 ** 31 - 1;

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && typeof (value as PromiseLike<unknown>).then === 'function';
}

/**
 * Settles as `work` does, or rejects with {@link TimeoutError} after `timeoutMillis`. Work that is done already costs
 * no timer. Work that takes longer goes on; its outcome is ignored.
 */
export async function withTimeout(work: unknown, timeoutMillis: number, what: string): Promise<void> {
  if (!isThenable(work)) return;
  // A timer cannot be set for longer (24.8 days); set all the same, it fires at once.
  if (timeoutMillis > LONGEST_TIMER_MILLIS) {
    await work;
    return;
  }
  let timer: NodeJS.Timeout | undefined;
  const expiry = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new TimeoutError(`${what} took longer than ${timeoutMillis} ms`));
    }, timeoutMillis);
  });
  try {
    await Promise.race([work, expiry]);
  } finally {
    clearTimeout(timer);
  }
}
