import type { CurveView } from '../draw/curve-chart.ts';
import { type Look, LookBook } from '../draw/looks.ts';
import { formatDuration, formatNumber, formatSigned, formatTick, NO_DATA } from '../format.ts';
import type { Model } from '../model.ts';
import type { Cell } from '../store/measure.ts';
import { CurvePanel } from '../view/curve-panel.ts';
import { freshness } from '../view/freshness.ts';
import type { LegendEntry } from '../view/legend.ts';
import type { Frame } from '../view/panel.ts';

// Horizons reach from now to minutes: log(1 + h / 50 ms) gives every decade room and zero a place.
const KNEE_SECONDS = 0.05;

/** What fills have earned as time went by: one curve per strategy, exchange and liquidity, with its half-life. */
export function markoutsPanel(model: Model): CurvePanel {
  const { edge } = model;
  const looks = new LookBook();
  return new CurvePanel({
    id: 'markouts',
    title: 'Markout curves',
    note: 'basis points after fees, gain positive, ± standard error',
    emptyText: 'No data: waiting for trading.markout.edge.',
    present: () => edge.markout.cells().length > 0,
    scale: 'linear',
    formatTick: (value) => `${formatTick(value)} bp`,
    view: (frame) => markoutCurves(model, frame, looks),
  });
}

/** The curves of the moment with their legend; every curve has a look of its own and its number at its end. */
export function markoutCurves(
  model: Model,
  frame: Pick<Frame, 'nowMs' | 'view'>,
  looks: LookBook,
): CurveView & { readonly legend: readonly LegendEntry[]; readonly leftOut: number } {
  const { edge } = model;
  const curves = new Map<string, Cell[]>();
  const horizons = new Set<number>();
  for (const cell of edge.markout.cells()) {
    if (Number.isNaN(cell.value) || !frame.view.shows(cell.key)) continue;
    const key = cell.key.slice(0, 4).join('\u0000');
    const cells = curves.get(key) ?? [];
    cells.push(cell);
    curves.set(key, cells);
    horizons.add(Number(cell.key[4]));
  }
  const sorted = [...horizons].sort((a, b) => a - b);
  const widest = place(sorted.at(-1) ?? 1) || 1;
  const names = [...curves.keys()].sort();
  const currencies = new Set(names.map((key) => key.split('\u0000')[3]));
  const lookOf = looks.of(names);
  const drawn = names.filter((key) => lookOf.has(key));
  const numbered = drawn.length > 1;
  return {
    levels: [],
    ticks: sorted.map((horizon) => ({ x: place(horizon) / widest, label: horizonLabel(horizon) })),
    leftOut: names.length - drawn.length,
    curves: drawn.map((key, index) => ({
      ...(lookOf.get(key) as Look),
      ...(numbered ? { label: String(index + 1) } : {}),
      points: (curves.get(key) as Cell[])
        .map((cell) => ({
          x: place(Number(cell.key[4])) / widest,
          y: cell.value,
          error: edge.markoutError.value(...cell.key),
        }))
        .sort((a, b) => a.x - b.x),
    })),
    legend: drawn.map((key, index) => {
      const cells = curves.get(key) as Cell[];
      const parts = key.split('\u0000');
      const { color, dash } = lookOf.get(key) as Look;
      return {
        key,
        label: parts.slice(0, currencies.size > 1 ? 4 : 3).join(' · '),
        color,
        dash,
        mark: numbered ? String(index + 1) : undefined,
        value: `${lastEdge(cells)}, half-life ${halfLife(model, parts)}`,
        stale: freshness(cells, frame.nowMs).state === 'stale',
      };
    }),
  };
}

function place(horizonSeconds: number): number {
  return Math.log1p(Math.max(0, horizonSeconds) / KNEE_SECONDS);
}

function horizonLabel(seconds: number): string {
  return formatDuration(seconds)
    .replace(/\.0+(?= )/, '')
    .replace('0 s', seconds === 0 ? 'fill' : '0 s');
}

function lastEdge(cells: readonly Cell[]): string {
  const last = [...cells].sort((a, b) => Number(a.key[4]) - Number(b.key[4])).at(-1);
  return last === undefined ? NO_DATA : `${formatSigned(last.value, 2)} bp at ${horizonLabel(Number(last.key[4]))}`;
}

function halfLife({ edge }: Model, key: readonly string[]): string {
  const seconds = edge.halfLife.value(...key);
  if (Number.isNaN(seconds)) return 'not known';
  const error = edge.halfLifeError.value(...key);
  const lifetime = edge.lifetime.value(...key);
  return [
    formatDuration(seconds),
    Number.isNaN(error) ? '' : ` ± ${formatDuration(error)}`,
    Number.isNaN(lifetime) ? '' : `, lifetime ${formatNumber(lifetime, 2)}`,
  ].join('');
}
