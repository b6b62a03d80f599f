import { formatAge, formatDuration, formatRate, NO_DATA } from '../format.ts';
import { type Connection, connectionsOf, type GraphInputs } from '../topology/graph.ts';
import { TopologyDrawing } from '../topology/drawing.ts';
import { layoutOf } from '../topology/layout.ts';
import { el, setClass, setText } from '../view/dom.ts';
import { type Frame, type OptionalPanel, panelShell, TABLE_INTERVAL_MS, TextClock } from '../view/panel.ts';
import { Table } from '../view/table.ts';

const EMPTY = 'No data: waiting for exchange.message.count, or for a bridge that speaks of itself.';
const LIST_EVERY_MS = 1000;

/** Who depends on whom: exchanges, services, bridge and outputs with rate, latency and health of what runs between them. */
export class TopologyPanel implements OptionalPanel {
  readonly title = 'Services and venues';
  readonly element: HTMLElement;
  readonly #inputs: () => Omit<GraphInputs, 'nowMs'>;
  readonly #drawing: TopologyDrawing = new TopologyDrawing();
  readonly #line: HTMLElement = el('p', { class: 'value-line' });
  readonly #list: Table<Connection>;
  readonly #textClock: TextClock = new TextClock(TABLE_INTERVAL_MS);
  #listedMs = -Infinity;
  #listedRevision = -1;

  constructor(inputs: () => Omit<GraphInputs, 'nowMs'>) {
    this.#inputs = inputs;
    const shell = panelShell(
      'topology',
      this.title,
      'wider = more per second; dashed and coloured = not in order; from what services record',
    );
    this.element = shell.element;
    this.#list = new Table<Connection>('Connections of services and venues', [
      { heading: 'From', text: true, area: 'first', cell: ({ from }) => ({ text: from.label }) },
      { heading: 'To', text: true, area: 'second', cell: ({ to }) => ({ text: `→ ${to.label}` }) },
      { heading: 'What', text: true, area: 'third', cell: ({ what }) => ({ text: what, tone: 'quiet' }) },
      { heading: 'Rate', area: 'a', cell: (connection) => ({ text: rateText(connection) || NO_DATA }) },
      { heading: 'Latency', area: 'b', cell: (connection) => ({ text: listedLatency(connection) || NO_DATA }) },
      {
        heading: 'State',
        area: 'c',
        cell: ({ health, state }) => ({ text: state, tone: toneOf(health) }),
      },
    ]);
    // Seen on a phone, where a graph has no room, and heard everywhere.
    const list = el('div', { class: 'topology-list' }, this.#list.element);
    shell.body.append(el('div', { class: 'topology-plot' }, this.#drawing.element), list, this.#line);
  }

  missing(): string | undefined {
    return connectionsOf({ ...this.#inputs(), nowMs: 0 }).length === 0 ? EMPTY : undefined;
  }

  frame(frame: Frame): void {
    if (!this.#textClock.due(frame)) return;
    const connections = connectionsOf({ ...this.#inputs(), nowMs: frame.nowMs }).filter(({ from, to, what }) =>
      frame.view.shows([from.label, to.label, what]),
    );
    const trouble = connections.filter(({ health }) => health !== 'good');
    const said = trouble.length === 0 ? `All ${connections.length} connections in order.` : troubleText(trouble);
    setText(this.#line, connections.length === 0 ? 'Nothing matches the filter.' : said);
    setClass(this.#line, 'alarm', trouble.length > 0);
    this.#drawing.show(connections, (width) => layoutOf(connections, width), shortText, longText);
    this.#drawing.element.setAttribute('aria-label', `${this.title}: ${said} A list follows.`);
    const isDue = Math.abs(frame.nowMs - this.#listedMs) >= LIST_EVERY_MS;
    if (!isDue && frame.view.revision === this.#listedRevision) return;
    this.#listedMs = frame.nowMs;
    this.#listedRevision = frame.view.revision;
    this.#list.show(
      connections.map((connection) => ({ key: connection.id, row: connection, stale: connection.health === 'stale' })),
    );
  }
}

/** Beside a curve: an output's has room for one number only. */
function shortText(connection: Connection): string {
  if (connection.to.role === 'output') return rateText(connection);
  return [rateText(connection), latencyText(connection)].filter((text) => text !== '').join(' · ');
}

function longText(connection: Connection): string {
  const numbers = [rateText(connection), latencyText(connection), connection.state];
  return `${nameOf(connection)}: ${numbers.filter((text) => text !== '').join(', ')}`;
}

/** What is not in order, by state: of many in the same one the first two are named, the list below has them all. */
export function troubleText(trouble: readonly Connection[]): string {
  const states = new Map<string, Connection[]>();
  for (const connection of trouble) states.set(connection.state, [...(states.get(connection.state) ?? []), connection]);
  return [...states]
    .map(([state, those]) => {
      const named = those.slice(0, those.length > 3 ? 2 : 3).map(nameOf);
      const more = those.length - named.length;
      return `${named.join('; ')}${more > 0 ? ` and ${more} more` : ''}: ${state}`;
    })
    .join(' · ');
}

function nameOf({ from, to, what }: Connection): string {
  return `${from.label} → ${to.label}, ${what}`;
}

function rateText({ rate, unit }: Connection): string {
  return Number.isNaN(rate) ? '' : `${formatRate(rate)} ${unit}`;
}

function latencyText({ latency, latencyName, what, to }: Connection): string {
  if (Number.isNaN(latency)) return '';
  // How long ago is an age and no latency.
  if (what === 'metrics' && to.role === 'bridge') return `heard ${formatAge(latency)} ago`;
  return `${latencyName} ${formatDuration(latency)}`;
}

/** In the list the row says already what it is the latency of. */
function listedLatency(connection: Connection): string {
  return latencyText(connection).replace(/^(delay|ack|here) /, '');
}

function toneOf(health: Connection['health']): 'quiet' | 'warn' | 'alarm' {
  return health === 'good' || health === 'stale' ? 'quiet' : health === 'down' ? 'alarm' : 'warn';
}
