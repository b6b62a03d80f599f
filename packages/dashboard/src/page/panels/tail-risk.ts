import { formatAmount, formatCount, formatNumber, formatPercent, NO_DATA } from '../format.ts';
import type { Model } from '../model.ts';
import { type Amount, amountsOf, amountsText } from '../view/amounts.ts';
import { freshness } from '../view/freshness.ts';
import type { Frame } from '../view/panel.ts';
import type { CellText } from '../view/table.ts';
import { type KeyedRow, TablePanel } from '../view/table-panel.ts';

// Chi-square at 95 %: one degree of freedom for a single test, two for both together.
const REFUSED_ABOVE = 3.84;
const BOTH_REFUSED_ABOVE = 5.99;
const BASEL_PERIODS = 250;

interface TailRow {
  readonly method: string;
  readonly confidence: number;
  readonly valueAtRisk: readonly Amount[];
  readonly shortfall: readonly Amount[];
  readonly periods: number;
  readonly exceptions: number;
  readonly kupiec: number;
  readonly independence: number;
  readonly coverage: number;
  readonly basel: number;
}

/** Value at risk by method beside its backtest: how many losses were worse than forecast, and whether that is too many. */
export function tailRiskPanel(model: Model): TablePanel<TailRow> {
  const { tail } = model;
  const rows = (frame: Frame): KeyedRow<TailRow>[] => {
    const seen = new Map<string, KeyedRow<TailRow>>();
    for (const cell of [...tail.valueAtRisk.cells(), ...tail.periods.cells()]) {
      const [method, confidence] = cell.key as [string, string];
      const key = `${method}\u0000${confidence}`;
      if (Number.isNaN(cell.value) || seen.has(key) || !frame.view.shows([method, confidence])) continue;
      seen.set(key, {
        key,
        stale: freshness([cell], frame.nowMs).state === 'stale',
        row: {
          method: method.replaceAll('_', ' '),
          confidence: Number(confidence),
          valueAtRisk: amountsOf(tail.valueAtRisk, method, confidence),
          shortfall: amountsOf(tail.expectedShortfall, method, confidence),
          periods: tail.periods.value(method, confidence),
          // Counted when they happen: none counted while periods are means none happened.
          exceptions:
            tail.exceptions.value(method, confidence) || (tail.periods.value(method, confidence) > 0 ? 0 : NaN),
          kupiec: tail.kupiec.value(method, confidence),
          independence: tail.independence.value(method, confidence),
          coverage: tail.coverage.value(method, confidence),
          basel: confidence === '0.99' ? tail.baselExceptions.value(method) : NaN,
        },
      });
    }
    return [...seen.values()];
  };
  return new TablePanel<TailRow>({
    id: 'tail',
    title: 'Value at risk and its backtest',
    note: `loss positive; ✕ = the forecast is refused at 95 %: above ${REFUSED_ABOVE}, both above ${BOTH_REFUSED_ABOVE}`,
    emptyText: 'No data: waiting for risk.value_at_risk.',
    present: () => [tail.valueAtRisk, tail.periods].some((measure) => measure.cells().length > 0),
    rows,
    columns: [
      { heading: 'Method', text: true, area: 'first', cell: ({ method }) => ({ text: method }) },
      {
        heading: 'Level',
        text: true,
        area: 'second',
        cell: ({ confidence }) => ({ text: formatPercent(confidence, confidence === 0.975 ? 1 : 0), tone: 'quiet' }),
      },
      { heading: 'VaR', area: 'a', cell: ({ valueAtRisk }) => loss(valueAtRisk) },
      { heading: 'CVaR', area: 'b', cell: ({ shortfall }) => loss(shortfall) },
      { heading: 'Exceptions', area: 'c', cell: exceptionsText },
      { heading: 'Kupiec', area: 'd', cell: ({ kupiec }) => test(kupiec, REFUSED_ABOVE) },
      { heading: 'Clusters', area: 'e', cell: ({ independence }) => test(independence, REFUSED_ABOVE) },
      { heading: 'Both', area: 'f', cell: ({ coverage }) => test(coverage, BOTH_REFUSED_ABOVE) },
      { heading: 'Basel', text: true, area: 'third', cell: ({ basel, periods }) => zone(basel, periods) },
    ],
    footnote: () => uncovered(model),
  });
}

function loss(amounts: readonly Amount[]): CellText {
  return amounts.length === 0 ? { text: NO_DATA, tone: 'quiet' } : { text: amountsText(amounts, false) };
}

function exceptionsText({ exceptions, periods, confidence }: TailRow): CellText {
  if (!(periods > 0)) return { text: NO_DATA, tone: 'quiet' };
  const expected = (1 - confidence) * periods;
  return { text: `${formatCount(exceptions)} / ${formatCount(periods)} (due ${formatNumber(expected, 1)})` };
}

function test(ratio: number, limit: number): CellText {
  if (Number.isNaN(ratio)) return { text: NO_DATA, tone: 'quiet' };
  const failed = ratio > limit;
  return { text: `${formatNumber(ratio, 2)} ${failed ? '✕' : '✓'}`, tone: failed ? 'alarm' : '' };
}

/** Zone of the traffic light: 0 to 4 exceptions in 250 periods are green, 5 to 9 yellow, more red. */
export function baselZone(exceptions: number): 'green' | 'yellow' | 'red' | undefined {
  if (Number.isNaN(exceptions)) return undefined;
  return exceptions < 5 ? 'green' : exceptions < 10 ? 'yellow' : 'red';
}

function zone(exceptions: number, periods: number): CellText {
  const name = baselZone(exceptions);
  if (name !== undefined) {
    const tone = name === 'red' ? 'alarm' : name === 'yellow' ? 'warn' : '';
    return { text: `${name} (${formatCount(exceptions)})`, tone };
  }
  if (periods > 0 && periods < BASEL_PERIODS) {
    return { text: `after ${formatCount(BASEL_PERIODS - periods)} more`, tone: 'quiet' };
  }
  return { text: NO_DATA, tone: 'quiet' };
}

function uncovered({ tail }: Model): string {
  return tail.uncovered
    .cells()
    .filter(({ value }) => value > 0)
    .map(
      ({ key: [currency], value }) =>
        `${formatAmount(value, currency as string)} ${currency} without returns: not in it`,
    )
    .join(' · ');
}
