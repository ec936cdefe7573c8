import { sql } from 'kysely';
import t from 'tap';
import { captureAt, phoneOf, REASON } from '../../helpers/captured.ts';
import { type Service, startService } from '../../helpers/service.ts';

interface Listed {
  readonly id: string;
  readonly phone: string | null;
}

async function ids(service: Service, query: string, key?: string): Promise<readonly string[]> {
  const reply = await service.call('GET', `/v1/leads${query}`, key === undefined ? {} : { key });
  if (reply.status !== 200) throw new Error(`${reply.status} ${reply.text}`);
  return reply.body.items.map(({ id }: Listed) => id);
}

/** Every page of a list, each with at most `limit` leads. */
async function walk(
  service: Service,
  query: string,
  between: () => Promise<unknown> = async () => {},
): Promise<readonly string[]> {
  const found: string[] = [];
  let cursor = '';
  for (let page = 0; page < 100; page += 1) {
    const reply = await service.call('GET', `/v1/leads${query}${cursor}`);
    if (reply.status !== 200) throw new Error(`${reply.status} ${reply.text}`);
    found.push(...reply.body.items.map(({ id }: Listed) => id));
    if (reply.body.next_cursor === null) return found;
    cursor = `&cursor=${reply.body.next_cursor}`;
    await between();
  }
  throw new Error('the list does not end');
}

t.test('filters', async (t) => {
  const service = await startService(t);
  const made: string[] = [];
  const add = async (at: string, more: object = {}) => {
    made.push((await captureAt(service, phoneOf(made.length), at, more)).lead_id);
  };
  await add('2026-06-01T00:30:00', { channel: 'douyin', store: 'S1', owner: 'A1' });
  await add('2026-06-01T10:00:00', { channel: 'xhs', store: 'S1' });
  await add('2026-06-01T23:59:59', { channel: 'search', store: 'S2', owner: 'B1' });
  await add('2026-06-02T00:00:00', { channel: 'douyin' });
  await sql`update lead set state = 'lost', rating = 'low' where id = ${made[1]}`.execute(service.db);
  await sql`update lead set rating = 'high' where id = ${made[2]}`.execute(service.db);
  const expect = async (query: string, which: readonly number[]) =>
    t.same(
      await ids(service, query),
      which.map((n) => made[n]),
      query,
    );

  await expect('', [3, 2, 1, 0]);
  await expect('?sort=created_at', [0, 1, 2, 3]);
  await expect('?state=new', [3]);
  await expect('?state=new&state=lost', [3, 1]);
  await expect('?store=S1', [1, 0]);
  await expect('?owner=B1', [2]);
  await expect('?rating=high', [2]);
  await expect('?channel=douyin', [3, 0]);
  await expect('?channel=nowhere', []);
  await expect('?store=S1&channel=xhs&state=lost&rating=low', [1]);
  t.same(await ids(service, '?limit=2'), [made[3], made[2]]);

  const { id, name } = await service.db.selectFrom('source').select(['id', 'name']).executeTakeFirstOrThrow();
  t.equal((await ids(service, `?source=${id}`)).length, 4);
  t.equal((await ids(service, `?source=${encodeURIComponent(name)}`)).length, 4);
  const other = await service.makeKey({});
  t.same(await ids(service, `?source=${other.sourceId}`), []);

  await t.test('scenario 132: days are those of Shanghai, and a range has its beginning and not its end', async () => {
    await expect('?created_from=2026-06-01&created_to=2026-06-02', [2, 1, 0]);
    await expect('?created_to=2026-06-01', []);
    await expect('?created_from=2026-06-02', [3]);
    await expect('?created_from=2026-05-31T16:30:00Z&created_to=2026-05-31T16:30:01Z', [0]);
    await expect('?created_from=2026-06-02T00:00:00%2B08:00', [3]);
    await expect('?created_from=2026-06-02T00:00:00+08:00', [3]); // the plus arrives as a blank
  });

  await t.test('a query that is none is refused with its place', async (t) => {
    const refuse = async (query: string, path: string) => {
      const { status, body } = await service.call('GET', `/v1/leads${query}`);
      t.same([status, body.code, body.errors?.[0]?.path], [400, 'query_invalid', path], query);
    };
    await refuse('?state=open', '/state/0');
    await refuse('?limit=201', '/limit');
    await refuse('?limit=0', '/limit');
    await refuse('?sort=name', '/sort');
    await refuse('?created_from=yesterday', '/created_from');
    await refuse('?updated_to=2026-02-30', '/updated_to');
    await refuse('?source=nobody', '/source');
    await refuse('?stat=new', '/stat');
  });
});

t.test('a channel is found on any standing touch, on those of merged leads too', async (t) => {
  const service = await startService(t);
  const first = await captureAt(service, phoneOf(1), '2026-06-01T10:00:00', { channel: 'douyin' });
  await captureAt(service, phoneOf(1), '2026-06-02T10:00:00', { channel: 'event' });
  const middle = await captureAt(service, phoneOf(1), '2026-06-03T10:00:00', { channel: 'shop' });
  await captureAt(service, phoneOf(1), '2026-06-04T10:00:00', { channel: 'search' });
  t.same(await ids(service, '?channel=event'), [first.lead_id], 'neither first nor last');
  t.same(await ids(service, '?channel=shop'), [first.lead_id]);
  await sql`update touch set voided_at = now() where id = ${middle.touch_id}`.execute(service.db);
  t.same(await ids(service, '?channel=shop'), [], 'a voided touch does not count');

  const other = await captureAt(service, phoneOf(2), '2026-06-05T10:00:00', { channel: 'visit' });
  await sql`update lead set merged_into = ${first.lead_id} where id = ${other.lead_id}`.execute(service.db);
  t.same(await ids(service, '?channel=visit'), [first.lead_id], 'merged leads are not listed, their touches count');
});

t.test('merged-away, erased and reverted leads are not listed', async (t) => {
  const service = await startService(t);
  const leads = [];
  for (let n = 0; n < 4; n += 1)
    leads.push((await captureAt(service, phoneOf(n), `2026-06-0${n + 1}T10:00:00`)).lead_id);
  await sql`update lead set merged_into = ${leads[0]} where id = ${leads[1]}`.execute(service.db);
  await sql`update lead set hidden = 'erased' where id = ${leads[2]}`.execute(service.db);
  await sql`update lead set hidden = 'reverted' where id = ${leads[3]}`.execute(service.db);
  t.same(await ids(service, ''), [leads[0]]);
});

t.test('pages stay stable while leads arrive', async (t) => {
  const service = await startService(t);
  const before: string[] = [];
  for (let n = 0; n < 7; n += 1) {
    // Pairs of one moment: the id decides between them.
    before.push((await captureAt(service, phoneOf(n), `2026-06-01T10:0${n >> 1}:00`)).lead_id);
  }
  let next = before.length;
  for (const sort of ['created_at', '-created_at', 'updated_at', '-updated_at']) {
    const arrive = async () => {
      await captureAt(service, phoneOf(next++), '2026-06-01T10:01:00');
      await captureAt(service, phoneOf(next++), '2026-07-01T10:00:00');
      await captureAt(service, phoneOf(next++), '2026-05-01T10:00:00');
    };
    let rounds = 0;
    const seen = await walk(service, `?limit=2&sort=${sort}`, async () => {
      rounds += 1;
      if (rounds <= 3) await arrive();
    });
    t.equal(new Set(seen).size, seen.length, `${sort}: none twice`);
    t.same(
      before.filter((id) => !seen.includes(id)),
      [],
      `${sort}: none left out`,
    );
  }
  const all = await walk(service, '?limit=200&sort=created_at');
  t.same([...(await walk(service, '?limit=3&sort=-created_at'))].reverse(), all);
  t.same(await walk(service, '?limit=1&sort=created_at'), all);
});

t.test('by updated_at, over hours and years', async (t) => {
  const service = await startService(t);
  const leads: string[] = [];
  const now = Date.now();
  const HOUR = 3_600_000;
  const ages = [0, 0, 0.5, 1, 2, 30, 30, 700, 9_000, 60_000]; // hours
  for (const [n, age] of ages.entries()) {
    const { lead_id } = await captureAt(service, phoneOf(n), '2026-06-01T10:00:00');
    leads.push(lead_id);
    await sql`update lead set updated_at = ${new Date(now - age * HOUR)} where id = ${lead_id}`.execute(service.db);
  }
  const oldestFirst = await walk(service, '?limit=200&sort=updated_at');
  const times = new Map(leads.map((id, n) => [id, now - (ages[n] ?? 0) * HOUR]));
  const expected = [...leads].sort((a, b) => (times.get(a) ?? 0) - (times.get(b) ?? 0) || (a < b ? -1 : 1));
  t.same(oldestFirst, expected);
  for (const limit of [1, 2, 3, 5]) {
    t.same(await walk(service, `?limit=${limit}&sort=updated_at`), expected, `forward by ${limit}`);
    t.same(await walk(service, `?limit=${limit}&sort=-updated_at`), [...expected].reverse(), `backward by ${limit}`);
  }
  const from = new Date(now - 700 * HOUR).toISOString();
  const to = new Date(now - HOUR).toISOString();
  const inside = expected.filter((id) => (times.get(id) ?? 0) >= now - 700 * HOUR && (times.get(id) ?? 0) < now - HOUR);
  t.equal(inside.length, 4);
  for (const sort of ['updated_at', '-updated_at', 'created_at']) {
    const found = await walk(service, `?limit=2&sort=${sort}&updated_from=${from}&updated_to=${to}`);
    t.same([...found].sort(), [...inside].sort(), sort);
  }
  t.same(await walk(service, '?limit=2&sort=updated_at&updated_from=2100-01-01'), []);
  t.same(await walk(service, '?limit=2&sort=-updated_at&updated_to=2001-01-01'), []);
});

t.test('a cursor is good for its own question only', async (t) => {
  const service = await startService(t);
  for (let n = 0; n < 3; n += 1) await captureAt(service, phoneOf(n), `2026-06-0${n + 1}T10:00:00`);
  const { body } = await service.call('GET', '/v1/leads?limit=1&channel=douyin');
  const cursor: string = body.next_cursor;
  const refuse = async (query: string) => {
    const reply = await service.call('GET', `/v1/leads?${query}`);
    t.same([reply.status, reply.body.code], [400, 'cursor_invalid'], query.slice(0, 40));
  };
  await refuse(`limit=1&cursor=${cursor}`);
  await refuse(`limit=1&channel=xhs&cursor=${cursor}`);
  await refuse(`limit=1&channel=douyin&sort=created_at&cursor=${cursor}`);
  await refuse('limit=1&cursor=nonsense');
  await refuse(`limit=1&channel=douyin&cursor=${cursor.slice(0, -4)}`);
  const forged = JSON.parse(Buffer.from(cursor, 'base64url').toString());
  for (const place of [['x', forged.at(-1)], [1e30, forged.at(-1)], [forged[2], "'; drop table lead"], [forged[2]]]) {
    await refuse(
      `channel=douyin&cursor=${Buffer.from(JSON.stringify([...forged.slice(0, 2), ...place])).toString('base64url')}`,
    );
  }
  const again = await service.call('GET', `/v1/leads?limit=2&sort=-created_at&channel=douyin&cursor=${cursor}`);
  t.equal(again.status, 200, 'the default sort by name, and another limit, are the same question');
  t.equal(again.body.items.length, 2);
  t.equal(again.body.next_cursor, null);
});

t.test('no address takes a phone', async (t) => {
  const service = await startService(t);
  for (const name of ['phone', 'Phone', 'wechat']) {
    const { status, body } = await service.call('GET', `/v1/leads?${name}=13800138000`);
    t.same([status, body.code], [400, 'query_invalid']);
    t.match(body.hint, /POST \/v1\/leads\/search/);
  }
  t.notMatch(JSON.stringify(service.logs()), /13800138000/);
});

t.test('scenario 147: phones are masked without scope and reason, and a reading in full is audited', async (t) => {
  const service = await startService(t);
  const person = { phone: '138 0013 8000', name: '张三 13800138000', email: 'zhangsan@example.com' };
  const { lead_id } = await captureAt(service, '', '2026-06-01T10:00:00', { person });
  const { secret: blind } = await service.makeKey({ scopes: ['leads:read'] });
  const { secret: seeing } = await service.makeKey({ scopes: ['leads:read', 'pii:read'], name: 'crm' });
  const list = async (key: string, headers = {}) =>
    (await service.call('GET', '/v1/leads', { key, headers })).body.items[0];

  for (const [key, headers, masked] of [
    [blind, {}, 'scope_missing'],
    [blind, REASON, 'scope_missing'],
    [seeing, {}, 'access_reason_missing'],
  ] as const) {
    const item = await list(key, headers);
    t.equal(item.masked, masked);
    t.equal(item.phone, '138****8000');
    t.equal(item.person.name, '张三 138****8000');
    t.equal(item.person.email, 'z***@example.com');
  }
  const reads = () => service.db.selectFrom('audit').selectAll().where('action', '=', 'phone.read').execute();
  t.same(await reads(), [], 'nothing was read in full');

  const item = await list(seeing, { ...REASON, 'on-behalf-of': 'adviser:A1', 'x-request-id': 'req-list-1' });
  t.equal(item.masked, null);
  t.equal(item.phone, '+8613800138000');
  t.equal(item.person.name, '张三 13800138000');
  t.equal(item.person.email, 'zhangsan@example.com');
  t.match(await reads(), [
    {
      actor: 'adviser:A1 via key:crm',
      subject_kind: 'lead',
      subject_id: null,
      reason: 'call back',
      detail: { route: 'GET /v1/leads', ids: [lead_id] },
      request_id: 'req-list-1',
    },
  ]);
  await service.call('GET', '/v1/leads?state=won', { key: seeing, headers: REASON });
  t.equal((await reads()).length, 1, 'an empty list reads nobody');
  t.notMatch(JSON.stringify(service.logs()), /13800138000/);
});

t.test('a key bound to stores or an adviser lists what it may read', async (t) => {
  const service = await startService(t);
  const at = '2026-06-01T10:00:0';
  const s1a1 = (await captureAt(service, phoneOf(1), `${at}1`, { store: 'S1', owner: 'A1' })).lead_id;
  const s1 = (await captureAt(service, phoneOf(2), `${at}2`, { store: 'S1' })).lead_id;
  const s2a1 = (await captureAt(service, phoneOf(3), `${at}3`, { store: 'S2', owner: 'A1' })).lead_id;
  const s2 = (await captureAt(service, phoneOf(4), `${at}4`, { store: 'S2' })).lead_id;
  await captureAt(service, phoneOf(5), `${at}5`);
  const seenBy = async (bound: object, query = '') =>
    ids(service, query, (await service.makeKey({ scopes: ['leads:read'], ...bound })).secret);
  t.same(await seenBy({ stores: ['S1'] }), [s1, s1a1]);
  t.same(await seenBy({ stores: ['S1', 'S2'] }), [s2, s2a1, s1, s1a1]);
  t.same(await seenBy({ adviser: 'A1' }), [s2a1, s1a1]);
  t.same(await seenBy({ stores: ['S1'], adviser: 'A1' }), [s2a1, s1, s1a1]);
  t.same(await seenBy({ stores: ['S1'] }, '?store=S2'), []);
  t.same(await seenBy({ stores: [] }), [], 'bound to no store at all');
  t.equal((await seenBy({})).length, 5);
});

t.test('reading leads needs the scope', async (t) => {
  const service = await startService(t);
  const { secret } = await service.makeKey({ scopes: ['leads:write', 'pii:read', 'ops'] });
  for (const path of ['/v1/leads', '/v1/leads/0197a3c2-5d10-7abc-8def-0123456789ab', '/v1/audit']) {
    t.equal((await service.call('GET', path, { key: secret })).status, 403, path);
    t.equal((await service.call('GET', path, { key: null })).status, 401, path);
  }
});
