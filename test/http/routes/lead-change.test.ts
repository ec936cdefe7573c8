import { sql } from 'kysely';
import t from 'tap';
import { P, P2, startWorking } from '../../helpers/working.ts';

const set =
  (call: Awaited<ReturnType<typeof startWorking>>['call']) =>
  (id: string, ref: string | null, version: number, key?: string) =>
    call('PATCH', `/v1/leads/${id}`, {
      body: { external_ref: ref },
      headers: { 'if-match': `"${version}"` },
      ...(key === undefined ? {} : { key }),
    });

t.test('a lead is found by what the CRM calls it', async (t) => {
  const { capture1, call, get, eventsOf, db } = await startWorking(t);
  const [one, two] = [await capture1(P), await capture1(P2)];
  const { version } = await get(`/v1/leads/${one.lead_id}`);
  const put = set(call);
  const changed = await put(one.lead_id, 'crm-1', version);
  t.strictSame([changed.status, changed.headers['etag']], [200, `"${version + 1}"`]);
  t.match(changed.body, { lead_id: one.lead_id, changed: true, version: version + 1 });
  t.match(await get(`/v1/leads/${one.lead_id}`), { external_ref: 'crm-1', version: version + 1 });
  const found = async (ref: string) =>
    (await get(`/v1/leads?external_ref=${ref}`)).items.map((it: { id: string }) => it.id);
  t.strictSame(await found('crm-1'), [one.lead_id]);
  t.strictSame(await found('crm-2'), []);
  t.match((await put(one.lead_id, 'crm-1', version + 1)).body, { changed: false, version: version + 1 });
  t.equal((await put(one.lead_id, 'crm-2', version)).body.code, 'version_conflict');
  const other = (await get(`/v1/leads/${two.lead_id}`)).version;
  t.match((await put(two.lead_id, 'crm-1', other)).body, {
    status: 409,
    code: 'external_ref_taken',
    taken_by: one.lead_id,
    errors: [{ path: '/external_ref' }],
  });
  t.equal((await put(one.lead_id, null, version + 1)).status, 200);
  t.equal((await put(two.lead_id, 'crm-1', other)).status, 200);
  t.strictSame(await found('crm-1'), [two.lead_id]);
  const told = await eventsOf(one.lead_id);
  t.strictSame(
    told.map(({ type }) => type),
    ['lead.created', 'lead.profile_changed', 'lead.profile_changed'],
    'once for each change',
  );
  t.strictSame(told[1]?.data, { confirmed: [], changed: ['external_ref'] }, 'without the name itself');
  const audited = await db
    .selectFrom('audit')
    .select(['actor', 'detail'])
    .where('action', '=', 'lead.named')
    .where('subject_id', '=', one.lead_id)
    .execute();
  t.strictSame(
    audited.map(({ actor }) => actor),
    ['key:admin', 'key:admin'],
  );
  const moves = audited.map(({ detail }) => detail as { from: string | null; to: string | null });
  t.strictSame(
    moves.sort((a) => (a.from === null ? -1 : 1)),
    [
      { from: null, to: 'crm-1' },
      { from: 'crm-1', to: null },
    ],
  );
  const bare = await call('PATCH', `/v1/leads/${one.lead_id}`, { body: { external_ref: 'x' } });
  t.equal(bare.body.code, 'version_required');
  t.match((await call('PATCH', `/v1/leads/${one.lead_id}`, { body: {}, headers: { 'if-match': '"1"' } })).body, {
    errors: [{ path: '/external_ref', code: 'required' }],
  });
});

t.test('after a merge the survivor is found, and after an erasure nobody', async (t) => {
  const { capture1, call, get, post, db } = await startWorking(t);
  const [one, two] = [await capture1(P), await capture1(P2)];
  const put = set(call);
  await put(one.lead_id, 'crm-1', (await get(`/v1/leads/${one.lead_id}`)).version);
  await put(two.lead_id, 'crm-2', (await get(`/v1/leads/${two.lead_id}`)).version);
  await post(`/v1/customers/${one.customer_id}/merge`, { customer_id: two.customer_id, reason: 'one person' });
  const found = async (ref: string) =>
    (await get(`/v1/leads?external_ref=${ref}`)).items.map((it: { id: string }) => it.id);
  const survivor = await found('crm-1');
  t.equal(survivor.length, 1);
  t.strictSame(await found('crm-2'), survivor);
  await post(`/v1/customers/${one.customer_id}/erase`, { reason: 'asked' });
  t.strictSame([await found('crm-1'), await found('crm-2')], [[], []]);
  const left = await db.selectFrom('audit').select('detail').where('action', '=', 'lead.named').execute();
  t.strictSame(left, [{ detail: {} }, { detail: {} }], 'nor is anybody found by the audit');
  const next = await capture1(P);
  const { version } = await get(`/v1/leads/${next.lead_id}`);
  t.equal((await put(next.lead_id, 'crm-1', version)).status, 200, 'what was erased holds no name');
});

t.test('a key of another store may not, and of two leads at once one gets it', async (t) => {
  const { capture1, call, get, makeKey } = await startWorking(t);
  const leads = await Promise.all(
    [...Array(6).keys()].map((i) => capture1(`1380013800${i}`, { store: i === 0 ? 'S1' : 'S2' })),
  );
  const [first] = leads;
  const put = set(call);
  const { secret } = await makeKey({ scopes: ['leads:write'], stores: ['S2'] });
  const { version } = await get(`/v1/leads/${first?.lead_id}`);
  t.equal((await put(first?.lead_id ?? '', 'crm-1', version, secret)).body.code, 'other_store');
  const replies = await Promise.all(leads.map(({ lead_id }) => put(lead_id, 'crm-1', version)));
  t.strictSame(replies.map(({ status }) => status).sort(), [200, 409, 409, 409, 409, 409]);
});

t.test('one that another transaction is about to take is waited for, and refused', async (t) => {
  const { capture1, get, call, db } = await startWorking(t);
  const [one, two] = [await capture1(P), await capture1(P2)];
  const { version } = await get(`/v1/leads/${one.lead_id}`);
  const waiting = sql<{ n: number }>`select count(*)::int as n from pg_locks where not granted`;
  const pending = await db.transaction().execute(async (tx) => {
    await tx.updateTable('lead').set({ external_ref: 'crm-1' }).where('id', '=', two.lead_id).execute();
    const reply = set(call)(one.lead_id, 'crm-1', version);
    while ((await waiting.execute(db)).rows[0]?.n === 0);
    return { reply };
  });
  t.match((await pending.reply).body, { status: 409, code: 'external_ref_taken' });
});
