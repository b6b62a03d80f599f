import { TimeoutError } from '../errors.ts';

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && typeof (value as PromiseLike<unknown>).then === 'function';
}

/**
 * Settles as `work` does, or rejects with {@link TimeoutError} after `timeoutMillis`. Work that is done already costs
 * no timer. Work that takes longer goes on; its outcome is ignored.
 */
export async function withTimeout(work: unknown, timeoutMillis: number, what: string): Promise<void> {
  if (!isThenable(work)) return;
  if (timeoutMillis === Infinity) {
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
