import type { LiveServer } from '@nanometer/live';

/** Tells the page of one alert that fires, as a bridge does. */
export function publishStaleFeed(live: LiveServer): void {
  const nowMs = Date.now();
  const alert = {
    fingerprint: '0123456789abcdef',
    rule: 'FeedStale',
    severity: 'warning',
    state: 'firing',
    labels: { exchange_name: 'coinbase' },
    annotations: {},
    activeAtMs: nowMs,
    startsAtMs: nowMs,
  };
  live.publishEvent('alerts', { alerts: [alert], total: 1 }, { retain: true });
}
