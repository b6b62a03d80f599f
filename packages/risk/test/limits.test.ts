import { describe, expect, test } from '@jest/globals';
import type { LimitBreach, RiskLimits, Veto } from '@nanometer/risk';
import { SDKS } from '@nanometer/testing';
import { desk, fill, mark } from './desk.ts';

const RETURNS = Array.from({ length: 20 }, (_, at) => -(at + 1) / 100);

test.each(SDKS)(
  'with %s, soft and hard levels are counted apart, once per crossing from below',
  async (_, Provider) => {
    const told: LimitBreach[] = [];
    const { risk, recording } = desk(
      { limits: { netExposure: { soft: 400, hard: 500 } }, onLimitBreach: (breach) => told.push(breach) },
      Provider,
    );
    for (const quantity of [4.5, 1, 1, -4, 6, -20]) risk.onFill(fill(quantity, 100));
    expect(await recording.series('risk.limit')).toEqual({
      'risk.limit.utilization{net_exposure}': 2.3,
      'risk.limit.breach.count{soft,net_exposure}': 2,
      'risk.limit.breach.count{hard,net_exposure}': 2,
    });
    expect(risk.limits()).toEqual([
      expect.objectContaining({
        name: 'net_exposure',
        soft: 400,
        limit: 500,
        utilization: 2.3,
        softBreached: true,
        breached: true,
        softBreachCount: 2,
        breachCount: 2,
      }),
    ]);
    expect(told).toEqual([
      { name: 'net_exposure', level: 'soft', used: 450, limit: 400 },
      { name: 'net_exposure', level: 'hard', used: 550, limit: 500 },
      { name: 'net_exposure', level: 'soft', used: 850, limit: 400 },
      { name: 'net_exposure', level: 'hard', used: 850, limit: 500 },
    ]);
  },
);

test('soft and hard levels are counted apart, once per crossing from below', () => {
  const { risk } = desk({ limits: { grossExposure: { soft: 200, hard: 1000 } } });
  for (const quantity of [3, -2, 2, 20]) risk.onFill(fill(quantity, 100));
  expect(risk.limits()[0]).toMatchObject({ softBreachCount: 2, breachCount: 1 });
});

test('every limit shows its use, and a hard level is 1', () => {
  const limits: RiskLimits = {
    grossExposure: 1000,
    netExposure: 1000,
    leverage: 0.1,
    concentration: 0.5,
    drawdown: 100,
    drawdownRatio: 0.01,
    valueAtRisk: 400,
    expectedShortfall: 800,
    groups: [
      { dimension: 'strategy', group: 'maker', grossExposure: 500, netExposure: 250 },
      { dimension: 'exchange', group: 'nowhere', grossExposure: 1 },
    ],
  };
  const { risk } = desk({ limits, scenarioCount: 20, riskMethods: ['historical'] });
  risk.defineReturns({ exchange: 'venue', symbol: 'BTCUSDT', returns: RETURNS });
  risk.onFill(fill(5, 100));
  risk.onFill(fill(-1, 100, { strategy: 'taker' }));
  risk.onFill(fill(2, 100, { strategy: 'taker' }));
  risk.onMark(mark(90));
  const used = Object.fromEntries(risk.limits().map(({ name, utilization }) => [name, utilization]));
  expect(used).toEqual({
    gross_exposure: 0.54,
    net_exposure: 0.54,
    leverage: expect.closeTo(540 / 9940 / 0.1, 9),
    concentration: 2,
    drawdown: 0.6,
    drawdown_ratio: expect.closeTo(0.6, 9),
    value_at_risk: expect.closeTo((540 * 0.2) / 400, 9),
    expected_shortfall: expect.closeTo((540 * 0.2) / 800, 9),
    'gross_exposure/strategy/maker': 0.9,
    'net_exposure/strategy/maker': 1.8,
    'gross_exposure/exchange/nowhere': 0,
  });
});

test('the kill switch is latched by a hard breach until it is reset', async () => {
  const seen: boolean[] = [];
  const { risk, recording } = desk({
    limits: { grossExposure: { soft: 100, hard: 500, kill: true }, netExposure: { hard: 600 } },
    onLimitBreach: ({ level }) => {
      if (level === 'hard') seen.push(risk.killSwitch().active);
    },
  });
  risk.onFill(fill(4, 100));
  expect(risk.killSwitch()).toMatchObject({ active: false, reason: undefined });
  expect(await recording.series('risk.kill')).toEqual({ 'risk.kill_switch.active{}': 0 });
  risk.onFill(fill(2, 100));
  expect(risk.killSwitch()).toMatchObject({ active: true, reason: 'gross_exposure' });
  // Whoever is told of the breach sees the switch tripped already.
  expect(seen).toEqual([true]);
  risk.onFill(fill(-6, 100));
  expect(risk.limits()[0]?.breached).toBe(false);
  expect(risk.killSwitch().active).toBe(true);
  expect(risk.tripKillSwitch('operator')).toBe(false);
  expect(risk.killSwitch().reason).toBe('gross_exposure');
  expect([risk.resetKillSwitch(), risk.resetKillSwitch()]).toEqual([true, false]);
  expect(risk.tripKillSwitch('operator')).toBe(true);
  expect(await recording.series('risk.kill')).toEqual({
    'risk.kill_switch.active{}': 1,
    'risk.kill_switch.trip.count{gross_exposure}': 1,
    'risk.kill_switch.trip.count{operator}': 1,
  });
});

test('reasons beyond the first 32 share a series', async () => {
  const { risk, recording } = desk();
  for (let at = 0; at < 40; at++) {
    risk.tripKillSwitch(`reason ${at}`);
    risk.resetKillSwitch();
  }
  const series = await recording.series('risk.kill_switch.trip');
  expect(Object.keys(series)).toHaveLength(33);
  expect(series['risk.kill_switch.trip.count{other}']).toBe(8);
});

test('the limits of series are options, and a limit says what it bounds', async () => {
  const { risk, recording } = desk({
    vetoSeriesLimit: 1,
    killSwitchReasonLimit: 1,
    limits: { drawdown: 5, groups: [{ dimension: 'strategy', group: 'a/b', netExposure: 1 }] },
  });
  const veto = (reason: string): string => risk.onVeto({ strategy: 'maker', reason });
  expect(['x', 'x', 'y'].map(veto)).toEqual(['applied', 'applied', 'series_limit']);
  for (const reason of ['one', 'two']) {
    risk.tripKillSwitch(reason);
    risk.resetKillSwitch();
  }
  expect(await recording.series('risk.kill_switch.trip')).toEqual({
    'risk.kill_switch.trip.count{one}': 1,
    'risk.kill_switch.trip.count{other}': 1,
  });
  expect(risk.limits().map(({ dimension, group }) => [dimension, group])).toEqual([
    [undefined, undefined],
    ['strategy', 'a/b'],
  ]);
});

test('what a callback throws is counted and changes nothing', async () => {
  const { risk, recording } = desk({
    limits: { grossExposure: 1 },
    onLimitBreach: () => {
      throw new Error('mine');
    },
  });
  expect(risk.onFill(fill(5, 100))).toBe('applied');
  expect(risk.limits()[0]?.breachCount).toBe(1);
  expect(await recording.series('risk.event')).toEqual({ 'risk.event.dropped{callback_failed}': 1 });
});

test('vetoes are counted by strategy and reason, within a limit of series', async () => {
  const { risk, recording } = desk();
  for (const reason of ['limit', 'limit', 'fat_finger']) risk.onVeto({ strategy: 'maker', reason });
  expect(risk.onVeto({ strategy: '', reason: 'x' })).toBe('invalid_strategy');
  expect(risk.onVeto({ strategy: 'maker', reason: 5 as unknown as string })).toBe('invalid_reason');
  expect(risk.onVeto(null as unknown as Veto)).toBe('invalid_event');
  expect(await recording.series('risk.veto')).toEqual({
    'risk.veto.count{fat_finger,maker}': 1,
    'risk.veto.count{limit,maker}': 2,
  });
  const results = Array.from({ length: 1100 }, (_, at) => risk.onVeto({ strategy: `s${at}`, reason: 'limit' }));
  expect(results.filter((result) => result === 'series_limit')).toHaveLength(1100 - 1022);
  expect(risk.vetoCount).toBe(3 + 1022);
});

describe('construction', () => {
  test.each<[RiskLimits, RegExp]>([
    [{ grossExposure: { hard: Number.NaN } }, /limits.grossExposure is NaN/],
    [{ leverage: { hard: 2, soft: 2 } }, /limits.leverage.soft is 2; it must lie between 0 and the hard level 2/],
    [{ leverage: { hard: 2, soft: -1 } }, /limits.leverage.soft is -1/],
    [{ drawdown: null as unknown as number }, /limits.drawdown is null/],
    [
      { groups: [{ dimension: 'desk' as 'symbol', group: 'x' }] },
      /limits.groups\[0\].dimension is desk; there are sym/,
    ],
    [
      { groups: [{ dimension: 'symbol', group: 5 as unknown as string }] },
      /limits.groups\[0\].group must name a symbol/,
    ],
    [
      {
        groups: [
          { dimension: 'symbol', group: 'x', netExposure: 1 },
          { dimension: 'symbol', group: 'x', netExposure: 2 },
        ],
      },
      /net_exposure\/symbol\/x twice/,
    ],
  ])('a limit that cannot be used is an error: %j', (limits, message) => {
    expect(() => desk({ limits })).toThrow(message);
  });
});
