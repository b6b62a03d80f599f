import { formatCount } from '../format.ts';
import type { Model } from '../model.ts';
import { type Amount, amountsOf, amountText } from '../view/amounts.ts';
import { freshness } from '../view/freshness.ts';
import type { Frame } from '../view/panel.ts';
import { amountContent, formatWhole, nothing, zeroIf } from '../view/tile-content.ts';
import type { TileContent } from '../view/tile.ts';

/** Forecasts of a loss, the one to show first; of others that a desk has, the first by name. */
const METHODS: readonly string[] = ['filtered_historical', 'historical', 'parametric'];
const CONFIDENCE = '0.99';

/** Value at risk at 99 % by the most demanding method there is, with what lies beyond it and how it has held so far. */
export function valueAtRiskTile({ tail }: Model, frame: Frame): TileContent {
  const { valueAtRisk, expectedShortfall, exceptions, periods } = tail;
  const known = valueAtRisk.cells().map(({ key }) => key[0] as string);
  const method = [...METHODS, ...known].find((name) => amountsOf(valueAtRisk, name, CONFIDENCE).length > 0);
  if (method === undefined) return nothing();
  const [first, ...others] = amountsOf(valueAtRisk, method, CONFIDENCE) as [Amount, ...Amount[]];
  const beyond = amountsOf(expectedShortfall, method, CONFIDENCE).find(({ currency }) => currency === first.currency);
  const count = periods.value(method, CONFIDENCE);
  const worse = zeroIf(exceptions.value(method, CONFIDENCE), count);
  return {
    ...amountContent(first, others, false),
    value: formatWhole(first, false),
    details: [
      beyond === undefined ? '' : `CVaR ${formatWhole(beyond, false)}`,
      ...others.map((other) => amountText(other, false)),
      count > 0 ? `${formatCount(worse)} of ${formatCount(count)} worse` : method.replaceAll('_', ' '),
    ],
    freshness: freshness(
      valueAtRisk.cells().filter(({ key }) => key[0] === method && key[1] === CONFIDENCE),
      frame.nowMs,
    ),
  };
}
