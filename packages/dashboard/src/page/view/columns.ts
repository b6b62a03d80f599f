import { el } from './dom.ts';

/** From this width on the columns stand beside each other. */
const BESIDE = '(min-width: 1181px)';
/** Between two looks at the heights of panels; what is on its way settles meanwhile. */
const LOOK_EVERY_MS = 700;
/** Pixels by which the ends must come nearer for panels to move: nothing goes to and fro with a line of text. */
const WORTH_PIXELS = 80;

/**
 * Which panels of the narrow column stand at the end of the wide one, so that both end as near to each other as can be.
 *
 * @param spare - height of the narrow column less that of the wide one, with none of the panels moved.
 * @param heights - of the panels that may move, with the gap before each; 0 of hidden ones. A few: every choice is tried.
 * @param current - the choice that stands now: bit i of it is set when panel i is in the wide column.
 * @returns the best choice; the one that stands unless another is better by more than a line or two.
 */
export function chosenToMove(spare: number, heights: readonly number[], current: number): number {
  const apart = (choice: number): number => Math.abs(spare - 2 * heightOf(heights, choice));
  let best = current;
  for (let choice = 0; choice < 1 << heights.length; choice++) if (apart(choice) < apart(best)) best = choice;
  return apart(current) - apart(best) > WORTH_PIXELS ? best : current;
}

function heightOf(heights: readonly number[], choice: number): number {
  return heights.reduce((sum, height, index) => sum + (isChosen(choice, index) ? height : 0), 0);
}

function isChosen(choice: number, index: number): boolean {
  return ((choice >> index) & 1) === 1;
}

/**
 * Two columns that end together: which panels a desk has, and how long their tables are, is known only when it runs. Some of
 * the narrow column's go to the end of the wide one where that is shorter; the last panel of the shorter one spreads over the
 * rest.
 */
export class Columns {
  readonly wide: HTMLElement;
  readonly narrow: HTMLElement;
  readonly #movable: readonly HTMLElement[];
  #moved = 0;
  #stretched: HTMLElement | undefined = undefined;
  #timer: ReturnType<typeof setTimeout> | undefined = undefined;

  /** @param movable - the last panels of the narrow column, which are read as well in the wide one. */
  constructor(wide: readonly HTMLElement[], narrow: readonly HTMLElement[], movable: readonly HTMLElement[]) {
    this.#movable = movable;
    this.wide = el('div', { class: 'column wide' }, ...wide);
    this.narrow = el('div', { class: 'column narrow' }, ...narrow, ...movable);
    const observer = new ResizeObserver(() => {
      if (this.#timer === undefined) this.#timer = setTimeout(() => this.#settle(), LOOK_EVERY_MS);
    });
    for (const panel of [...wide, ...narrow, ...movable]) observer.observe(panel);
  }

  #settle(): void {
    this.#timer = undefined;
    const areBeside = matchMedia(BESIDE).matches;
    this.#unspread();
    const choice = areBeside ? this.#choose() : 0;
    if (choice !== this.#moved && !this.#isWalked()) {
      this.#moved = choice;
      this.#movable.forEach((panel, index) => (isChosen(choice, index) ? this.wide : this.narrow).append(panel));
    }
    if (!areBeside) return;
    const spare = endOf(this.narrow) - endOf(this.wide);
    this.#spread(spare > 0 ? this.wide : this.narrow, Math.abs(spare));
  }

  /** As heights and not as flexible boxes: those would be laid out and painted again with every number of the column. */
  #spread(column: HTMLElement, pixels: number): void {
    const last = [...column.children].findLast(isShown);
    const box = last?.querySelector<HTMLElement>('.body > :is(.table, .bars, .plot)');
    if (!box || pixels < 1) return;
    // The height of a table is its least one.
    box.style[box.localName === 'table' ? 'height' : 'minHeight'] = `${box.offsetHeight + pixels}px`;
    this.#stretched = box;
  }

  #unspread(): void {
    this.#stretched?.style.removeProperty('height');
    this.#stretched?.style.removeProperty('min-height');
    this.#stretched = undefined;
  }

  /**
   * Whether somebody goes through the page by keys, to whom a panel that moves comes twice or never; and a panel that moves loses
   * the focus that is in it.
   */
  #isWalked(): boolean {
    const { activeElement } = document;
    return (
      activeElement?.matches(':focus-visible') === true || this.#movable.some((panel) => panel.contains(activeElement))
    );
  }

  /** Asks for heights while no panel is stretched. */
  #choose(): number {
    const heights = this.#movable.map((panel) => {
      const gap = Number.parseFloat(getComputedStyle(this.wide).rowGap) || 0;
      return isShown(panel) ? panel.offsetHeight + gap : 0;
    });
    const spare = endOf(this.narrow) - endOf(this.wide) + 2 * heightOf(heights, this.#moved);
    return chosenToMove(spare, heights, this.#moved);
  }
}

function isShown(element: Element): boolean {
  return element.getClientRects().length > 0;
}

/** Where the last panel of a column ends. */
function endOf(column: HTMLElement): number {
  const last = [...column.children].findLast(isShown) ?? column;
  return last.getBoundingClientRect().bottom;
}
