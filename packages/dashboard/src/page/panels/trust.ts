import { formatCount, formatDuration, formatNumber, formatRate } from '../format.ts';
import type { Link } from '../feed/link.ts';
import type { Model } from '../model.ts';
import type { Cell } from '../store/measure.ts';
import type { Store } from '../store/store.ts';
import { freshness } from '../view/freshness.ts';
import type { Frame } from '../view/panel.ts';
import type { CellText } from '../view/table.ts';
import { type KeyedRow, TablePanel } from '../view/table-panel.ts';

interface TrustRow {
  readonly hop: string;
  readonly passed: number;
  readonly passedTone?: CellText['tone'];
  readonly dropped: number;
  readonly causes: string;
}

/** What the trust panel needs beside the measures. */
export interface TrustInputs {
  readonly store: Store;
  readonly link: () => Link;
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
        causes: '',
      }),
    );
    for (const cell of trust.received.cells()) {
      const [transport] = cell.key as [string];
      found.push(row(`received ${transport}`, [cell], frame, { passed: cell.value, dropped: NaN, causes: '' }));
    }
    const outputs = new Set<string>();
    for (const cell of [...trust.forwarded.cells(), ...trust.dropped.cells()]) outputs.add(cell.key[0] as string);
    for (const output of [...outputs].sort()) {
      const dropped = trust.dropped.value(output);
      found.push(
        row(`→ ${output}`, [trust.forwarded.cell(output)], frame, {
          passed: trust.forwarded.value(output),
          dropped: Number.isNaN(dropped) ? zero : dropped,
          causes: causesOf(model, output),
        }),
      );
    }
    found.push(
      row('frames to pages', [trust.framesSent.cell()], frame, {
        passed: trust.framesSent.value(),
        dropped: Number.isNaN(trust.framesSent.value()) ? NaN : 0,
        causes: trust.framesConflated.value() > 0 ? `${formatCount(trust.framesConflated.value())} conflated` : '',
      }),
    );
    return found.filter(({ row: { passed, dropped } }) => !(Number.isNaN(passed) && Number.isNaN(dropped)));
  };
  return new TablePanel<TrustRow>({
    id: 'trust',
    title: 'Can this be trusted',
    note: 'received = passed on + dropped, at every hop; drops must read 0',
    emptyText: 'No data: waiting for nanometer.bridge.point.received.',
    rows,
    condenses: false,
    footnote: () => footnote(model, inputs),
    columns: [
      { heading: 'Hop', text: true, cell: ({ hop }) => ({ text: hop }) },
      { heading: 'Points', cell: ({ passed }) => ({ text: formatCount(passed) }) },
      {
        heading: 'Dropped',
        cell: ({ dropped, causes }) => ({
          text: causes === '' ? formatCount(dropped) : `${formatCount(dropped)}\n${causes}`,
          tone: dropped > 0 ? 'alarm' : '',
        }),
      },
    ],
  });
}

function causesOf(model: Model, output: string): string {
  return model.trust.droppedByCause
    .cells()
    .filter((cell) => cell.key[0] === output && cell.value > 0)
    .map((cell) => `${cell.key[1]} ${formatCount(cell.value)}`)
    .join('\n');
}

function plural(count: number, thing: string): string {
  return `${formatCount(count)} ${thing}${count === 1 ? '' : 's'}`;
}

function footnote(model: Model, { store, link, frameCostMs }: TrustInputs): string {
  const { trust, risk, orders } = model;
  const parts = [`${formatCount(store.seriesCount)} series on this page`, `${formatCount(store.updates)} updates`];
  if (!Number.isNaN(trust.clients.value())) parts.push(plural(trust.clients.value(), 'live client'));
  let received = 0;
  for (const cell of trust.receivedRate.cells()) received += cell.value || 0;
  if (received > 0) parts.push(`${formatRate(received)} points/s`);
  if (link().conflated > 0) parts.push(`${formatCount(link().conflated)} frames conflated for this page`);
  if (!Number.isNaN(risk.updateP99.value())) parts.push(`risk update p99 ${formatDuration(risk.updateP99.value())}`);
  if (trust.eventsRefused.value() > 0) parts.push(`${formatCount(trust.eventsRefused.value())} events refused`);
  else if (!Number.isNaN(orders.sent.value())) parts.push('0 events refused');
  parts.push(`${formatNumber(frameCostMs(), 2)} ms per frame`);
  return parts.join(' · ');
}
