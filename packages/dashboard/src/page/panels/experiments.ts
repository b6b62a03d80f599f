import { formatCount, formatNumber, formatSigned, NO_DATA } from '../format.ts';
import type { Model } from '../model.ts';
import { freshness } from '../view/freshness.ts';
import type { Frame } from '../view/panel.ts';
import { type KeyedRow, TablePanel } from '../view/table-panel.ts';

interface ExperimentRow {
  readonly name: string;
  readonly state: string | undefined;
  readonly effect: number;
  readonly low: number;
  readonly high: number;
  readonly pValue: number;
  readonly batches: number;
}

const STATES: Readonly<Record<string, string>> = {
  undecided: 'undecided',
  a_better: 'A is better',
  b_better: 'B is better',
};

/** A/B tests of strategies. Most of the time the honest answer is that nothing is known yet, so that is what it says. */
export function experimentsPanel(model: Model): TablePanel<ExperimentRow> {
  const { experiments } = model;
  const rows = (frame: Frame): KeyedRow<ExperimentRow>[] => {
    const names = new Set(experiments.state.cells().map(({ key }) => key[0] as string));
    return [...names]
      .filter((name) => frame.view.shows([name]))
      .map((name) => {
        const cells = experiments.state.cells().filter(({ key }) => key[0] === name);
        return {
          key: name,
          stale: freshness(cells, frame.nowMs).state === 'stale',
          row: {
            name,
            state: cells.find(({ value }) => value === 1)?.key[1],
            effect: experiments.effect.value(name),
            low: experiments.low.value(name),
            high: experiments.high.value(name),
            pValue: experiments.pValue.value(name),
            batches: experiments.batches.value(name),
          },
        };
      });
  };
  return new TablePanel<ExperimentRow>({
    id: 'experiments',
    title: 'A/B tests',
    note: 'A minus B per period, in the reporting currency; valid however often it is looked at',
    emptyText: 'No data: waiting for trading.experiment.state.',
    present: () => experiments.state.cells().length > 0,
    rows,
    columns: [
      { heading: 'Test', text: true, area: 'first', cell: ({ name }) => ({ text: name }) },
      {
        heading: 'Answer',
        text: true,
        area: 'second',
        cell: ({ state }) =>
          state === undefined
            ? { text: NO_DATA, tone: 'quiet' }
            : { text: STATES[state] ?? state, tone: state === 'undecided' ? 'quiet' : 'strong' },
      },
      { heading: 'A − B', area: 'a', cell: ({ effect }) => ({ text: formatSigned(effect, decimals(effect)) }) },
      {
        heading: 'Interval',
        area: 'b',
        cell: ({ low, high }) =>
          Number.isNaN(low + high)
            ? { text: 'burn-in', tone: 'quiet' }
            : { text: `${formatSigned(low, decimals(low))} … ${formatSigned(high, decimals(high))}` },
      },
      { heading: 'p', area: 'c', cell: ({ pValue }) => ({ text: formatNumber(pValue, 3) }) },
      { heading: 'Batches', area: 'd', cell: ({ batches }) => ({ text: formatCount(batches) }) },
    ],
  });
}

function decimals(value: number): number {
  return Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 1 ? 2 : 4;
}
