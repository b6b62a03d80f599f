/** Frames after a key has moved the focus: by then the panels around it have their heights. */
const FRAMES = 30;
/** With these a reader goes somewhere else. */
const LEAVING = ['wheel', 'pointerdown', 'touchmove'];

/**
 * Keeps what a key has given the focus in sight while the page around it is laid out. Panels that were left out of layout
 * (`content-visibility`) get their heights, and their numbers, only once they come near the screen: in the frames after the browser
 * has scrolled to the focus, which those above it then push away.
 */
export function keepFocusInSight(): void {
  let framesLeft = 0;
  let focused: Element | undefined;
  const look = (): void => {
    if (framesLeft === 0 || focused !== document.activeElement) {
      framesLeft = 0;
      return;
    }
    framesLeft -= 1;
    focused?.scrollIntoView({ block: 'nearest', inline: 'nearest', behavior: 'instant' });
    requestAnimationFrame(look);
  };
  document.addEventListener('focusin', ({ target }) => {
    if (!(target instanceof Element) || !target.matches(':focus-visible')) return;
    focused = target;
    if (framesLeft === 0) requestAnimationFrame(look);
    framesLeft = FRAMES;
  });
  const leave = (): void => {
    framesLeft = 0;
  };
  for (const type of LEAVING) window.addEventListener(type, leave, { capture: true, passive: true });
}
