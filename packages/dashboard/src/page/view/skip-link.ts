import { el } from './dom.ts';

/** A link that is seen when Tab reaches it, and leads past the bar and the strip. */
export function skipLink(target: HTMLElement): HTMLAnchorElement {
  const link = el('a', { class: 'skip', text: 'Skip to the panels', attributes: { href: '#' } });
  link.addEventListener('click', (event) => {
    // The fragment of the address is the reader's choices.
    event.preventDefault();
    target.focus();
  });
  return link;
}
