// The drop-in example of the README, run as it stands and with the import it replaces.
import { expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const PACKAGE = fileURLToPath(new URL('..', import.meta.url));
const SCRAPE = `
const response = await fetch('http://localhost:9464/metrics');
console.log(await response.text());
await provider.shutdown();
`;

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => {
    server.close(resolve);
  });
  return port;
}

async function run(program: string): Promise<string> {
  const source = (program + SCRAPE).replaceAll('9464', String(await freePort()));
  const args = ['--conditions=@nanometer/source', '--input-type=module', '--eval', source];
  return (await promisify(execFile)(process.execPath, args, { cwd: PACKAGE })).stdout;
}

test('the drop-in example prints the same scrape with both providers', async () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const [, example] = /```js\n([^]*?)```/.exec(readme) as unknown as [string, string];
  const original = example.replace("from '@nanometer/metrics'", "from '@opentelemetry/sdk-metrics'");
  expect(original).not.toBe(example);
  const scrape = await run(example);
  expect(scrape).toContain('orders_total{venue="binance",side="buy"');
  expect(scrape).toBe(await run(original));
});
