import type { Notification } from './notification.ts';

/**
 * The notifications that go with the first one: those that share its values of the `groupBy` labels, in order, until the limit is reached.
 * An alert comes once in a message: its end waits for the next one when its beginning is in this.
 */
export function takeMessage(
  waiting: readonly Notification[],
  limit: number,
  groupBy: readonly string[] | undefined,
): Notification[] {
  const first = waiting[0];
  if (first === undefined) return [];
  const group = (each: Notification): boolean =>
    groupBy === undefined || groupBy.every((name) => each.alert.labels[name] === first.alert.labels[name]);
  const message: Notification[] = [];
  const seen = new Set<string>();
  for (let index = 0; index < waiting.length && message.length < limit; index++) {
    const each = waiting[index]!;
    if (!group(each)) continue;
    // What follows on it must not overtake it.
    if (seen.has(each.alert.fingerprint)) break;
    seen.add(each.alert.fingerprint);
    message.push(each);
  }
  return message;
}
