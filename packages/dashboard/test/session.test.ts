import { describe, expect, test } from '@jest/globals';
import { Session } from '../src/page/feed/session.ts';

const TOKEN = 'a-token-of-this-bridge';

/** A bridge that knows one token, and what it was asked. */
function bridge(answer: (authorization: string | undefined) => Response | Promise<Response>) {
  const asked: (string | undefined)[] = [];
  const kept = new Map<string, string>();
  const place = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  };
  const session = (): Session =>
    new Session('http://bridge/ticket', place, async (_url, init) => {
      const { authorization } = init.headers as Record<string, string>;
      asked.push(authorization);
      return answer(authorization);
    });
  return { session, asked, kept };
}

function tickets() {
  let given = 0;
  return bridge((authorization) =>
    authorization === `Bearer ${TOKEN}`
      ? Response.json({ ticket: `k${++given}`, name: 'Mei', sees: 'part' })
      : Response.json({ code: 'unauthorized', message: 'no' }, { status: 401 }),
  );
}

describe('a session', () => {
  test('uses the ticket that came with signing in, then one per connection', async () => {
    const { session, asked, kept } = tickets();
    const mine = session();
    expect([mine.hasToken, mine.headers()]).toEqual([false, {}]);
    expect(await mine.signIn(`  ${TOKEN}\n`)).toBeUndefined();
    expect(mine.reader).toEqual({ name: 'Mei', sees: 'part' });
    expect([await mine.ticket(), await mine.ticket()]).toEqual(['k1', 'k2']);
    expect(asked).toHaveLength(2);
    expect(mine.headers()).toEqual({ authorization: `Bearer ${TOKEN}` });
    // Another page of the tab goes on with it.
    const later = session();
    expect([later.hasToken, await later.ticket()]).toEqual([true, 'k3']);
    later.signOut();
    expect([later.hasToken, later.reader, later.headers(), kept.size]).toEqual([false, undefined, {}, 0]);
  });

  test('keeps no token that the bridge does not take, and says why', async () => {
    const { session, kept } = tickets();
    const mine = session();
    expect(await mine.signIn('another-token')).toBe('The bridge does not know this token.');
    expect([mine.hasToken, kept.size]).toEqual([false, 0]);
    await expect(mine.ticket()).rejects.toMatchObject({ code: 'unauthorized' });
  });

  test.each(['', '   ', 'two words', 'schlüssel', 'a\u0000b', 'line\nbreak'])(
    'sends no %j: it cannot be a token',
    async (text) => {
      const { session, asked } = tickets();
      expect(await session().signIn(text)).toMatch(/^That is no token/);
      expect(asked).toEqual([]);
    },
  );

  test('comes in without a ticket where the bridge asks for none', async () => {
    const { session } = bridge(() => Response.json({ code: 'no_tickets' }, { status: 404 }));
    const mine = session();
    expect(await mine.signIn(TOKEN)).toBeUndefined();
    expect(await mine.ticket()).toBe('none');
    expect(mine.reader).toBeUndefined();
  });

  test('tells a bridge that is away, or full, from one that refuses', async () => {
    const away = bridge(() => Promise.reject(new TypeError('failed to fetch')));
    expect(await away.session().signIn(TOKEN)).toBe('The bridge cannot be reached.');
    await expect(away.session().ticket()).rejects.toMatchObject({ code: 'connection_failed' });
    const full = bridge(() =>
      Response.json({ code: 'too_many_tickets', message: '99 tickets are out' }, { status: 503 }),
    );
    expect(await full.session().signIn(TOKEN)).toBe('The bridge gives no ticket: 99 tickets are out.');
    const odd = bridge(() => new Response('<html>', { status: 502 }));
    expect(await odd.session().signIn(TOKEN)).toBe('The bridge cannot be reached.');
  });
});
