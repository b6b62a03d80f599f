import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { runCli } from '../src/cli.ts';
import { CliError } from '../src/cli-error.ts';

let folder = '';
const file = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'rules-cli-'));
  file(
    'alerts.yaml',
    'rules:\n  - {name: Limit, kind: threshold, metric: risk.limit.utilization, above: 1, severity: critical, summary: "at {{value}}"}\n',
  );
});
afterAll(() => rmSync(folder, { recursive: true }));

async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const [out, err]: string[][] = [[], []];
  const terminal = {
    out: (line: string) => void out!.push(line),
    err: (line: string) => void err!.push(line),
    status: () => {},
  };
  try {
    const code = await runCli(args, { terminal, interrupted: new AbortController().signal });
    return { code, out: out!.join('\n'), err: err!.join('\n') };
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    return { code: error.exitCode, out: out!.join('\n'), err: `${error.message}\n${error.hint ?? ''}` };
  }
}

const alerts = (): string => join(folder, 'alerts.yaml');

describe('nanometer rules', () => {
  test('check counts rules, and shows every mistake of every file', async () => {
    expect(await run('rules', 'check', alerts())).toMatchObject({ code: 0, out: expect.stringContaining('1 rules') });
    const bad = file('bad.yaml', 'rules:\n  - {name: A, kind: treshold}\n');
    const result = await run('rules', 'check', bad, alerts());
    expect(result.code).toBe(78);
    expect(result.err).toContain('bad.yaml:2:21: "treshold" is not one of');
    expect(result.out).toContain('1 rules');
    const json = await run('rules', 'check', bad, '--json');
    expect(JSON.parse(json.out)).toMatchObject({ ok: false, problems: [{ line: 2, column: 21 }] });
  });

  test('takes files after options as before them', async () => {
    expect(await run('rules', 'check', '--json', alerts())).toMatchObject({
      code: 0,
      out: expect.stringContaining('"ok":true'),
    });
    expect(await run('rules', 'generate', '--tier', 'grafana', alerts())).toMatchObject({ code: 0 });
    expect(await run('rules')).toMatchObject({
      code: 2,
      err: expect.stringContaining('what to do'),
    });
  });

  test('runs rule tests: they pass, or fail with lines', async () => {
    const good = 'rules alerts.yaml\ntest t\nseries risk.limit.utilization 2\nat 0s Limit firing "at 2"\n';
    const passes = await run('rules', 'test', file('good.test', good));
    expect(passes).toMatchObject({ code: 0, out: 'pass  t' });
    const fails = await run('rules', 'test', file('bad.test', good.replace('at 2', 'at 3')));
    expect(fails.code).toBe(1);
    expect(fails.out).toContain('bad.test:4: at 0s: expected Limit firing "at 3"');
    const mistaken = await run('rules', 'test', file('m.test', 'tset t\n'));
    expect(mistaken).toMatchObject({ code: 78, err: expect.stringContaining('m.test:1:1: "tset" is no statement') });
    const orphan = file('o.test', 'test t\nat 0s nothing\n');
    expect((await run('rules', 'test', orphan)).err).toContain('does not say which rules it tests');
    expect((await run('rules', 'test', orphan, '--rules', alerts())).code).toBe(0);
  });

  test('preview tells what would have fired', async () => {
    const line = (timeMs: number, value: number): string =>
      JSON.stringify({ timeMs, name: 'risk.limit.utilization', value, attributes: { 'risk.limit.name': 'gross' } });
    const history = file('h.ndjson', [line(0, 2), line(60_000, 0.5)].join('\n'));
    const result = await run('rules', 'preview', alerts(), '--history', history);
    expect(result.out).toBe('1970-01-01T00:00:00.000Z  1970-01-01T00:01:00.000Z  critical  Limit: at 2');
    expect(result.err).toContain('2 points from 1970-01-01T00:00:00.000Z to 1970-01-01T00:01:00.000Z: 1 alerts');
    expect((await run('rules', 'preview', alerts())).code).toBe(2);
    const nobody = await run('rules', 'preview', alerts(), '--history', 'http://127.0.0.1:9/');
    expect(nobody).toMatchObject({ code: 69, err: expect.stringContaining('--history URL') });
  });

  test('preview shows no control characters that others wrote into attributes', async () => {
    const shown = file(
      'shown.yaml',
      'rules:\n  - {name: L, kind: threshold, metric: risk.limit.utilization, above: 1, severity: info, summary: "{{risk.limit.name}} is over"}\n',
    );
    const attributes = { 'risk.limit.name': 'a\nb\u001B[2J\u202E' };
    const point = JSON.stringify({ timeMs: 0, name: 'risk.limit.utilization', value: 2, attributes });
    const { out } = await run('rules', 'preview', shown, '--history', file('hostile.ndjson', point));
    expect(out).toMatch(/ info {6}L: a\u{fffd}b\u{fffd}\[2J\u{fffd} is over$/u);
    expect(out.split('\n')).toHaveLength(1);
  });

  test('generate prints the files of Prometheus and Grafana', async () => {
    expect((await run('rules', 'generate', alerts())).out).toContain('alert: Limit');
    const grafana = await run('rules', 'generate', alerts(), '--tier', 'grafana', '--datasource', 'mine', '--json');
    expect(JSON.parse(grafana.out)).toMatchObject({ groups: [{ rules: [{ uid: 'nanometer-limit' }] }] });
    expect(grafana.out).toContain('"datasourceUid":"mine"');
  });

  test.each([
    [['rules'], 'one of check, test, preview, generate'],
    [['rules', 'chek', 'x'], 'did you mean "nanometer rules check"?'],
    [['rules', 'check'], 'needs a file'],
    [['rules', 'generate', 'a', 'b'], 'needs one file'],
    [['up', '--webhook', 'http://127.0.0.1:1/'], 'add --rules FILE'],
  ])('%j is a usage error', async (args, says) => {
    expect(await run(...args)).toMatchObject({ code: 2, err: expect.stringContaining(says) });
  });
});
