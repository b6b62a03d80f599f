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

function examples(): string[] {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  return [...readme.matchAll(/```js\n([^]*?)```/g)].map(([, example]) => example!);
}

async function run(program: string): Promise<string> {
  const source = program.replaceAll('9464', String(await freePort()));
  const args = ['--conditions=@nanometer/source', '--input-type=module', '--eval', source];
  return (await promisify(execFile)(process.execPath, args, { cwd: PACKAGE })).stdout;
}

test('the drop-in example prints the same scrape with both providers', async () => {
  const [example] = examples() as [string];
  const original = example.replace("from '@nanometer/metrics'", "from '@opentelemetry/sdk-metrics'");
  expect(original).not.toBe(example);
  const scrape = await run(example + SCRAPE);
  expect(scrape).toContain('orders_total{venue="binance",side="buy"');
  expect(scrape).toBe(await run(original + SCRAPE));
});

test('the example of exemplars prints one, with the ids of its span', async () => {
  const example = examples().find((each) => each.includes('exemplarFilter'))!;
  const printed = await run(example);
  expect(printed).toContain('value: 0.25');
  expect(printed).toContain("traceId: '5b8efff798038103d269b633813fc60c'");
  expect(printed).toContain("spanId: 'eee19b7ec3c1b174'");
});
