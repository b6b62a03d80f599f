import type { Connection, Party } from './graph.ts';

/** Where a party's box is, in pixels. */
export interface Placed {
  readonly party: Party;
  readonly x: number;
  readonly y: number;
}

/** A connection as a curve, and where its label goes. */
export interface Drawn {
  readonly connection: Connection;
  readonly path: string;
  readonly labelX: number;
  readonly labelY: number;
  readonly labelAnchor: 'start' | 'middle' | 'end';
}

/** A whole graph. */
export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly Placed[];
  readonly curves: readonly Drawn[];
}

export const BOX_WIDTH = 108;
export const BOX_HEIGHT = 30;
const ROW = 64;
const MARGIN = 8;
/** Connections between the same two parties lie beside one another. */
const BESIDE = 22;
const ROLES: readonly Party['role'][] = ['exchange', 'service', 'bridge', 'output'];
/** Share of the room that lies before a column: what runs between exchanges and services has the most to say. */
const ROOM: Readonly<Record<Party['role'], number>> = { exchange: 0, service: 2.2, bridge: 1, output: 1.3 };
const LABEL_GAP = 10;
/** A label stands on its curve. */
const ABOVE = 8;

/** Exchanges, services, bridge and outputs in columns from left to right; the place of a party depends on names only, never on numbers. */
export function layoutOf(connections: readonly Connection[], width: number): Layout {
  const parties = new Map<string, Party>();
  for (const { from, to } of connections) parties.set(from.id, from).set(to.id, to);
  const columns = ROLES.map((role) =>
    [...parties.values()]
      .filter((party) => party.role === role)
      .sort((a, b) => a.label.localeCompare(b.label, 'en', { numeric: true })),
  ).filter((column) => column.length > 0);
  const tallest = Math.max(1, ...columns.map(({ length }) => length));
  const height = tallest * ROW;
  const rooms = columns.slice(1).map(([party]) => ROOM[(party as Party).role]);
  const total = rooms.reduce((sum, room) => sum + room, 0);
  const free = Math.max(0, width - 2 * MARGIN - columns.length * BOX_WIDTH);
  const places = new Map<string, Placed>();
  let x = MARGIN;
  columns.forEach((column, index) => {
    if (index > 0) x += BOX_WIDTH + (free * (rooms[index - 1] as number)) / total;
    column.forEach((party, row) => {
      const y = ((row + 0.5) * height) / column.length - BOX_HEIGHT / 2;
      places.set(party.id, { party, x, y });
    });
  });
  return {
    width,
    height,
    boxes: [...places.values()],
    curves: connections.map((connection) => curveOf(connection, connections, places)),
  };
}

function curveOf(connection: Connection, all: readonly Connection[], places: ReadonlyMap<string, Placed>): Drawn {
  const between = [connection.from.id, connection.to.id].sort().join('\u0000');
  const siblings = all.filter(({ from, to }) => [from.id, to.id].sort().join('\u0000') === between);
  const offset = (siblings.indexOf(connection) - (siblings.length - 1) / 2) * BESIDE;
  const from = places.get(connection.from.id) as Placed;
  const to = places.get(connection.to.id) as Placed;
  const forward = from.x < to.x;
  const [left, right] = forward ? [from, to] : [to, from];
  // The end at a party of which there are many is where the label goes, so the curves of one are apart there.
  const crowdedLeft = left.party.role === 'exchange';
  const crowdedRight = right.party.role === 'output';
  const x0 = left.x + BOX_WIDTH;
  const x1 = right.x;
  const y0 = left.y + BOX_HEIGHT / 2 + (crowdedLeft ? offset : offset / 2.5);
  const y1 = right.y + BOX_HEIGHT / 2 + (crowdedRight ? offset : offset / 2.5);
  const middle = (x0 + x1) / 2;
  const path = `M${x0} ${y0} C${middle} ${y0} ${middle} ${y1} ${x1} ${y1}`;
  if (crowdedLeft) return { connection, path, labelX: x0 + LABEL_GAP, labelY: y0 - ABOVE, labelAnchor: 'start' };
  if (crowdedRight) return { connection, path, labelX: x1 - LABEL_GAP, labelY: y1 - ABOVE, labelAnchor: 'end' };
  return { connection, path, labelX: middle, labelY: (y0 + y1) / 2 - ABOVE, labelAnchor: 'middle' };
}
