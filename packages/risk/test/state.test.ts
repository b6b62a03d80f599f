import { describe, expect, test } from '@jest/globals';
import { type Fill, QuantError, type RiskInstrumentation, type RiskInstrumentationOptions } from '@nanometer/risk';
import * as fc from 'fast-check';
import { CONTRACT, desk, fill, INVERSE, mark } from './desk.ts';

const SCENARIOS = 70;
const returnsOf = (seed: number): number[] =>
  Array.from({ length: SCENARIOS }, (_, at) => 0.03 * Math.sin(at * seed + seed));

const OPTIONS: Partial<RiskInstrumentationOptions> = {
  scenarioCount: SCENARIOS,
  riskMethods: ['filtered_historical', 'historical'],
  confidences: [0.95, 0.99],
  collectReturns: true,
  limits: {
    grossExposure: { soft: 2000, hard: 4000 },
    drawdown: { hard: 300, kill: true },
    valueAtRisk: { hard: 60 },
  },
};

type Step =
  | {
      readonly kind: 'fill' | 'bust' | 'mark' | 'stop';
      readonly quantity: number;
      readonly price: number;
      symbol: string;
    }
  | { readonly kind: 'period' | 'reset' | 'trip' };

const symbol = fc.constantFrom(CONTRACT.symbol, INVERSE.symbol);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constantFrom('fill' as const, 'fill' as const, 'mark' as const, 'bust' as const, 'stop' as const),
      quantity: fc.integer({ min: -9, max: 9 }).filter((value) => value !== 0),
      price: fc.integer({ min: 60, max: 140 }),
      symbol,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constantFrom('period' as const, 'reset' as const, 'trip' as const) }),
  },
);

/** Events with ids and times of their own, so that two desks can be told the same. */
function told(steps: readonly Step[]): ((risk: RiskInstrumentation) => void)[] {
  let last: Fill | undefined;
  return steps.map((each, at) => {
    if (!('quantity' in each)) {
      if (each.kind === 'period') return (risk) => risk.closePeriod();
      return (risk) => void (each.kind === 'reset' ? risk.resetKillSwitch() : risk.tripKillSwitch('drill'));
    }
    const { kind, quantity, price, symbol: name } = each;
    if (kind === 'fill') {
      const event = fill(quantity, price, { symbol: name, fee: 0.5 });
      last = event;
      return (risk) => void risk.onFill(event);
    }
    if (kind === 'mark') return (risk) => void risk.onMark({ ...mark(price, name), timeMs: 1000 + at * 600 });
    if (kind === 'bust') {
      const { fillId = 'none', symbol: of = name } = last ?? {};
      return (risk) => void risk.onCorrection({ kind: 'bust', fillId, exchange: 'venue', symbol: of });
    }
    const { exchange } = CONTRACT;
    const stop = { stopId: `s${quantity}`, strategy: 'maker', exchange, symbol: name, price, timeMs: at } as const;
    return (risk) => void risk.onStop({ ...stop, side: quantity > 0 ? 'sell' : 'buy' });
  });
}

function begun(options: Partial<RiskInstrumentationOptions> = {}): RiskInstrumentation {
  const { risk } = desk({ ...OPTIONS, ...options });
  return risk;
}

function first(): RiskInstrumentation {
  const risk = begun();
  risk.onRate({ currency: 'BTC', rate: 100, timeMs: 0 });
  risk.defineReturns({ exchange: 'venue', symbol: CONTRACT.symbol, returns: returnsOf(1) });
  risk.defineReturns({ exchange: 'venue', symbol: INVERSE.symbol, returns: returnsOf(2) });
  return risk;
}

/** Everything a desk asks for; sums of exposures and losses to all but their last digits. */
function stateOf(risk: RiskInstrumentation, close: (value: number | undefined) => unknown = (value) => value): unknown {
  const { net, gross, long, short } = risk.exposure().total;
  const { money, max, peak, ratio, maxRatio, ratioAtMax, moneyAtMaxRatio, equity } = risk.drawdown();
  return {
    exposure: [net, gross, long, short].map(close),
    drawdown: { money, max, peak, ratio, maxRatio, ratioAtMax, moneyAtMaxRatio, equity },
    equity: risk.equity(),
    tails: (['filtered_historical', 'historical'] as const).flatMap((method) =>
      [0.95, 0.99].map((confidence) => {
        const tail = risk.tailRisk(confidence, method);
        return [close(tail?.valueAtRisk), close(tail?.expectedShortfall), tail?.tailCount];
      }),
    ),
    backtests: risk.backtests().map(({ method, confidence, backtest }) => {
      const { count, exceptions, transitions, recentExceptions, kupiec } = backtest;
      return { method, confidence, count, exceptions, transitions, recentExceptions, kupiec };
    }),
    limits: risk.limits().map(({ name, breached, softBreached, breachCount, softBreachCount, utilization }) => {
      return { name, breached, softBreached, breachCount, softBreachCount, utilization: close(utilization) };
    }),
    killSwitch: risk.killSwitch().reason,
    stops: risk.stopCount,
  };
}

function expectSame(resumed: RiskInstrumentation, lasting: RiskInstrumentation): void {
  const close = (value: number | undefined): unknown => (value === undefined ? value : expect.closeTo(value, 7));
  expect(stateOf(resumed)).toEqual(stateOf(lasting, close));
}

describe('a desk that is killed and resumed', () => {
  test('is where the other is, and goes on as it does', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), fc.nat(40), (steps, cut) => {
        const events = told(steps);
        const lasting = first();
        const killed = first();
        for (const event of events.slice(0, cut)) for (const risk of [lasting, killed]) event(risk);
        const resumed = begun({ state: killed.snapshot() });
        expectSame(resumed, lasting);
        for (const event of events.slice(cut)) for (const risk of [lasting, resumed]) event(risk);
        expectSame(resumed, lasting);
      }),
      { numRuns: 60 },
    );
  });

  test('shows its gauges at once, and counts no breach and no trip again', async () => {
    const killed = first();
    killed.onFill(fill(50, 100));
    killed.onMark(mark(90));
    expect(killed.killSwitch().reason).toBe('drawdown');
    const { risk, recording } = desk({ ...OPTIONS, state: killed.snapshot() });
    const series = await recording.series('risk.');
    expect(series).toMatchObject({
      'risk.kill_switch.active{}': 1,
      'risk.equity{USD}': 9500,
      'risk.drawdown{USD}': 500,
      'risk.exposure.net{USD}': 4500,
    });
    expect(Object.keys(series).filter((key) => /breach|trip/.test(key))).toEqual([]);
    expect(risk.limits().map(({ breachCount }) => breachCount)).toEqual(
      killed.limits().map((each) => each.breachCount),
    );
    expect(risk.onFill(fill(1, 90))).toBe('applied');
    expect(risk.dropped).toBe(0);
  });

  test('knows its fills', () => {
    const killed = first();
    const event = fill(1, 100);
    killed.onFill(event);
    expect(begun({ state: killed.snapshot() }).onFill(event)).toBe('duplicate');
  });
});

describe('a state that cannot be used', () => {
  const codeOf = (options: Partial<RiskInstrumentationOptions>): unknown => {
    try {
      begun(options);
    } catch (error) {
      return error instanceof QuantError ? error.code : error;
    }
    return 'taken';
  };
  const killed = first();
  killed.onFill(fill(5, 100));
  const bytes = killed.snapshot();

  test('is refused when a byte is another, missing or too many', () => {
    expect(codeOf({ state: bytes })).toBe('taken');
    for (let at = 0; at < bytes.length; at += 97) {
      const damaged = bytes.slice();
      damaged[at]! ^= 0x41;
      expect(codeOf({ state: damaged })).toMatch(/^snapshot_(damaged|version)$/);
      expect(codeOf({ state: bytes.subarray(0, at) })).toBe('snapshot_damaged');
    }
    expect(codeOf({ state: Uint8Array.of(...bytes, 0) })).toBe('snapshot_damaged');
    expect(codeOf({ state: 'text' as unknown as Uint8Array })).toBe('snapshot_damaged');
  });

  test('is refused with another version, currency, capital or number of scenarios', () => {
    const later = bytes.slice();
    later[8] = 2;
    expect(codeOf({ state: later })).toBe('snapshot_version');
    expect(codeOf({ state: bytes, reportingCurrency: 'EUR' })).toBe('snapshot_conflict');
    expect(codeOf({ state: bytes, initialCapital: 1 })).toBe('snapshot_conflict');
    expect(codeOf({ state: bytes, scenarioCount: SCENARIOS + 1 })).toBe('snapshot_conflict');
  });

  test('leaves out what the options have no more, and begins what is new', () => {
    const resumed = begun({ state: bytes, riskMethods: ['historical'], limits: { leverage: 3 } });
    expect(resumed.equity()).toBe(killed.equity());
    expect(resumed.limits().map(({ name }) => name)).toEqual(['leverage']);
    // Scenarios of other kinds than before are given anew.
    expect(resumed.tailRisk()).toBeUndefined();
    resumed.defineReturns({ exchange: 'venue', symbol: CONTRACT.symbol, returns: returnsOf(1) });
    expect(resumed.tailRisk()!.valueAtRisk).toBeCloseTo(killed.tailRisk(0.95, 'historical')!.valueAtRisk, 9);
  });
});
