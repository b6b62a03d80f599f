import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { answerHistoryRequest, readRollupQuestion, type History } from '@nanometer/history';
import { gauge, counter, histogram, Histories, MINUTE_MS, NOW_MS } from './support/folder.ts';

let histories: Histories;
beforeEach(() => {
  histories = new Histories();
});
afterEach(() => histories.end());

const ask = async (history: History | undefined, url: string): Promise<{ status: number; body: never }> => {
  const { status, body } = await answerHistoryRequest(history, url, histories.nowMs);
  return { status, body: JSON.parse(Buffer.from(body).toString()) as never };
};

describe('a question', () => {
  const question = (text: string) => readRollupQuestion(new URLSearchParams(text), NOW_MS, NOW_MS - 7 * 86_400_000);

  test('has a step for some 300 points when it names none', () => {
    expect(question('name=a&from=-1h')).toMatchObject({ stepMs: MINUTE_MS, resolution: 'minute' });
    expect(question('name=a&from=-1d')).toMatchObject({ stepMs: 5 * MINUTE_MS, resolution: 'minute' });
    expect(question('name=a&from=-30d')).toMatchObject({ stepMs: 3 * 3_600_000, resolution: 'hour' });
    expect(question('name=a&from=2026-01-15T11:00:10Z&to=2026-01-15T11:01:01Z')).toMatchObject({
      fromMs: Date.UTC(2026, 0, 15, 11, 0),
      toMs: Date.UTC(2026, 0, 15, 11, 2),
    });
  });

  test.each([
    ['', /name must be/],
    ['name=', /name must be/],
    ['name=a&nam=b', /unknown parameter "nam"/],
    ['name=a&name=b', /comes twice/],
    ['name=a&from=yesterday', /from is "yesterday"; expected/],
    ['name=a&from=9999999999999999999', /from is/],
    ['name=a&from=now&to=-1h', /must be after/],
    ['name=a&from=2026-13-01', /from is/],
    ['name=a&step=0m', /step is/],
    ['name=a&step=1s', /step is/],
    ['name=a&step=90s', /step is/],
    ['name=a&step=NaN', /step is/],
  ])('that is wrong is refused, with what would be right: %s', (text, message) => {
    expect(() => question(text)).toThrow(
      expect.objectContaining({ code: 'INVALID_QUERY', message: expect.stringMatching(message) }),
    );
  });
});

describe('an answer', () => {
  test('has the series that match name and attributes', async () => {
    const history = await histories.open();
    history.recorder(gauge('risk.a', { desk: 'x' }))!.gauge(NOW_MS, 1);
    history.recorder(gauge('risk.a', { desk: 'y' }))!.gauge(NOW_MS, 2);
    history.recorder(gauge('risk.b'))!.gauge(NOW_MS, 3);
    const values = async (search: string) => {
      const { body } = await ask(history, `/api/v1/history?${search}`);
      return (body as { series: { points: { last: number[] } }[] }).series.map(({ points }) => points.last[0]);
    };
    expect(await values('name=risk.a')).toEqual([1, 2]);
    expect(await values('name=risk.a&attr.desk=y')).toEqual([2]);
    expect(await values('name=risk.*')).toEqual([1, 2, 3]);
    expect(await values('name=risk.a&resource.desk=y')).toEqual([]);
    expect(await values('name=nothing')).toEqual([]);
    const { body } = await ask(history, '/api/v1/series?name=risk.*&attr.desk=x');
    expect(body).toEqual({
      series: [{ name: 'risk.a', kind: 'gauge', unit: '1', attributes: { desk: 'x' }, resource: {}, lastMs: NOW_MS }],
      seriesLeftOut: 0,
    });
  });

  test('is limited in points and series, and says so', async () => {
    const history = await histories.open({ answerPointLimit: 5, answerSeriesLimit: 2 });
    for (let index = 0; index < 3; index++) {
      const recorder = history.recorder(gauge(`g.${index}`))!;
      for (let minute = 0; minute < 3; minute++) recorder.gauge(NOW_MS - minute * MINUTE_MS, 1);
    }
    expect(await ask(history, '/api/v1/history?name=g.*')).toMatchObject({
      status: 422,
      body: { error: { code: 'TOO_MANY_POINTS' } },
    });
    const { body } = await ask(history, '/api/v1/history?name=g.*&step=1d');
    expect(body).toMatchObject({ seriesLeftOut: 1, series: [{ name: 'g.0' }, { name: 'g.1' }] });
  });

  test('says when there is no history, or it is closed', async () => {
    expect(await ask(undefined, '/api/v1/history?name=a')).toMatchObject({ status: 404 });
    const history = await histories.open();
    await history.close();
    expect(await ask(history, '/api/v1/history?name=a')).toMatchObject({
      status: 503,
      body: { error: { code: 'CLOSED' } },
    });
    expect(await ask(history, '/api/v1/history')).toMatchObject({ status: 400 });
  });
});

describe('a live subscriber’s gap', () => {
  const live = (
    id: number,
    name: string,
    kind: 'counter' | 'gauge' | 'histogram',
    field: 'value' | 'count' | 'sum' | 'p50',
  ) => ({ id, name, kind, field, unit: '1', attributes: {}, resource: {} }) as const;

  test('is filled with the last value of each minute, in order', async () => {
    const history = await histories.open();
    histories.nowMs = NOW_MS + 10 * MINUTE_MS;
    await history.commit();
    const ticks = history.recorder(counter('ticks'))!;
    const level = history.recorder(gauge('level'))!;
    for (let step = 0; step <= 12; step++) {
      ticks.counter(NOW_MS + step * 30_000, NOW_MS, step);
      level.gauge(NOW_MS + step * 30_000 + 1, -step);
    }
    const series = [live(7, 'ticks', 'counter', 'value'), live(9, 'level', 'gauge', 'value')];
    const request = { series, afterMs: NOW_MS + 90_000, untilMs: histories.nowMs, rowsLimit: 100 };
    const rows = (await history.source.read(request))!;
    expect([...rows.ids]).toEqual([7, 9, 7, 9, 7, 9, 7, 9, 7, 9].slice(0, rows.ids.length));
    expect([...rows.timesMs]).toEqual([...rows.timesMs].sort((a, b) => a - b));
    expect(rows.values.at(-2)).toBe(12);
    expect(rows.values.at(-1)).toBe(-12);
    expect(await history.source.read({ ...request, rowsLimit: 2 })).toBeUndefined();
    expect(await history.source.read({ ...request, afterMs: NOW_MS - 8 * 86_400_000 })).toBeUndefined();
    expect(await history.source.read({ ...request, series: [live(1, 'strange', 'gauge', 'value')] })).toBeUndefined();
  });

  test('of a histogram has running count and sum', async () => {
    const history = await histories.open();
    const distribution = { bounds: Float64Array.of(1), counts: Float64Array.of(3, 0) };
    const totals = { count: 3, sum: 1.5, hasSum: true, min: 0.5, max: 0.5, distribution };
    history.recorder(histogram('h'))!.histogram(NOW_MS + 1, NOW_MS, totals);
    const series = (['count', 'sum', 'p50'] as const).map((field, id) => live(id, 'h', 'histogram', field));
    const rows = await history.source.read({ series, afterMs: NOW_MS, untilMs: NOW_MS + 9, rowsLimit: 9 });
    expect([...rows!.values]).toEqual([3, 1.5, 0.5]);
  });
});
