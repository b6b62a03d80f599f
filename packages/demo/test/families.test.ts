import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sharedData, until } from '@nanometer/testing';
import { type DeskOptions, type DeskTotals, startDesk, startExchange } from '../src/index.ts';
import { type OtlpStub, startOtlpStub } from './otlp-stub.ts';

/** What the desk must show of each subject, by the names of `/metrics`. */
const FAMILIES = {
  'P&L by strategy': ['trading_strategy_pnl_net', 'trading_pnl_realized', 'trading_pnl_unrealized', 'trading_fee'],
  ratios: [
    'trading_strategy_sharpe_ratio',
    'trading_strategy_drawdown_money_max',
    'trading_comparison_difference_ratio',
  ],
  'markout curves': [
    'trading_markout_edge',
    'trading_markout_error',
    'trading_markout_count_total',
    'trading_edge_slope',
  ],
  execution: [
    'trading_execution_fill_rate_ratio',
    'trading_execution_slippage_cost',
    'trading_execution_effective_spread',
    'trading_execution_shortfall_order_total',
    'trading_alpha_rate',
    'trading_alpha_beta_ratio',
  ],
  'A/B test': ['trading_experiment_state_ratio', 'trading_experiment_batch_count', 'trading_experiment_pvalue_ratio'],
  'regimes and signals': [
    'trading_regime_active_ratio',
    'trading_signal_hit_rate_ratio',
    'trading_indicator_value_ratio',
  ],
  costs: ['trading_cost_fee_effective', 'trading_cost_tier', 'trading_cost_infrastructure'],
  'value at risk': [
    'risk_value_at_risk',
    'risk_expected_shortfall',
    'risk_value_at_risk_component',
    'risk_value_at_risk_period_count_total',
    'risk_value_at_risk_kupiec_ratio',
  ],
  risk: [
    'risk_equity',
    'risk_exposure_gross',
    'risk_exposure_group_net',
    'risk_leverage_ratio',
    'risk_drawdown',
    'risk_limit_utilization_ratio',
    'risk_kill_switch_active_ratio',
    'risk_stop_distance',
    'risk_stop_distance_atr_ratio',
    'risk_update_duration_seconds_count',
  ],
  correlation: ['risk_correlation_average_ratio', 'risk_correlation_pair_ratio', 'risk_correlation_step_count_total'],
  microstructure: [
    'market_spread',
    'market_microprice',
    'market_imbalance_ratio',
    'market_order_flow_imbalance',
    'market_volatility_ratio',
    'market_trade_volume_total',
  ],
  exchanges: [
    'exchange_feed_delay_apparent_seconds',
    'exchange_feed_delay_excess_seconds_count',
    'exchange_rate_limit_utilization_ratio',
    'exchange_order_ack_duration_seconds_count',
    'exchange_routing_share_ratio',
  ],
} as const;

let otlp: OtlpStub;

beforeAll(async () => {
  otlp = await startOtlpStub();
});
afterAll(() => otlp.close());

/** Runs a market to its end and reads `/metrics` while the last export, the only one, waits for its answer. */
async function lastPage(
  replay: string | undefined,
  own: Partial<DeskOptions> = {},
): Promise<{ page: string; totals: DeskTotals }> {
  const exchange = await startExchange({ speed: 'max', seed: 3, durationSeconds: 135, ...(replay && { replay }) });
  const before = otlp.received;
  otlp.hold = true;
  const desk = await startDesk({
    exchangeUrl: exchange.url,
    metricsPort: 0,
    otlpEndpoint: otlp.endpoint,
    exportIntervalMs: 2 ** 30,
    flushSeconds: 60,
    infra: false,
    ...own,
  });
  try {
    await until('the market has ended', () => otlp.received > before);
    const page = await (await fetch(desk.metrics)).text();
    otlp.hold = false;
    return { page, totals: await desk.finished };
  } finally {
    await exchange.close();
  }
}

function valuesOf(page: string, family: string): number[] {
  const lines = page.split('\n').filter((line) => line.startsWith(`${family}{`));
  return lines.map((line) => Number(line.slice(line.lastIndexOf(' ') + 1)));
}

function expectEveryFamily({ page, totals }: Awaited<ReturnType<typeof lastPage>>): void {
  const missing = Object.values(FAMILIES)
    .flat()
    .filter((family) => !valuesOf(page, family).some(Number.isFinite));
  expect(missing).toEqual([]);
  expect(Object.entries(totals.drops).filter(([, count]) => count > 0)).toEqual([]);
  const sum = (family: string): number => valuesOf(page, family).reduce((total, value) => total + value, 0);
  expect(sum('trading_fill_count_total')).toBe(totals.ledger.fills);
  expect(sum('trading_fill_quantity_total')).toBeCloseTo(totals.ledger.filledQuantity, 6);
  for (const strategy of ['maker-tight', 'maker-wide']) {
    expect(page).toMatch(new RegExp(`trading_markout_edge\\{[^}]*trading_strategy="${strategy}"`));
    expect(page).toMatch(new RegExp(`trading_strategy_pnl_net\\{[^}]*trading_strategy="${strategy}"`));
  }
  const states = page.split('\n').filter((line) => line.startsWith('trading_experiment_state_ratio{'));
  expect(states.filter((line) => line.endsWith(' 1'))).toHaveLength(1);
}

test('a simulated market ends with a value of every family, totals like the ledger and nothing dropped', async () => {
  const result = await lastPage(undefined, { plantBreachSeconds: 100 });
  expectEveryFamily(result);
  // The limit of the one who trades by hand is breached, and no other; the makers go on.
  const breached = result.page.split('\n').filter((line) => line.startsWith('risk_limit_breach_count_total{'));
  const names = breached
    .filter((line) => !line.endsWith(' 0'))
    .map((line) => /risk_limit_name="([^"]*)"/.exec(line)?.[1]);
  expect(names).toEqual(['gross_exposure/strategy/manual']);
  expect(result.page).toMatch(
    /risk_limit_utilization_ratio\{risk_limit_name="gross_exposure\/strategy\/manual"[^}]*\} 1\.[12]/,
  );
  expect(valuesOf(result.page, 'risk_veto_count_total').filter((count) => count > 0)).toEqual([]);
  expect(result.totals.strategies['manual']?.buys).toBeGreaterThan(0);
});

const data = sharedData('market');
// Skipped without the recordings, which lie beside the checkout: ../shared/data/market.
const recorded = data === undefined ? test.skip : test;

recorded('so does a replay of recorded markets, with delays and rate limits of every exchange', async () => {
  const result = await lastPage(data);
  expectEveryFamily(result);
  expect(valuesOf(result.page, 'risk_stop_trigger_count_total').some((count) => count > 0)).toBe(true);
  for (const exchange of ['binance-spot', 'binance-usdm', 'binance-coinm', 'us-equity']) {
    expect(result.page).toMatch(new RegExp(`exchange_rate_limit_utilization_ratio\\{[^}]*="${exchange}"`));
  }
  for (const exchange of ['binance-spot', 'binance-usdm', 'binance-coinm']) {
    expect(result.page).toMatch(new RegExp(`exchange_feed_delay_excess_seconds_count\\{[^}]*="${exchange}"`));
  }
});
