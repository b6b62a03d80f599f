/** Attributes and content for {@link el}. */
export interface ElementOptions {
  readonly class?: string;
  readonly text?: string;
  readonly title?: string;
  readonly attributes?: Readonly<Record<string, string>>;
}

/** Creates an element with its children. */
export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  options: ElementOptions = {},
  ...children: readonly Node[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  if (options.class !== undefined) element.className = options.class;
  if (options.text !== undefined) element.textContent = options.text;
  if (options.title !== undefined) element.title = options.title;
  for (const [name, value] of Object.entries(options.attributes ?? {})) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** What was last written where: reading it back from the document costs more than all that changes. */
const written: WeakMap<Node, string> = new WeakMap();

/**
 * Sets a node's text only when it differs: an unchanged number costs no layout, and a changed one keeps its text node and
 * with it everything that was laid out around it. The text of such a node is set by this function only.
 */
export function setText(node: Node, text: string): void {
  if (written.get(node) === text) return;
  written.set(node, text);
  const child = node.firstChild;
  if (child instanceof Text && child === node.lastChild && text !== '') child.data = text;
  else node.textContent = text;
}

/** Sets a class according to a condition, touching the DOM only on change. */
export function setClass(element: Element, name: string, on: boolean): void {
  if (element.classList.contains(name) !== on) element.classList.toggle(name, on);
}

/** Shows or hides an element. */
export function setHidden(element: HTMLElement, hidden: boolean): void {
  if (element.hidden !== hidden) element.hidden = hidden;
}
