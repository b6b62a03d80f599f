import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ndjsonHistory, previewRules, type SeriesUpdate } from '@nanometer/alerting';
import { rulesOf } from './support.ts';

const rules = rulesOf({ kind: 'threshold', above: 1, for: '5s' });
const point = (timeMs: number, value: number): SeriesUpdate => ({
  series: { name: 'x', attributes: {} },
  timeMs,
  value,
});

describe('a preview', () => {
  test('tells what would have fired, in the time of the history', async () => {
    const history = [point(0, 2), point(20_000, 0), point(30_000, 3), point(60_000, 3)];
    expect(await previewRules(rules, history)).toEqual({
      updates: 4,
      fromMs: 0,
      toMs: 60_000,
      late: 0,
      fired: [
        // Between two points it fires when it is due, not with the next point.
        expect.objectContaining({ rule: 'A', fromMs: 5000, toMs: 20_000, value: 2, summary: 'v=2' }),
        expect.objectContaining({ rule: 'A', fromMs: 35_000, toMs: undefined }),
      ],
    });
  });

  test('leaves out and counts what goes back in time', async () => {
    expect(await previewRules(rules, [point(10_000, 0), point(0, 5), point(20_000, 0)])).toMatchObject({
      updates: 2,
      late: 1,
    });
  });

  test('of nothing is empty', async () => {
    expect(await previewRules(rules, [])).toEqual({
      updates: 0,
      fromMs: undefined,
      toMs: undefined,
      fired: [],
      late: 0,
    });
  });
});

describe('history from a file', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'history-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  async function read(text: string): Promise<SeriesUpdate[]> {
    const path = join(folder, 'h.ndjson');
    writeFileSync(path, text);
    const updates: SeriesUpdate[] = [];
    for await (const update of ndjsonHistory(path)) updates.push(update);
    return updates;
  }

  test('a line per point', async () => {
    const text =
      '{"timeMs":1,"name":"x","value":2}\n\n{"timeMs":2,"name":"x","attributes":{"a":"b"},"value":null,"startMs":0}\n';
    expect(await read(text)).toEqual([
      { series: { name: 'x', attributes: {} }, timeMs: 1, value: 2 },
      { series: { name: 'x', attributes: { a: 'b' } }, timeMs: 2, value: Number.NaN, startMs: 0 },
    ]);
  });

  test.each([
    ['{', /h\.ndjson:2: /],
    ['{"name":"x","value":1}', /h\.ndjson:2: "timeMs" must be/],
    ['{"timeMs":1,"value":1}', /h\.ndjson:2: "name" must be/],
    ['{"timeMs":1,"name":"x","value":"1"}', /h\.ndjson:2: "value" must be/],
    ['null', /h\.ndjson:2: /],
  ])('%s is a mistake with a line', async (line, message) => {
    await expect(read(`{"timeMs":1,"name":"x","value":2}\n${line}\n`)).rejects.toThrow(message);
  });

  test('a file that is not there', async () => {
    await expect(ndjsonHistory(join(folder, 'no')).next()).rejects.toThrow(/ENOENT/);
  });
});
