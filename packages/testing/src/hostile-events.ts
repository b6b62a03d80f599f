import * as fc from 'fast-check';

/** Values that no field of an event should have, and some that one may have on a bad day. */
export const HOSTILE_VALUES: readonly unknown[] = [
  undefined,
  null,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  0,
  -0,
  -1,
  5e-324,
  Number.MAX_VALUE,
  2 ** 53 - 1,
  2 ** 53 + 1,
  1e15,
  -1e15,
  0.1,
  '',
  '7',
  'x'.repeat(300),
  true,
  {},
  [],
];

/**
 * Events made from valid ones: mostly as they are, often again or out of order, sometimes with one or two fields that are
 * hostile, rarely something that is no event at all. `valid` makes them; each is called once per event.
 */
export function hostileStream(
  valid: Readonly<Record<string, fc.Arbitrary<object>>>,
  length: number,
): fc.Arbitrary<readonly (readonly [method: string, event: unknown])[]> {
  const one = fc.constantFrom(...Object.keys(valid)).chain((method) => {
    const event = valid[method] as fc.Arbitrary<object>;
    const bent = fc
      .tuple(event, fc.array(fc.tuple(fc.nat(), fc.constantFrom(...HOSTILE_VALUES)), { minLength: 1, maxLength: 2 }))
      .map(([base, changes]) => {
        const keys = Object.keys(base);
        return Object.assign(
          {},
          base,
          ...changes.map(([at, value]) => ({ [keys[at % keys.length] as string]: value })),
        );
      });
    const none = fc.constantFrom(null, undefined, 7, 'event');
    return fc.tuple(
      fc.constant(method),
      fc.oneof({ arbitrary: event, weight: 6 }, { arbitrary: bent, weight: 4 }, { arbitrary: none, weight: 1 }),
    );
  });
  return fc.array(one, { maxLength: length });
}

/** Names of the series whose numbers are not all finite; histograms are given as [count, sum]. */
export function unsoundSeries(series: Readonly<Record<string, unknown>>): readonly string[] {
  const isSound = (value: unknown): boolean =>
    Array.isArray(value) ? value.every(isSound) : typeof value === 'number' && Number.isFinite(value);
  return Object.entries(series).flatMap(([name, value]) => (isSound(value) ? [] : [name]));
}
