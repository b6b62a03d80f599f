import { describe, expect, test } from '@jest/globals';
import {
  AnchoredVwap,
  AverageTrueRange,
  type Bar,
  BollingerBand,
  CommodityChannel,
  DirectionalMovement,
  DonchianChannel,
  ExponentialMovingAverage,
  KeltnerChannel,
  Macd,
  MoneyFlow,
  OnBalanceVolume,
  RelativeStrength,
  SimpleMovingAverage,
  Stochastic,
  Supertrend,
  TrueRange,
  VolumeWeightedMovingAverage,
  WeightedMovingAverage,
  WilliamsR,
} from '@nanometer/quant';
import { sharedData } from '@nanometer/testing';
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

/** Every column of the reference file, by the indicator that has to reproduce it. */
function columns(): (bar: Bar) => Readonly<Record<string, number | undefined>> {
  const sma = new SimpleMovingAverage(20);
  const ema = new ExponentialMovingAverage(20);
  const wma = new WeightedMovingAverage(14);
  const rsi = new RelativeStrength(14);
  const macd = new Macd(12, 26, 9);
  const range = new TrueRange();
  const atr = new AverageTrueRange(14);
  const bollinger = new BollingerBand(20, 2);
  const obv = new OnBalanceVolume();
  const vwap = new AnchoredVwap();
  const stochastic = new Stochastic(14, 3, 3);
  const directional = new DirectionalMovement(14);
  const vwma = new VolumeWeightedMovingAverage(14);
  const cci = new CommodityChannel(20);
  const mfi = new MoneyFlow(14);
  const williams = new WilliamsR(14);
  const donchian = new DonchianChannel(20);
  const keltner = new KeltnerChannel(20, 2, 10);
  const supertrend = new Supertrend(10, 3);
  return (bar) => {
    const lines = macd.add(bar.close);
    const band = bollinger.add(bar.close);
    const oscillator = stochastic.add(bar);
    const movement = directional.add(bar);
    const channel = donchian.add(bar);
    const envelope = keltner.add(bar);
    return {
      sma20: sma.add(bar.close),
      ema20: ema.add(bar.close),
      wma14: wma.add(bar.close),
      rsi14: rsi.add(bar.close),
      macd_12_26_9: lines?.line,
      macd_signal: lines?.signal,
      macd_hist: lines?.histogram,
      tr: range.add(bar),
      atr14: atr.add(bar),
      bb_upper_20_2: band?.upper,
      bb_lower_20_2: band?.lower,
      bb_percent_b: band && (bar.close - band.lower) / (band.upper - band.lower),
      obv: obv.add(bar),
      vwap_anchored: vwap.add(bar),
      stoch_k_14_3_3: oscillator?.k,
      stoch_d: oscillator?.d,
      pdi14: movement?.plus,
      mdi14: movement?.minus,
      adx14: movement?.average,
      vwma14: vwma.add(bar.close, bar.volume),
      cci20: cci.add(bar),
      mfi14: mfi.add(bar),
      williams_r14: williams.add(bar),
      donchian_upper_20: channel?.upper,
      donchian_lower_20: channel?.lower,
      keltner_upper_20_2_10: envelope?.upper,
      keltner_lower: envelope?.lower,
      supertrend_10_3: supertrend.add(bar),
    };
  };
}

const file = sharedData('market/reference-indicators-daily-2017-2018.csv.gz');
const withFile = file === undefined ? describe.skip : describe;

withFile('502 bars of the reference file: ../shared/data/market', () => {
  const [header = '', ...lines] =
    file === undefined ? [] : gunzipSync(readFileSync(file)).toString().trim().split('\n');
  const names = header.split(',').slice(6);
  const next = columns();
  const rows = lines.map((line) => {
    const cells = line.split(',');
    const [open = 0, high = 0, low = 0, close = 0, volume = 0] = cells.slice(1, 6).map(Number);
    return { expected: cells.slice(6), ours: next({ open, high, low, close, volume }) };
  });

  test('there are as many columns as indicators compute', () => {
    expect(Object.keys(rows[0]!.ours).toSorted()).toEqual(names.toSorted());
    expect(rows).toHaveLength(502);
  });

  test.each(names)('%s: warm-up and every value', (name) => {
    const at = names.indexOf(name);
    const differing = rows.filter(({ expected, ours }) => {
      const text = expected[at]!;
      const value = ours[name];
      if (text === '') return value !== undefined;
      return !(value !== undefined && Math.abs(value - Number(text)) <= 1e-9 * Math.max(1, Math.abs(Number(text))));
    });
    expect(differing).toEqual([]);
    expect(rows.filter(({ expected }) => expected[at] !== '').length).toBeGreaterThan(400);
  });
});

test('a market that stands still has an indicator where it can, and no NaN', () => {
  const still: Bar = { open: 5, high: 5, low: 5, close: 5, volume: 0 };
  const next = columns();
  let last: Readonly<Record<string, number | undefined>> = {};
  for (let at = 0; at < 60; at++) last = next(still);
  expect(last).toMatchObject({ sma20: 5, rsi14: 50, atr14: 0, cci20: 0, mfi14: 50, stoch_k_14_3_3: 0, obv: 0 });
  expect([last['vwap_anchored'], last['vwma14'], last['adx14']]).toEqual([undefined, undefined, undefined]);
  expect(() => new SimpleMovingAverage(0)).toThrow('window of 0 bars');
});
