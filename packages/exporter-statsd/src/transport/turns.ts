/** Resolves after the event loop has polled its sockets at least once. */
export async function turns(): Promise<void> {
  // The first callback may run right behind the present poll, the second one cannot.
  await turn();
  await turn();
}

/** Resolves in the next check phase of the event loop. */
export function turn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

/** Resolves after `millis` milliseconds. */
export function pause(millis: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, millis);
  });
}
