import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { until } from '@nanometer/testing';
import { AlertCenter, answerAlertRequest, type CenterOptions, type Notification } from '@nanometer/alerting';
import { alertOf } from './alerts.ts';

const folders: string[] = [];
const open: AlertCenter[] = [];

afterEach(async () => {
  for (const center of open.splice(0)) await center.close();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'alert-center-'));
  folders.push(made);
  return made;
}

/** A center with one receiver that writes down what it is told. */
class Told {
  readonly told: string[] = [];
  nowMs = 1000;
  center!: AlertCenter;
  /** Throws what makes a delivery fail. */
  fail: (() => void) | undefined;

  static async open(options: CenterOptions = {}): Promise<Told> {
    const told = new Told();
    told.center = await AlertCenter.open({
      now: () => told.nowMs,
      onTrouble: () => {},
      receivers: [{ kind: 'callback', deliver: (notifications) => told.#deliver(notifications) }],
      ...options,
    });
    open.push(told.center);
    return told;
  }

  #deliver(notifications: readonly Notification[]): void {
    this.fail?.();
    for (const { alert: each } of notifications) this.told.push(`${each.labels['k'] ?? each.rule} ${each.state}`);
  }

  /** Everything that waits is delivered. */
  async settled(): Promise<readonly string[]> {
    await until('nothing waits', () => Object.values(this.center.stats().receivers).every(({ held }) => held === 0));
    return this.told;
  }
}

describe('the center', () => {
  test('tells when an alert begins to fire and when it ends, and not that it is pending', async () => {
    const told = await Told.open();
    for (const state of ['pending', 'firing', 'firing', 'resolved'] as const) told.center.onTransition(alertOf(state));
    expect(await told.settled()).toEqual(['A firing', 'A resolved']);
    expect(told.center.list().map(({ state }) => state)).toEqual(['resolved']);
  });

  test('an end without a value has the text of the beginning', async () => {
    const { center } = await Told.open();
    center.onTransition({ ...alertOf('firing'), annotations: { summary: 'is 5' } });
    center.onTransition({ ...alertOf('resolved'), value: undefined, annotations: { summary: 'is ' } });
    expect(center.list()).toMatchObject([{ state: 'resolved', annotations: { summary: 'is 5' } }]);
  });

  test('tells nobody of what ends before it fires', async () => {
    const told = await Told.open();
    for (const state of ['pending', 'inactive'] as const) told.center.onTransition(alertOf(state));
    expect(await told.settled()).toEqual([]);
    expect(told.center.list()).toEqual([]);
  });

  test('a silence keeps back what fires until it ends', async () => {
    const told = await Told.open();
    told.center.silence({ matchers: { k: 'a' }, startsAtMs: 0, endsAtMs: 5000, createdBy: 'x', comment: '' });
    told.center.onTransition(alertOf('firing', { k: 'a' }));
    told.center.onTransition(alertOf('firing', { k: 'b' }));
    expect(await told.settled()).toEqual(['b firing']);
    expect(told.center.list().map(({ suppressedBy }) => suppressedBy)).toEqual(['silenced', undefined]);
    told.nowMs = 4999;
    told.center.tick();
    expect(await told.settled()).toHaveLength(1);
    told.nowMs = 5000;
    told.center.tick();
    expect(await told.settled()).toEqual(['b firing', 'a firing']);
    expect(told.center.silences()).toEqual([]);
  });

  test('what was silenced from beginning to end is never told', async () => {
    const told = await Told.open();
    told.center.silence({ matchers: { k: 'a' }, startsAtMs: 0, endsAtMs: 5000, createdBy: 'x', comment: '' });
    for (const state of ['firing', 'resolved'] as const) told.center.onTransition(alertOf(state, { k: 'a' }));
    expect(await told.settled()).toEqual([]);
  });

  test('an end is told although it is silenced, when the beginning was', async () => {
    const told = await Told.open();
    told.center.onTransition(alertOf('firing', { k: 'a' }));
    told.center.silence({ matchers: { k: 'a' }, startsAtMs: 0, endsAtMs: 5000, createdBy: 'x', comment: '' });
    told.center.onTransition(alertOf('resolved', { k: 'a' }));
    expect(await told.settled()).toEqual(['a firing', 'a resolved']);
  });

  test('an alert that another one explains waits for that one to end', async () => {
    const inhibitions = [{ source: { alertname: 'Gone' }, target: { alertname: 'A' }, equal: ['job'] }];
    const told = await Told.open({ inhibitions });
    told.center.onTransition(alertOf('firing', { alertname: 'Gone', job: 'desk' }));
    told.center.onTransition(alertOf('firing', { job: 'desk' }));
    told.center.onTransition(alertOf('firing', { job: 'other', k: 'other' }));
    expect(await told.settled()).toEqual(['Gone firing', 'other firing']);
    told.center.onTransition(alertOf('resolved', { alertname: 'Gone', job: 'desk' }));
    told.center.tick();
    expect(await told.settled()).toEqual(['Gone firing', 'other firing', 'Gone resolved', 'A firing']);
  });

  test('a shelved alert is told again when it fires beyond the shelf’s end', async () => {
    const told = await Told.open();
    const fires = alertOf('firing');
    told.center.onTransition(fires);
    await told.settled();
    expect(told.center.shelve(fires.fingerprint, 'ann', 9000)).toBe(true);
    expect(told.center.list()[0]).toMatchObject({ shelf: { by: 'ann', untilMs: 9000 }, suppressedBy: 'shelved' });
    told.nowMs = 9000;
    told.center.tick();
    expect(await told.settled()).toEqual(['A firing', 'A firing']);
    expect(told.center.list()[0]?.shelf).toBeUndefined();
  });

  test('an acknowledgement has a name and a time, and ends with its expiry or the alert', async () => {
    const told = await Told.open();
    const fires = alertOf('firing');
    told.center.onTransition(fires);
    expect(told.center.acknowledge(fires.fingerprint, 'ann', 'on it', 9000)).toBe(true);
    expect(told.center.list()[0]?.acknowledgement).toEqual({ by: 'ann', atMs: 1000, untilMs: 9000, comment: 'on it' });
    told.nowMs = 9000;
    told.center.tick();
    expect(told.center.list()[0]?.acknowledgement).toBeUndefined();
    expect(told.center.acknowledge('ffffffffffffffff', 'ann')).toBe(false);
  });

  test('alerts beyond the limit are counted', async () => {
    const told = await Told.open({ alertLimit: 2 });
    for (const k of ['a', 'b', 'c']) told.center.onTransition(alertOf('firing', { k }));
    expect(await told.settled()).toEqual(['a firing', 'b firing']);
    expect(told.center.stats().alertsDropped).toBe(1);
  });

  test('onAlertsChanged is called once for all changes of a turn', async () => {
    const lists: number[] = [];
    const told = await Told.open({ onAlertsChanged: (alerts) => lists.push(alerts.length) });
    for (const k of ['a', 'b', 'c']) told.center.onTransition(alertOf('firing', { k }));
    await told.settled();
    expect(lists).toEqual([3]);
  });

  test.each([
    [{ alertLimit: 0 }, 'OPTION_INVALID'],
    [{ stateDirectory: '' }, 'OPTION_INVALID'],
    [{ fsync: 'sometimes' as 'always' }, 'OPTION_INVALID'],
    [{ receivers: [{ kind: 'webhook' as const, url: 'ftp://x' }] }, 'RECEIVER_INVALID'],
    [{ receivers: [{ kind: 'file' as const, path: '' }] }, 'RECEIVER_INVALID'],
    [{ receivers: [{ kind: 'slack' as const, url: 'http://x', name: 'a b' }] }, 'RECEIVER_INVALID'],
    [{ receivers: [{ kind: 'slack' as const, url: 'http://x', queueLimit: 0 }] }, 'RECEIVER_INVALID'],
    [
      {
        receivers: [
          { kind: 'slack' as const, url: 'http://x' },
          { kind: 'slack' as const, url: 'http://y' },
        ],
      },
      'RECEIVER_INVALID',
    ],
  ])('%j is refused as %s', async (options, code) => {
    await expect(AlertCenter.open(options)).rejects.toMatchObject({ name: 'AlertingError', code });
  });
});

describe('a restart', () => {
  test('keeps alerts, silences, acknowledgements, shelves, and what receivers still have to be told', async () => {
    const stateDirectory = folder();
    const first = await Told.open({ stateDirectory });
    first.fail = () => {
      throw new Error('down');
    };
    const fires = alertOf('firing', { k: 'a' });
    first.center.onTransition(fires);
    first.center.onTransition(alertOf('pending', { k: 'b' }));
    first.center.onTransition(alertOf('firing', { k: 'c' }));
    first.center.onTransition(alertOf('resolved', { k: 'c' }));
    first.center.acknowledge(fires.fingerprint, 'ann');
    first.center.shelve(fires.fingerprint, 'bob', 8000);
    first.center.silence({ matchers: { k: 'z' }, startsAtMs: 0, endsAtMs: 9000, createdBy: 'x', comment: 'c' });
    const before = first.center.list();
    const silences = first.center.silences();
    await first.center.close();

    const second = await Told.open({ stateDirectory });
    expect(second.center.list()).toEqual(before);
    expect(second.center.silences()).toEqual(silences);
    expect(await second.settled()).toEqual(['a firing', 'c firing', 'c resolved']);
    expect(second.center.restorable().map(({ labels }) => labels['k'])).toEqual(['a', 'b']);
    await second.center.close();
    const third = await Told.open({ stateDirectory });
    expect(await third.settled()).toEqual([]);
  });

  test('without a last word (as after a kill) the log alone brings everything back', async () => {
    const stateDirectory = folder();
    const first = await Told.open({ stateDirectory, snapshotBytes: 1024 });
    for (let index = 0; index < 20; index++) {
      first.center.onTransition(alertOf('firing', { k: `${index}` }));
      first.center.tick();
    }
    await first.settled();
    const before = first.center.list();
    // What a kill leaves: the files as they are, and a lock whose owner is gone.
    await first.center.durable();
    await until('a snapshot was made', () => {
      const names = readdirSync(stateDirectory);
      return names.includes('state.json') && !names.includes('state.json.new');
    });
    const copy = folder();
    for (const name of readdirSync(stateDirectory)) {
      if (name !== 'lock') writeFileSync(join(copy, name), readFileSync(join(stateDirectory, name)));
    }
    const second = await Told.open({ stateDirectory: copy });
    expect(second.center.list()).toEqual(before);
    expect(await second.settled()).toEqual([]);
  });

  test('a damaged snapshot is replaced by the one before and the log', async () => {
    const stateDirectory = folder();
    const first = await Told.open({ stateDirectory });
    first.center.onTransition(alertOf('firing', { k: 'a' }));
    await first.settled();
    await first.center.close();
    const second = await Told.open({ stateDirectory });
    second.center.onTransition(alertOf('firing', { k: 'b' }));
    await second.settled();
    await second.center.close();
    const path = join(stateDirectory, 'state.json');
    const bytes = readFileSync(path);
    bytes[bytes.length - 5]! ^= 1;
    writeFileSync(path, bytes);
    const troubles: string[] = [];
    const third = await Told.open({ stateDirectory, onTrouble: (text) => troubles.push(text) });
    expect(third.center.list().map(({ labels }) => labels['k'])).toEqual(['a', 'b']);
    expect(await third.settled()).toEqual([]);
    expect(troubles).toEqual([expect.stringContaining("state.json of the alerts' state is damaged")]);
  });

  test('a folder has one owner', async () => {
    const stateDirectory = folder();
    await Told.open({ stateDirectory });
    await expect(AlertCenter.open({ stateDirectory })).rejects.toMatchObject({ code: 'STATE_UNUSABLE' });
  });
});

describe('the API', () => {
  const call = (center: AlertCenter, method: string, path: string, body: unknown = ''): unknown => {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const { status, body: answer } = answerAlertRequest(center, method, `/api/v1/${path}`, text, 1000);
    return [status, answer];
  };

  test('lists, acknowledges, shelves, silences', async () => {
    const { center } = await Told.open();
    const fires = alertOf('firing');
    center.onTransition(fires);
    const at = `alerts/${fires.fingerprint}`;
    expect(call(center, 'GET', 'alerts')).toMatchObject([200, { alerts: [{ state: 'firing' }] }]);
    expect(call(center, 'POST', `${at}/acknowledge`, { by: 'ann', for: '1h' })).toEqual([200, {}]);
    expect(call(center, 'POST', `${at}/shelve`, { by: 'ann', for: '30m' })).toEqual([200, {}]);
    expect(center.list()[0]).toMatchObject({ acknowledgement: { untilMs: 3_601_000 }, shelf: { untilMs: 1_801_000 } });
    const silence = { matchers: { alertname: 'A' }, createdBy: 'ann', for: '1h' };
    expect(call(center, 'POST', 'silences', silence)).toMatchObject([201, { endsAtMs: 3_601_000, createdBy: 'ann' }]);
    const id = center.silences()[0]?.id ?? '';
    expect(call(center, 'GET', 'silences')).toMatchObject([200, { silences: [{ id }] }]);
    expect(call(center, 'DELETE', `silences/${id}`)).toEqual([200, {}]);
    expect(center.silences()).toEqual([]);
  });

  test.each([
    ['GET', 'nothing', '', 404],
    ['DELETE', 'alerts', '', 405],
    ['GET', 'alerts/0000000000000000/shelve', '', 405],
    ['POST', 'alerts/0000000000000000/shelve', { by: 'a', for: '1m' }, 404],
    ['POST', 'alerts/0000000000000000/shelve', { by: 'a' }, 400],
    ['POST', 'alerts/0000000000000000/acknowledge', {}, 400],
    ['POST', 'alerts/0000000000000000/acknowledge', { by: 'a', for: '0s' }, 400],
    ['POST', 'alerts/0000000000000000/acknowledge', { by: 'a'.repeat(1001) }, 400],
    ['POST', 'silences', '{', 400],
    ['POST', 'silences', '[]', 400],
    ['POST', 'silences', { matchers: {}, createdBy: 'a', for: '1h' }, 400],
    ['POST', 'silences', { matchers: { a: 1 }, createdBy: 'a', for: '1h' }, 400],
    ['POST', 'silences', { matchers: { a: 'b' }, createdBy: 'a' }, 400],
    ['POST', 'silences', { matchers: { a: 'b' }, createdBy: 'a', endsAt: 'soon' }, 400],
    ['POST', 'silences', { matchers: { a: 'b' }, createdBy: 'a', endsAt: '1970-01-01T00:00:00Z' }, 400],
    ['DELETE', 'silences/00000000-0000-0000-0000-000000000000', '', 404],
  ])('%s %s %j is %d', async (method, path, body, status) => {
    const { center } = await Told.open();
    expect(call(center, method, path, body)).toMatchObject([status, { error: expect.any(String) }]);
  });
});

test('a change that the log did not take is on disk before it is acknowledged, in a snapshot, though the log takes the next', async () => {
  const stateDirectory = folder();
  const troubles: string[] = [];
  const options = { stateDirectory, logLimitBytes: 65_536, onTrouble: (text: string) => void troubles.push(text) };
  const { center } = await Told.open(options);
  const alert = alertOf('firing');
  center.onTransition(alert);
  await center.durable();
  // Larger than the log may be.
  center.acknowledge(alert.fingerprint, 'ann', 'x'.repeat(70_000));
  center.shelve(alert.fingerprint, 'bob', 1e12);
  expect(await Promise.all([center.durable(), center.durable()])).toHaveLength(2);
  expect(troubles).toEqual([expect.stringContaining('alerts are not kept on disk')]);
  // What a kill at this moment would leave.
  const left = folder();
  cpSync(stateDirectory, left, {
    recursive: true,
    filter: (path) => basename(path) !== 'lock',
  });
  const next = await Told.open({ ...options, stateDirectory: left });
  expect(next.center.list()).toMatchObject([{ acknowledgement: { by: 'ann' }, shelf: { by: 'bob' } }]);
});
