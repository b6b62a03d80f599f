import { formatCount, formatDuration, formatPercent, formatRate, NO_DATA } from '../format.ts';
import type { Model } from '../model.ts';
import { freshness } from '../view/freshness.ts';
import type { Frame } from '../view/panel.ts';
import { type KeyedRow, TablePanel } from '../view/table-panel.ts';

interface ModelRow {
  readonly model: string;
  readonly p50: number;
  readonly p99: number;
  readonly rate: number;
  readonly correct: number;
  readonly resolved: number;
  readonly pending: number;
}

/** One row per model: how fast it answers and how often it was right. */
export function modelsPanel(model: Model): TablePanel<ModelRow> {
  const { models } = model;
  const rows = (frame: Frame): KeyedRow<ModelRow>[] => {
    const names = new Set<string>();
    for (const measure of [models.p99, models.rate])
      for (const cell of measure.cells()) names.add(cell.key[0] as string);
    return [...names]
      .filter((name) => frame.view.shows([name]))
      .sort()
      .map((name) => {
        const correct = models.resolved.value(name, 'correct') || 0;
        const incorrect = models.resolved.value(name, 'incorrect') || 0;
        return {
          key: name,
          stale: freshness([models.p99.cell(name), models.rate.cell(name)], frame.nowMs).state === 'stale',
          row: {
            model: name,
            p50: models.p50.value(name),
            p99: models.p99.value(name),
            rate: models.rate.value(name),
            correct,
            resolved: correct + incorrect,
            pending: models.pending.value(name),
          },
        };
      });
  };
  return new TablePanel<ModelRow>({
    id: 'models',
    title: 'Models',
    note: 'inference time; accuracy = correct / resolved',
    emptyText: 'No data: waiting for ml.inference.duration.',
    present: () => model.models.rate.cells().length > 0,
    rows,
    columns: [
      { heading: 'Model', text: true, area: 'first', cell: (row) => ({ text: row.model }) },
      { heading: 'p50', area: 'a', cell: (row) => ({ text: formatDuration(row.p50) }) },
      { heading: 'p99', area: 'b', cell: (row) => ({ text: formatDuration(row.p99) }) },
      { heading: 'Rate /s', area: 'c', cell: (row) => ({ text: formatRate(row.rate) }) },
      {
        heading: 'Accuracy',
        area: 'd',
        cell: ({ correct, resolved }) =>
          resolved === 0
            ? { text: NO_DATA, tone: 'quiet' }
            : { text: `${formatPercent(correct / resolved)} of ${formatCount(resolved)}` },
      },
    ],
  });
}
