import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { readRules } from '@nanometer/alerting';
import { until } from '@nanometer/testing';
import { AlertReceiver } from './alert-receiver.ts';
import { alertRules, expectedAlerts, keyOf } from './alert-rules.ts';
import { instanceOf, SYMBOLS } from './workload.ts';

let receiver: AlertReceiver | undefined;
afterEach(() => receiver?.stop());

async function standing(): Promise<AlertReceiver> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  receiver = new AlertReceiver(typeof address === 'object' && address !== null ? address.port : 0);
  await receiver.start();
  return receiver;
}

const alert = (id: number, rule = 'Fills25', status = 'firing', fingerprint = `f-${rule}`) => ({
  id,
  fingerprint,
  status,
  labels: { alertname: rule, instance: instanceOf(1), trading_symbol: 'S0' },
});

/** The status of the answer; undefined when there was none. */
async function post({ url }: AlertReceiver, ...alerts: object[]): Promise<number | undefined> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      body: JSON.stringify({ alerts }),
    });
    await response.arrayBuffer();
    return response.status;
  } catch {
    return undefined;
  }
}

describe('the receiver of alerts', () => {
  test('acknowledges each alert once, and knows which', async () => {
    const there = await standing();
    expect(await post(there, alert(1), alert(2, 'Fills50'))).toBe(200);
    expect([...there.acknowledged]).toEqual([`Fills25 ${instanceOf(1)} S0`, `Fills50 ${instanceOf(1)} S0`]);
    expect(there.wrong).toEqual([]);
  });

  test('fails, and takes nothing while it does', async () => {
    const there = await standing();
    await there.begin('500');
    expect(await post(there, alert(1))).toBe(500);
    expect(there.acknowledged.size).toBe(0);
    await there.mend();
    expect(await post(there, alert(1))).toBe(200);
    expect(there.account).toMatchObject({ acknowledged: 1, repeated: 0, answers: { 200: 1, 500: 1 } });
    expect(there.wrong).toEqual([]);
  });

  test('never answers, and sends away who waits when it is mended', async () => {
    const there = await standing();
    await there.begin('hang');
    const answer = post(there, alert(1));
    await until('it came', () => there.account.answers.hang === 1);
    await there.mend();
    expect(await answer).toBeUndefined();
    expect(await post(there, alert(1))).toBe(200);
    expect(there.account.repeated).toBe(0);
  });

  test('goes away and comes back on the same port', async () => {
    const there = await standing();
    await there.begin('restart');
    expect(await post(there, alert(1))).toBeUndefined();
    await there.mend();
    expect(await post(there, alert(1))).toBe(200);
  });

  test('lets the last message come again only after an interruption', async () => {
    const there = await standing();
    await post(there, alert(1), alert(2, 'Fills50'));
    there.interrupt();
    // The same, with what came since.
    await post(there, alert(1), alert(2, 'Fills50'), alert(3, 'Fills75'));
    expect(there.wrong).toEqual([]);
    expect(there.account.repeated).toBe(2);
    await post(there, alert(3, 'Fills75'));
    expect(there.wrong).toEqual([`alerts: Fills75 ${instanceOf(1)} S0 came again although it had been acknowledged`]);
  });

  test('an older message may not come again even after an interruption', async () => {
    const there = await standing();
    await post(there, alert(1));
    await post(there, alert(2, 'Fills50'));
    there.interrupt();
    await post(there, alert(1));
    expect(there.wrong).toHaveLength(1);
  });

  test.each([
    ['an alert told as two notifications', [alert(1), alert(2)], 'came as two notifications'],
    ['one that ends', [alert(1, 'Fills25', 'resolved')], 'is resolved'],
    [
      'two alerts of one fingerprint',
      [alert(1, 'Fills25', 'firing', 'x'), alert(2, 'Fills50', 'firing', 'x')],
      'fingerprint',
    ],
  ])('says what must not be: %s', async (_, alerts, what) => {
    const there = await standing();
    await post(there, ...alerts);
    expect(there.wrong).toHaveLength(1);
    expect(there.wrong[0]).toContain(what);
  });
});

describe('the rules', () => {
  test('are a rule file that the bridge can evaluate, of the keys that are expected', () => {
    const file = join(tmpdir(), `fault-rules-${process.pid}.yaml`);
    writeFileSync(file, alertRules());
    const { rules } = readRules(file);
    expect(rules.map(({ name }) => name).slice(0, 2)).toEqual(['Fills50', 'Fills100']);
    expect(rules[0]?.by).toEqual(['instance', 'job', 'trading.symbol']);
  });

  test('fire once per symbol and rule when the fills pass its number, not when they meet it', () => {
    const fills = SYMBOLS.map(() => 0)
      .with(1, 101)
      .with(2, 100);
    const expected = expectedAlerts(new Map([[3, { fills, quantity: fills }]]));
    expect([...expected].toSorted()).toEqual([
      `Fills100 ${instanceOf(3)} S1`,
      `Fills50 ${instanceOf(3)} S1`,
      `Fills50 ${instanceOf(3)} S2`,
    ]);
    expect(keyOf({ alertname: 'Fills50', instance: instanceOf(3), trading_symbol: 'S1' })).toBe([...expected][0]);
  });
});
