/** `Atomics.waitAsync` of ES2024: every Node.js that runs this has it, the library that the sources are compiled against does not. */
interface WaitAsync {
  waitAsync(
    array: Int32Array<SharedArrayBuffer>,
    index: number,
    value: number,
  ): { readonly async: false; readonly value: string } | { readonly async: true; readonly value: Promise<string> };
}

/** Resolves when a shared number is another one and its waiters were notified; undefined when it is another one already. */
export function changed(
  array: Int32Array<SharedArrayBuffer>,
  index: number,
  value: number,
): Promise<string> | undefined {
  const waiting = (Atomics as unknown as WaitAsync).waitAsync(array, index, value);
  return waiting.async ? waiting.value : undefined;
}
