import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Bridge, createBridge } from '@nanometer/bridge';
import { runCli } from '../src/cli.ts';
import { CliError } from '../src/cli-error.ts';
import { sparkline } from '../src/query/sparkline.ts';

const cleanups: (() => unknown)[] = [];
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'query-cli-'));
  cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
});
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const [out, err]: [string[], string[]] = [[], []];
  const terminal = {
    out: (line: string) => void out.push(line),
    err: (line: string) => void err.push(line),
    status: () => {},
  };
  try {
    const code = await runCli(args, { terminal, interrupted: new AbortController().signal });
    return { code, out: out.join('\n'), err: err.join('\n') };
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    return { code: error.exitCode, out: out.join('\n'), err: `${error.code} ${error.message}\n${error.hint ?? ''}` };
  }
}

test.each([
  [['--from', '-2h'], 2, 'needs the name of a metric'],
  [['--from', '-2h', 'a.metric', 'another'], 2, 'unexpected argument "another"'],
  [['--bridge', 'http://127.0.0.1:9/', 'a.metric'], 69, 'no history answers'],
])('nanometer query %j ends with %d', async (args, code, says) => {
  expect(await run('query', ...args)).toMatchObject({ code, err: expect.stringContaining(says) });
});

/** A bridge whose history has two series of one gauge. */
async function filledBridge(): Promise<Bridge> {
  const history = { path: join(folder, 'history.sqlite') };
  const bridge = await createBridge({ port: 0, otlpGrpcPort: 0, otlpHttpPort: 0, history });
  cleanups.push(() => bridge.close());
  const nowMs = Date.now();
  const dataPoints = [0.5, 2, 1.5].flatMap((value, index) =>
    ['gross', 'net'].map((name) => ({
      timeUnixNano: `${nowMs - 120_000 + index * 60_000}000000`,
      asDouble: name === 'gross' ? value : 0,
      attributes: [{ key: 'risk.limit.name', value: { stringValue: name } }],
    })),
  );
  const metrics = [{ name: 'risk.limit.utilization', unit: '1', gauge: { dataPoints } }];
  const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'desk' } }] };
  await fetch(`${bridge.addresses.otlpHttp}/v1/metrics`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ resourceMetrics: [{ resource, scopeMetrics: [{ scope: { name: 's' }, metrics }] }] }),
  });
  return bridge;
}

describe('nanometer query', () => {
  test('prints bars and a table per series, or one JSON document', async () => {
    const { addresses } = await filledBridge();
    const at = ['--bridge', addresses.page];
    const { code, out } = await run('query', 'risk.limit.*', '--attr', 'risk.limit.name=gross', ...at);
    expect(code).toBe(0);
    expect(out).toContain('risk.limit.utilization (1) service.name=desk risk.limit.name=gross');
    expect(out).toContain('last  ▁█▆');
    expect(out).toMatch(/time +last +min +max +count/);
    expect(out).not.toContain('net');
    const json = await run('query', 'risk.limit.utilization', '--json', ...at);
    expect(JSON.parse(json.out)).toMatchObject({ stepMs: 60_000, series: [{ kind: 'gauge' }, { kind: 'gauge' }] });
  });

  test('says what is wrong: no name, no bridge, no history, a step that is none, nothing there', async () => {
    expect(await run('query')).toMatchObject({ code: 2, err: expect.stringContaining('MISSING_ARGUMENT') });
    const nobody = await run('query', 'a', '--bridge', 'http://127.0.0.1:9/');
    expect(nobody).toMatchObject({ code: 69, err: expect.stringContaining('--history DIR') });
    const { addresses } = await filledBridge();
    const at = ['--bridge', addresses.page];
    expect(await run('query', 'a', '--step', '1s', ...at)).toMatchObject({
      code: 2,
      err: expect.stringContaining('INVALID_QUERY step is "1s"; expected'),
    });
    expect(await run('query', 'nothing', ...at)).toMatchObject({ code: 1, err: expect.stringContaining('nothing of') });
    expect(await run('query', 'a', '--attr', 'novalue', ...at)).toMatchObject({ code: 2 });
    const bare = await createBridge({ port: 0, otlpGrpcPort: 0, otlpHttpPort: 0 });
    cleanups.push(() => bare.close());
    const off = await run('query', 'a', '--bridge', bare.addresses.page);
    expect(off).toMatchObject({ code: 78, err: expect.stringContaining('HISTORY_OFF') });
  });
});

test('rules preview runs over a bridge’s history', async () => {
  const rules = join(folder, 'alerts.yaml');
  writeFileSync(
    rules,
    'rules:\n  - {name: Limit, kind: threshold, metric: risk.limit.utilization, aggregate: max, above: 1.8, severity: critical, summary: "at {{value}}"}\n',
  );
  const { addresses } = await filledBridge();
  const { code, out } = await run('rules', 'preview', rules, '--history', addresses.page, '--json');
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ updates: 6, fired: [{ rule: 'Limit', summary: 'at 2' }] });
});

describe('a sparkline', () => {
  test('shows absent values as gaps, one value low, and keeps spikes', () => {
    expect(sparkline([0, null, 7], 60)).toBe('▁ █');
    expect(sparkline([5], 60)).toBe('▁');
    expect(sparkline([], 60)).toBe('');
    expect(sparkline([...Array.from({ length: 99 }, () => 0), 9, ...Array.from({ length: 100 }, () => 0)], 10)).toBe(
      '▁▁▁▁█▁▁▁▁▁',
    );
    expect(sparkline([-1e308, 1e308], 9)).toHaveLength(2);
  });
});
