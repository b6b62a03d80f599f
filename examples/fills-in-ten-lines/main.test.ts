import { afterEach, expect, test } from '@jest/globals';
import { until } from '@nanometer/testing';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { fileURLToPath } from 'node:url';

let program: ChildProcess | undefined;

afterEach(async () => {
  if (program?.exitCode !== null || !program.kill('SIGKILL')) return;
  await once(program, 'exit');
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** The value of the first sample that begins with these characters. */
function sample(text: string, start: string): number | undefined {
  const line = text.split('\n').find((candidate) => candidate.startsWith(start));
  return line === undefined ? undefined : Number(line.slice(line.lastIndexOf(' ')));
}

test('the fills of a plain program are on its /metrics', async () => {
  const port = await freePort();
  program = spawn(
    process.execPath,
    // The sources of the packages, so that the test needs no build.
    ['--conditions=@nanometer/source', fileURLToPath(new URL('./main.js', import.meta.url))],
    { env: { ...process.env, PORT: String(port), NODE_OPTIONS: '' }, stdio: 'inherit' },
  );
  const text = await until('both sides have filled', async () => {
    if (program?.exitCode !== null) throw new Error(`the program ended with ${String(program?.exitCode)}`);
    const response = await fetch(`http://127.0.0.1:${port}/metrics`).catch(() => undefined);
    const body = (await response?.text()) ?? '';
    return body.includes('trading_side="sell"') ? body : undefined;
  });
  const series = 'trading_strategy="example",exchange_name="binance",trading_symbol="BTCUSDT"';
  const sells = sample(text, `trading_fill_count_total{${series},trading_side="sell"`);
  const buys = sample(text, `trading_fill_count_total{${series},trading_side="buy"`);
  expect(sells).toBeGreaterThanOrEqual(1);
  expect((buys ?? 0) - (sells ?? 0)).toBeLessThanOrEqual(1);
  expect(sample(text, `trading_pnl_realized{${series}`)).toBeCloseTo(0.1 * (sells ?? 0), 9);
  expect(sample(text, `trading_fee{${series},trading_currency="USDT"`)).toBeCloseTo(
    0.01 * ((buys ?? 0) + (sells ?? 0)),
    9,
  );
});
