import t from 'tap';
import { type Service, startService } from '../../helpers/service.ts';

const NOON = Date.UTC(2026, 5, 1, 4);
const DAY = 86_400_000;

/** Two people who collide in one submission. */
async function collide({ call }: Service, i: number) {
  const post = async (person: object) => (await call('POST', '/v1/leads', { body: { channel: 'xhs', person } })).body;
  const [phone, other] = [`1380013800${i}`, `1390013900${i}`];
  const one = await post({ phone });
  const two = await post({ phone: other, wechat: `zhangsan_8${i}` });
  await post({ phone, wechat: `zhangsan_8${i}` });
  return { one, two };
}

t.test('two customers named by one submission are a merge suggestion, with what collided', async (t) => {
  const service = await startService(t);
  const { one, two } = await collide(service, 0);
  const { body } = await service.call('GET', '/v1/reviews?kind=merge&state=open');
  t.equal(body.items.length, 1);
  t.match(body.items[0], {
    kind: 'merge',
    state: 'open',
    customer_id: one.customer_id,
    other_customer_id: two.customer_id,
    times: 1,
    actor: null,
  });
  t.strictSame(body.items[0].identities, [
    { customer_id: one.customer_id, kind: 'phone', value: '138****8000' },
    { customer_id: two.customer_id, kind: 'wechat', value: 'zh****80' },
  ]);
});

t.test('an invalid lead that is touched again is one review, counted while it is open', async (t) => {
  const service = await startService(t);
  const { call, db } = service;
  const post = async (channel: string) =>
    (await call('POST', '/v1/leads', { body: { channel, person: { phone: '13800138000' } } })).body;
  const { lead_id: lead } = await post('douyin');
  const at = new Date();
  await db
    .updateTable('lead')
    .set({ state: 'invalid', reason: 'empty_number', state_at: at, closed_at: at })
    .where('id', '=', lead)
    .execute();
  service.setClock(Date.now() + DAY);
  t.match(await post('xhs'), { decision: 'merged', lead_id: lead, rule: 'merged.invalid_lead' });
  t.match(await post('search'), { decision: 'merged', lead_id: lead });
  const reviews = async (query = '') => (await call('GET', `/v1/reviews?kind=invalid_touched${query}`)).body.items;
  const [review, ...more] = await reviews();
  t.match(review, { state: 'open', lead_id: lead, times: 2, identities: [] });
  t.equal(more.length, 0);
  const resolve = (body: object) => call('POST', `/v1/reviews/${review.id}/resolve`, { body });
  const done = await resolve({ state: 'done', note: 'called, wrong person' });
  t.notOk('identities' in done.body, 'no identity is kept under an Idempotency-Key');
  t.match(done, { status: 200, body: { id: review.id, state: 'done', actor: 'key:admin' } });
  t.strictSame((await resolve({ state: 'done' })).body, done.body, 'the same again changes nothing');
  t.match((await resolve({ state: 'dismissed' })).body, { status: 409, code: 'state_conflict' });
  const audit = (await call('GET', `/v1/audit?subject=${review.id}`)).body.items;
  t.match(audit, [{ action: 'review.resolved', reason: 'called, wrong person', detail: { state: 'done' } }]);
  t.equal(audit.length, 1);
  await post('event');
  t.match(await reviews('&state=open'), [{ lead_id: lead, times: 1 }], 'a new cause is a new review');
});

t.test('reviews are filtered and paged, newest first', async (t) => {
  const service = await startService(t);
  const { call } = service;
  for (const i of [0, 1, 2, 3, 4]) {
    service.setClock(NOON + i);
    await collide(service, i);
  }
  const seen: string[] = [];
  let cursor = '';
  for (let page = 0; page < 9; page += 1) {
    const { body } = await call('GET', `/v1/reviews?kind=merge&limit=2${cursor}`);
    t.ok(body.items.length <= 2);
    seen.push(...body.items.map((it: { created_at: string }) => it.created_at));
    if (body.next_cursor === null) break;
    cursor = `&cursor=${body.next_cursor}`;
  }
  t.strictSame(
    seen,
    [4, 3, 2, 1, 0].map((i) => new Date(NOON + i).toISOString()),
  );
  t.equal((await call('GET', '/v1/reviews?kind=invalid_touched')).body.items.length, 0);
  t.equal((await call('GET', '/v1/reviews?state=dismissed')).body.items.length, 0);
  t.equal((await call('GET', '/v1/reviews?kind=x')).body.code, 'query_invalid');
  const { body } = await call('GET', '/v1/reviews?kind=merge&limit=2');
  t.equal((await call('GET', `/v1/reviews?limit=2&cursor=${body.next_cursor}`)).body.code, 'cursor_invalid');
});

t.test('ops or leads:read may look, ops may resolve, and a bound key sees its own', async (t) => {
  const service = await startService(t);
  const { call, makeKey } = service;
  await collide(service, 0);
  const [{ id }] = (await call('GET', '/v1/reviews')).body.items;
  const keyed = async (scopes: string[], stores: string[] | null = null) => (await makeKey({ scopes, stores })).secret;
  const list = async (key: string) => (await call('GET', '/v1/reviews', { key })).body;
  t.equal((await list(await keyed(['ops']))).items.length, 1);
  t.equal((await list(await keyed(['leads:read']))).items.length, 1);
  t.match(await list(await keyed(['leads:write', 'admin'])), { status: 403, code: 'scope_missing', scope: 'ops' });
  t.equal((await list(await keyed(['leads:read'], ['S1']))).items.length, 0);
  await service.db.updateTable('lead').set({ store: 'S1' }).execute();
  t.equal((await list(await keyed(['leads:read'], ['S1']))).items.length, 1);
  const resolve = async (key: string) =>
    (await call('POST', `/v1/reviews/${id}/resolve`, { key, body: { state: 'done' } })).body;
  t.match(await resolve(await keyed(['leads:read'])), { code: 'scope_missing' });
  t.match(await resolve(await keyed(['ops'], ['S2'])), { status: 404, code: 'not_found' });
  t.match((await call('GET', '/v1/reviews')).body.items, [{ id, state: 'open' }], 'and it is open still');
  t.match(await resolve(await keyed(['ops'], ['S1'])), { state: 'done' });
  t.match(await resolve(await keyed(['ops'], ['S2'])), { status: 404 });
  t.match(await resolve(await keyed(['ops'])), { state: 'done' });
  const nobody = '00000000-0000-7000-8000-000000000000';
  t.match((await call('POST', `/v1/reviews/${nobody}/resolve`, { body: { state: 'done' } })).body, { status: 404 });
});

t.test('of two resolutions at once one counts', async (t) => {
  const service = await startService(t);
  await collide(service, 0);
  const [{ id }] = (await service.call('GET', '/v1/reviews')).body.items;
  const states = ['done', 'dismissed', 'done', 'dismissed'];
  const answers = await Promise.all(
    states.map((state) => service.call('POST', `/v1/reviews/${id}/resolve`, { body: { state } })),
  );
  t.strictSame(answers.map(({ status }) => status).sort(), [200, 200, 409, 409]);
  t.equal((await service.call('GET', `/v1/audit?subject=${id}`)).body.items.length, 1);
});
