const KEY = 'nanometer.colors';

/** How gains and losses are coloured. Signs and arrows say the same in every one. */
export const COLOR_CHOICES: readonly (readonly [id: string, label: string])[] = [
  ['blue', 'blue up, orange down'],
  ['green', 'green up, red down'],
  ['red', 'red up, green down'],
];

/** Applies what the reader chose last time. */
export function recallColors(): void {
  try {
    applyColors(localStorage.getItem(KEY) ?? 'blue');
  } catch {
    applyColors('blue');
  }
}

/** The choice in force. */
export function chosenColors(): string {
  return document.documentElement.dataset['colors'] ?? 'blue';
}

/** Applies a choice and keeps it. */
export function chooseColors(id: string): void {
  applyColors(id);
  try {
    localStorage.setItem(KEY, id);
  } catch {
    // Private windows keep nothing; the choice holds until the page is closed.
  }
}

function applyColors(id: string): void {
  document.documentElement.dataset['colors'] = COLOR_CHOICES.some(([known]) => known === id) ? id : 'blue';
}
