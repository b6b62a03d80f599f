import { LOSS, PERCENTILE_COLORS } from '../draw/palette.ts';
import { formatAmount, formatClock, formatDuration, formatDurationTick, formatRate, formatTick } from '../format.ts';
import { type Model, PERCENTILES } from '../model.ts';
import type { Cell } from '../store/measure.ts';
import { type ChartLine, ChartPanel } from '../view/chart-panel.ts';
import type { Frame } from '../view/panel.ts';
import type { ViewState } from '../view/view-state.ts';

function lines(cells: readonly Cell[], frame: Frame, label: (cell: Cell) => string): ChartLine[] {
  return cells
    .filter((cell) => !Number.isNaN(cell.value) && frame.view.shows(cell.key))
    .map((cell) => ({ key: cell.key.join('\u0000'), label: label(cell), cell }));
}

/** Course of the drawdown, in the reporting currency: one line per currency if desks report in several. */
export function drawdownChart(model: Model, view: ViewState): ChartPanel {
  return new ChartPanel(
    {
      id: 'drawdown',
      title: 'Drawdown',
      note: 'fall of equity from its peak',
      scale: 'linear',
      includeZero: true,
      formatTick,
      formatTime: formatClock,
      formatValue: (value, { key: currency }) => `${formatAmount(value, currency)} ${currency}`,
      emptyText: 'No data: waiting for risk.drawdown.',
      lines: () =>
        model.risk.drawdown
          .cells()
          .filter((cell) => !Number.isNaN(cell.value))
          .map((cell, index) => {
            const currency = cell.key[0] as string;
            const line: ChartLine = { key: currency, label: 'drawdown', cell };
            return index === 0 ? { key: currency, label: 'drawdown', cell, color: LOSS } : line;
          }),
    },
    view,
  );
}

/** Percentiles of the time from sending an order to its acknowledgement. */
export function ackLatencyChart(model: Model, view: ViewState): ChartPanel {
  return new ChartPanel(
    {
      id: 'ack',
      title: 'Order → acknowledgement',
      note: 'worst strategy and exchange, logarithmic',
      scale: 'log',
      formatTick: formatDurationTick,
      formatTime: formatClock,
      formatValue: formatDuration,
      emptyText: 'No data: waiting for trading.order.ack.duration.',
      lines: () =>
        model.orders.ack.flatMap((measure, index) => {
          const cell = measure.cell();
          if (cell === undefined || Number.isNaN(cell.value)) return [];
          const { label } = PERCENTILES[index] as (typeof PERCENTILES)[number];
          return [{ key: label, label, color: PERCENTILE_COLORS[index] as string, cell }];
        }),
    },
    view,
  );
}

/** Messages per second of every exchange. */
export function eventRateChart(model: Model, view: ViewState): ChartPanel {
  return new ChartPanel(
    {
      id: 'rate',
      title: 'Event rate',
      note: 'messages per second by exchange',
      scale: 'linear',
      includeZero: true,
      formatTick,
      formatTime: formatClock,
      formatValue: (value) => `${formatRate(value)} /s`,
      emptyText: 'No data: waiting for exchange.message.count.',
      lines: (frame) => lines(model.feeds.rate.cells(), frame, (cell) => cell.key[0] as string),
    },
    view,
  );
}
