import { expect, test } from '@jest/globals';
import * as quant from '@nanometer/quant';

test('exports exactly these values', () => {
  expect(Object.keys(quant).sort()).toEqual([
    'Drawdown',
    'ExposureBook',
    'LARGEST_AMOUNT',
    'NeumaierSum',
    'Portfolio',
    'PositionLedger',
    'QuantError',
    'RateBook',
    'SMALLEST_AMOUNT',
    'TradeStatistics',
    'notionalCurrency',
    'notionalValue',
    'priceOfUnitValue',
    'unitValue',
  ]);
});
