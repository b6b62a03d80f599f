import { formatCount, formatDuration, formatNumber, formatRate } from '../format.ts';
import type { Link } from '../feed/link.ts';
import { droppedPoints, isSuperseded } from '../measures/lost-points.ts';
import type { Model } from '../model.ts';
import type { Cell } from '../store/measure.ts';
import type { RecentTimes } from '../store/recent-times.ts';
import type { Store } from '../store/store.ts';
import { freshness } from '../view/freshness.ts';
import type { Frame } from '../view/panel.ts';
import { type KeyedRow, TablePanel } from '../view/table-panel.ts';

interface TrustRow {
  readonly hop: string;
  readonly passed: number;
  readonly dropped: number;
  /** Why something was dropped, or how fast points pass. */
  readonly note: string;
}

/** What the trust panel needs beside the measures. */
export interface TrustInputs {
  readonly store: Store;
  readonly link: () => Link;
  /** Milliseconds from a value's time to its arrival on the page. */
  readonly arrival: RecentTimes;
  /** Milliseconds from its arrival to the frame that drew it. */
  readonly paint: RecentTimes;
  /** Main-thread milliseconds per animation frame. */
  readonly frameCostMs: () => number;
}

/** Is this number true and how old is it: every hop with what it passed on and what it dropped, and why. */
export function trustPanel(model: Model, inputs: TrustInputs): TablePanel<TrustRow> {
  const { trust } = model;
  const row = (
    key: string,
    cells: readonly (Cell | undefined)[],
    frame: Frame,
    content: Omit<TrustRow, 'hop'>,
  ): KeyedRow<TrustRow> => ({
    key,
    stale: freshness(cells, frame.nowMs).state === 'stale',
    row: { hop: key, ...content },
  });
  const rows = (frame: Frame): KeyedRow<TrustRow>[] => {
    const known = trust.received.cells().some((cell) => !Number.isNaN(cell.value));
    const zero = known ? 0 : NaN;
    const found: KeyedRow<TrustRow>[] = [];
    const measurements = trust.measurementsDropped.value();
    found.push(
      row('SDK', [trust.measurementsDropped.cell()], frame, {
        passed: NaN,
        dropped: Number.isNaN(measurements) ? zero : measurements,
        note: '',
      }),
    );
    for (const cell of trust.received.cells()) {
      const [transport] = cell.key as [string];
      const rate = trust.receivedRate.value(transport);
      // A way in that nothing came by is not a hop.
      if (!(cell.value > 0)) continue;
      found.push(
        row(`received by ${transport}`, [cell], frame, {
          passed: cell.value,
          dropped: NaN,
          note: Number.isNaN(rate) ? '' : `${formatRate(rate)} /s`,
        }),
      );
    }
    const outputs = new Set<string>();
    for (const cell of [...trust.forwarded.cells(), ...trust.dropped.cells()]) outputs.add(cell.key[0] as string);
    for (const output of [...outputs].sort()) {
      const { lost } = droppedPoints(trust.droppedByCause.cells(), output);
      found.push(
        row(`→ ${output}`, [trust.forwarded.cell(output)], frame, {
          passed: trust.forwarded.value(output),
          dropped: Number.isNaN(lost) ? zero : lost,
          note: causesOf(model, output),
        }),
      );
    }
    const conflated = trust.framesConflated.value();
    found.push(
      row('frames to clients', [trust.framesSent.cell()], frame, {
        passed: trust.framesSent.value(),
        dropped: Number.isNaN(trust.framesSent.value()) ? NaN : 0,
        note: Number.isNaN(conflated) ? '' : `${formatCount(conflated)} conflated`,
      }),
    );
    return found.filter(({ row: { passed, dropped } }) => !(Number.isNaN(passed) && Number.isNaN(dropped)));
  };
  return new TablePanel<TrustRow>({
    id: 'trust',
    title: 'Can this be trusted',
    note: 'received = passed on + held until the next flush + superseded + dropped; drops must read 0',
    emptyText: 'No data: waiting for nanometer.bridge.point.received.',
    rows,
    condenses: false,
    footnote: () => footnote(model, inputs),
    columns: [
      { heading: 'Hop', text: true, cell: ({ hop }) => ({ text: hop }) },
      { heading: 'Points', cell: ({ passed }) => ({ text: formatCount(passed) }) },
      {
        heading: 'Dropped',
        cell: ({ dropped }) => ({ text: formatCount(dropped), tone: dropped > 0 ? 'alarm' : '' }),
      },
      {
        heading: 'Note',
        text: true,
        cell: ({ note, dropped }) => ({ text: note, tone: dropped > 0 ? 'alarm' : 'quiet' }),
      },
    ],
  });
}

function causesOf(model: Model, output: string): string {
  const cells = model.trust.droppedByCause.cells();
  const causes = cells
    .filter(({ key, value }) => key[0] === output && value > 0 && !isSuperseded(key[1] as string))
    .map(({ key, value }) => `${key[1]} ${formatCount(value)}`);
  const { superseded } = droppedPoints(cells, output);
  return [...causes, ...(superseded > 0 ? [`${formatCount(superseded)} superseded`] : [])].join('\n');
}

function plural(count: number, thing: string): string {
  return `${formatCount(count)} ${thing}${count === 1 ? '' : 's'}`;
}

function footnote(model: Model, { store, link, arrival, paint, frameCostMs }: TrustInputs): string {
  const { trust, risk, orders } = model;
  const parts = [`${formatCount(store.seriesCount)} series on this page`, `${formatCount(store.updates)} updates`];
  if (!Number.isNaN(trust.clients.value())) parts.push(plural(trust.clients.value(), 'live client'));
  if (link().conflated > 0) parts.push(`${formatCount(link().conflated)} frames conflated for this page`);
  if (!Number.isNaN(risk.updateP99.value()))
    parts.push(`L0 risk readable p99 ${formatDuration(risk.updateP99.value())}`);
  for (const [level, times] of [['L2 arrived here', arrival] as const, ['L3 drawn', paint] as const]) {
    if (Number.isNaN(times.quantile(0.5))) continue;
    const [median, tail] = [0.5, 0.99].map((share) => formatDuration(times.quantile(share) / 1000));
    parts.push(`${level} p50 ${median}, p99 ${tail}`);
  }
  if (trust.eventsRefused.value() > 0) parts.push(`${formatCount(trust.eventsRefused.value())} events refused`);
  else if (!Number.isNaN(orders.sent.value())) parts.push('0 events refused');
  parts.push(`${formatNumber(frameCostMs(), 2)} ms per frame`);
  return parts.join(' · ');
}
