import { BOX_HEIGHT, BOX_WIDTH, type Layout } from './layout.ts';
import type { Connection } from './graph.ts';

const SVG = 'http://www.w3.org/2000/svg';
/** Beyond this many the labels lie over one another: the list below has them all. */
const MOST_LABELS = 14;

type Text = (connection: Connection) => string;

interface Line {
  readonly path: SVGPathElement;
  readonly label: SVGTextElement;
  readonly title: SVGTitleElement;
}

/** A graph as SVG: built anew when parties come or go, otherwise only widths, colours and texts change. */
export class TopologyDrawing {
  readonly element: SVGSVGElement = node('svg', { class: 'topology', role: 'img' });
  readonly #lines: Map<string, Line> = new Map();
  #built = '';
  /** Of the box around it, observed: to ask for it amid a frame would lay the page out there and then. */
  #width = 0;
  #observed: Element | undefined = undefined;

  /**
   * @param short - what stands beside a curve.
   * @param long - what is told when pointed at.
   */
  show(connections: readonly Connection[], layout: (width: number) => Layout, short: Text, long: Text): void {
    this.#observe();
    const width = Math.max(320, Math.round(this.#width));
    const key = `${width} ${connections.map(({ id }) => id).join('\u0000')}`;
    if (key !== this.#built) {
      this.#built = key;
      this.#build(layout(width), connections.length <= MOST_LABELS);
    }
    for (const connection of connections) {
      const line = this.#lines.get(connection.id);
      if (line === undefined) continue;
      set(line.path, 'stroke-width', widthOf(connection.rate).toFixed(1));
      set(line.path, 'class', `curve ${connection.health}`);
      set(line.label, 'class', `curve-label ${connection.health}`);
      setText(line.label, short(connection));
      setText(line.title, long(connection));
    }
  }

  #observe(): void {
    const box = this.element.parentElement;
    if (box === null || box === this.#observed) return;
    this.#observed = box;
    this.#width = box.clientWidth;
    new ResizeObserver(([entry]) => {
      if (entry !== undefined) this.#width = entry.contentRect.width;
    }).observe(box);
  }

  #build({ width, height, boxes, curves }: Layout, labelled: boolean): void {
    this.element.setAttribute('viewBox', `0 0 ${width} ${height}`);
    this.element.setAttribute('width', String(width));
    this.element.setAttribute('height', String(height));
    this.#lines.clear();
    const paths: SVGElement[] = [];
    const labels: SVGElement[] = [];
    for (const { connection, path, labelX, labelY, labelAnchor } of curves) {
      const title = node('title', {});
      const curve = node('path', { class: 'curve', d: path, fill: 'none' }, title);
      const label = node('text', { class: 'curve-label', x: labelX, y: labelY + 3.5, 'text-anchor': labelAnchor });
      this.#lines.set(connection.id, { path: curve, label, title });
      paths.push(curve);
      if (labelled) labels.push(label);
    }
    const parties = boxes.map(({ party, x, y }) => {
      const name = node('text', { x: BOX_WIDTH / 2, y: BOX_HEIGHT / 2 + 4, 'text-anchor': 'middle' });
      name.textContent = party.label.length > 15 ? `${party.label.slice(0, 14)}…` : party.label;
      const title = node('title', {});
      title.textContent = `${party.role} ${party.label}`;
      return node(
        'g',
        { class: `party ${party.role}`, transform: `translate(${x} ${y})` },
        title,
        node('rect', { width: BOX_WIDTH, height: BOX_HEIGHT, rx: 5 }),
        name,
      );
    });
    this.element.replaceChildren(...paths, ...parties, ...labels);
  }
}

/** One to five pixels by the logarithm of the rate; what nobody counts is thin. */
function widthOf(rate: number): number {
  return rate > 0 ? Math.min(5, 1 + Math.log10(1 + rate)) : 1;
}

function node<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Readonly<Record<string, string | number>>,
  ...children: readonly Node[]
): SVGElementTagNameMap[K] {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.append(...children);
  return element;
}

function set(element: Element, name: string, value: string): void {
  if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}

function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}
