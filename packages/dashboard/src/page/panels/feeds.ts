import { formatCount, formatDuration, formatRate, NO_DATA } from '../format.ts';
import type { Model } from '../model.ts';
import { freshness } from '../view/freshness.ts';
import type { Frame } from '../view/panel.ts';
import { type KeyedRow, TablePanel } from '../view/table-panel.ts';

interface FeedRow {
  readonly exchange: string;
  readonly connections: number;
  readonly age: number;
  readonly excessP50: number;
  readonly excessP99: number;
  readonly rate: number;
  readonly gaps: number;
}

const SILENT_SECONDS = 5;

/** One row per exchange: link, feed age, delay above the floor, rate, missed messages. */
export function feedsPanel(model: Model): TablePanel<FeedRow> {
  const { feeds } = model;
  const rows = (frame: Frame): KeyedRow<FeedRow>[] => {
    const exchanges = new Set<string>();
    for (const measure of [feeds.rate, feeds.age, feeds.connections]) {
      for (const cell of measure.cells()) exchanges.add(cell.key[0] as string);
    }
    return [...exchanges]
      .filter((exchange) => frame.view.shows([exchange]))
      .sort()
      .map((exchange) => ({
        key: exchange,
        stale: freshness([feeds.rate.cell(exchange), feeds.age.cell(exchange)], frame.nowMs).state === 'stale',
        row: {
          exchange,
          connections: feeds.connections.value(exchange),
          age: feeds.age.value(exchange),
          excessP50: feeds.excessP50.value(exchange),
          excessP99: feeds.excessP99.value(exchange),
          rate: feeds.rate.value(exchange),
          // Gaps are counted when they happen: none counted while messages are means none happened.
          gaps: feeds.gaps.value(exchange) || (Number.isNaN(feeds.rate.value(exchange)) ? NaN : 0),
        },
      }));
  };
  return new TablePanel<FeedRow>({
    id: 'feeds',
    title: 'Market data feeds',
    note: 'delay above the 60 s floor: honest without synchronised clocks',
    emptyText: 'No data: waiting for exchange.feed.age.',
    rows,
    columns: [
      { heading: 'Exchange', text: true, area: 'first', cell: (row) => ({ text: row.exchange }) },
      {
        heading: 'Link',
        text: true,
        area: 'second',
        cell: ({ connections }) =>
          Number.isNaN(connections)
            ? { text: NO_DATA, tone: 'quiet' }
            : connections > 0
              ? { text: 'up' }
              : { text: '✕ down', tone: 'alarm' },
      },
      {
        heading: 'Age',
        area: 'a',
        cell: ({ age }) => ({ text: formatDuration(age), tone: age > SILENT_SECONDS ? 'alarm' : '' }),
      },
      { heading: 'Delay p50', area: 'b', cell: (row) => ({ text: formatDuration(row.excessP50) }) },
      { heading: 'Delay p99', area: 'c', cell: (row) => ({ text: formatDuration(row.excessP99) }) },
      { heading: 'Events msg/s', area: 'd', cell: (row) => ({ text: formatRate(row.rate) }) },
      {
        heading: 'Missed',
        area: 'third',
        cell: ({ gaps }) => ({ text: formatCount(gaps), tone: gaps > 0 ? 'alarm' : '' }),
      },
    ],
  });
}
