import { setInterval } from 'node:timers/promises';
import { MeterProvider } from '@nanometer/metrics';
import { TradingInstrumentation } from '@nanometer/trading';
import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';

const market = { exchange: 'binance', symbol: 'BTCUSDT' };
const contract = { ...market, kind: 'linear', multiplier: 1, baseCurrency: 'BTC', currency: 'USDT' };
const prometheus = new PrometheusExporter({ host: '127.0.0.1', port: Number(process.env.PORT ?? 9464) });
const meterProvider = new MeterProvider({ readers: [prometheus] });
const trading = new TradingInstrumentation({ meterProvider, contracts: [contract] });

// Stands in for a strategy: it buys and sells 0.1 in turn, and the price rises by one each time.
let price = 60_000;
for await (const _ of setInterval(100)) {
  const side = price++ % 2 === 0 ? 'buy' : 'sell';
  const order = { ...market, strategy: 'example', side, quantity: 0.1, price, liquidity: 'taker', timeMs: Date.now() };
  trading.onFill({ ...order, fillId: String(price), fee: 0.01 });
}
