import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { chosenToMove } from '../src/page/view/columns.ts';

/** How far apart the ends are with a choice of panels in the wide column. */
function apart(spare: number, heights: readonly number[], choice: number): number {
  return Math.abs(spare - 2 * heights.reduce((sum, height, index) => sum + ((choice >> index) & 1) * height, 0));
}

describe('columns that end together', () => {
  test('moves the panels that bring the ends nearest to each other', () => {
    // The narrow column is 453 pixels longer: the second panel fills the most of it.
    expect(chosenToMove(453, [342, 261, 107], 0)).toBe(0b010);
    expect(chosenToMove(730, [342, 261, 107], 0)).toBe(0b110);
    expect(chosenToMove(-300, [342, 261, 107], 0b010)).toBe(0);
  });

  test('keeps what stands for less than two lines', () => {
    expect(chosenToMove(150, [100], 0)).toBe(1);
    expect(chosenToMove(150, [100], 1)).toBe(1);
    expect(chosenToMove(130, [100], 0)).toBe(0);
    expect(chosenToMove(130, [100], 1)).toBe(1);
    expect(chosenToMove(400, [], 0)).toBe(0);
  });

  test('is never farther apart than before, settles at once, and no choice is better by more than two lines', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -3000, max: 3000 }),
        fc.array(fc.integer({ min: 0, max: 900 }), { maxLength: 4 }),
        fc.nat(15),
        (spare, heights, any) => {
          const current = any % (1 << heights.length);
          const chosen = chosenToMove(spare, heights, current);
          expect(apart(spare, heights, chosen)).toBeLessThanOrEqual(apart(spare, heights, current));
          expect(chosenToMove(spare, heights, chosen)).toBe(chosen);
          for (let choice = 0; choice < 1 << heights.length; choice++) {
            expect(apart(spare, heights, chosen) - apart(spare, heights, choice)).toBeLessThanOrEqual(80);
          }
        },
      ),
    );
  });
});
