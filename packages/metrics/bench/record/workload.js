/** What every library is given: the same attributes, the same values. */

export const THREE = { venue: 'binance', symbol: 'BTCUSDT', side: 'buy' };

export const EIGHT = {
  venue: 'binance',
  symbol: 'BTCUSDT',
  side: 'buy',
  strategy: 'maker-a',
  account: 'main',
  type: 'limit',
  desk: 'crypto',
  region: 'eu',
};

export const VENUES = ['binance', 'coinbase', 'kraken', 'bybit'];
export const SYMBOLS = Array.from({ length: 16 }, (_, i) => `${String.fromCharCode(65 + i)}${i * 37}USDT`);
export const SIDES = ['buy', 'sell'];
export const ORDERS = Array.from({ length: 10_000 }, (_, i) => `order-${i * 7919}`);

/** Latencies in seconds, log-normal around a millisecond: 1,024 of them, drawn once with a fixed seed. */
export const LATENCIES = latencies(1024);

/** The same in whole microseconds, for histograms of integers. */
export const LATENCIES_MICROS = Int32Array.from(LATENCIES, (seconds) => Math.max(1, Math.round(seconds * 1e6)));

export const BOUNDARIES = [
  0.0001, 0.00025, 0.0005, 0.00075, 0.001, 0.0025, 0.005, 0.0075, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5,
];

function latencies(length) {
  let state = 20_260_101;
  const uniform = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state + 0.5) / 2 ** 32;
  };
  return Float64Array.from({ length }, () => {
    const normal = Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
    return 0.001 * Math.exp(0.8 * normal);
  });
}
