import t, { type Test } from 'tap';
import type { Capture } from '../../src/flows/capture.ts';
import { claimFetches } from '../../src/store/lead-fetches.ts';
import { answerJson, BEGAN, metaLead, startThin, type Thin } from '../helpers/thin.ts';

const MADE = 1_775_955_600_000; // created_time of the samples' pushes
const LEAD = '200000000000002';

async function submissions({ service }: Thin, sourceId: string) {
  return service.db
    .selectFrom('submission')
    .selectAll()
    .where('source_id', '=', sourceId)
    .orderBy('received_at')
    .orderBy('id')
    .execute();
}

t.test(
  'a push with an id is parked, and its lead is fetched: phone, values of both, the original moment',
  async (t) => {
    const thin = await startThin(t);
    const { service, platform, round, fetches } = thin;
    const source = await thin.makeSource('meta');
    platform.answer((_, response) => answerJson(response, 200, metaLead(LEAD, '+8613800138001')));
    t.equal((await source.push(LEAD)).status, 200);
    t.match(await submissions(thin, source.id), [{ decision: 'parked' }]);
    t.equal(await round(), 1);
    t.strictSame(await fetches(), [{ external_id: LEAD, state: 'fetched', attempts: 1, due: 0, fault: null }]);
    const [asked] = platform.received;
    t.match(asked?.path, /^\/v23\.0\/200000000000002\?fields=/);
    t.equal(asked?.headers['authorization'], 'Bearer first-token');
    const [parked, lead] = await submissions(thin, source.id);
    t.match(lead, {
      decision: 'created',
      external_id: LEAD,
      phone: '+8613800138001',
      completes: parked?.id,
      fields: {
        person: { name: '测试甲' },
        traffic: { anchor_id: '100000000000001', campaign_name: '六月', platform: 'instagram' },
      },
    });
    t.equal(Number(lead?.occurred_at), MADE, 'that of the push, not of the answer');
    t.equal(Number(lead?.received_at), BEGAN + 1000);
    t.match(await service.db.selectFrom('touch').select('kind').execute(), [{ kind: 'form' }]);
    const raw = await service.db
      .selectFrom('raw_body')
      .selectAll()
      .where('submission_id', '=', `${lead?.id}`)
      .execute();
    t.match(
      service.vault.open(raw[0]?.body ?? Buffer.alloc(0)).toString(),
      '+8613800138001',
      'the bytes of the answer',
    );

    t.equal((await source.push(LEAD)).status, 200, 'sent again by the platform');
    t.equal(await round(), 0);
    t.equal(platform.received.length, 1);
    t.equal((await submissions(thin, source.id)).length, 2);
    t.strictSame(thin.failures, []);
  },
);

t.test("the source's own field map reads what is fetched", async (t) => {
  const thin = await startThin(t);
  const field_map = { fields: { 'person.phone': { label: 'frage_7' } } };
  const source = await thin.makeSource('meta', { field_map });
  thin.platform.answer((_, response) => answerJson(response, 200, metaLead(LEAD, null, { frage_7: '13800138002' })));
  await source.push(LEAD);
  await thin.round();
  t.match(await submissions(thin, source.id), [{}, { decision: 'created', phone: '+8613800138002' }]);
});

t.test('a lead without a phone is for somebody to look at', async (t) => {
  const thin = await startThin(t);
  const source = await thin.makeSource('meta');
  thin.platform.answer((_, response) => answerJson(response, 200, metaLead(LEAD, null)));
  await source.push(LEAD);
  await thin.round();
  t.match(await thin.fetches(), [{ state: 'fetched', fault: 'no_identity' }]);
  const { body } = await thin.service.call('GET', '/v1/quarantine?state=open');
  t.match(body.items, [{ code: 'phone_empty', external_id: LEAD }]);

  // The form asks for it in other words: with a map that knows them it is fetched again.
  thin.platform.answer((_, response) => answerJson(response, 200, metaLead(LEAD, null, { frage_7: '13800138002' })));
  const { headers } = await thin.service.call('GET', `/v1/sources/${source.id}`);
  const settings = { api_base: thin.platform.url, field_map: { fields: { 'person.phone': { label: 'frage_7' } } } };
  const path = `/v1/sources/${source.id}`;
  await thin.service.call('PATCH', path, { headers: { 'if-match': `${headers['etag']}` }, body: { settings } });
  await thin.service.inbound.book.refresh();
  t.strictSame((await thin.service.call('POST', `${path}/fetches/retry`, { body: {} })).body, { retried: 1 });
  await thin.round();
  t.match(await thin.fetches(), [{ state: 'fetched', fault: null }]);
  const [, , lead] = await submissions(thin, source.id);
  t.match(lead, { decision: 'created', phone: '+8613800138002', occurred_at: MADE });
  t.strictSame((await thin.service.call('GET', '/v1/quarantine?state=open')).body.items, []);
});

t.test('a test lead of the platform is a test', async (t) => {
  const thin = await startThin(t);
  const source = await thin.makeSource('meta');
  const dummy = { full_name: '<test lead: dummy data for full_name>' };
  thin.platform.answer((_, response) => answerJson(response, 200, metaLead(LEAD, '13800138001', dummy)));
  await source.push(LEAD);
  await thin.round();
  t.match(await submissions(thin, source.id), [{}, { decision: 'test' }]);
});

t.test('a refused token alarms, costs no attempt, and its successor is used at once', async (t) => {
  const thin = await startThin(t);
  const { service, platform, round, refused } = thin;
  const source = await thin.makeSource('meta', { requests_per_minute: 6000 });
  platform.answer(({ headers }, response) =>
    headers['authorization'] === 'Bearer second-token'
      ? answerJson(response, 200, metaLead(LEAD, '13800138003'))
      : answerJson(response, 400, { error: { code: 190, message: 'expired' } }),
  );
  await source.push(LEAD);
  await source.push('200000000000009');
  t.equal(await round(), 2);
  t.match(refused, [{ id: source.id }], 'told once for both');
  t.match(await thin.fetches(), [
    { state: 'pending', fault: 'unauthorised', attempts: 0, due: 600 },
    { state: 'pending', fault: 'unauthorised', attempts: 0 },
  ]);
  const metrics = (await service.call('GET', '/metrics')).text;
  t.match(metrics, `clew_fetch_unauthorised{source="${source.id}"} 2`);
  t.match(metrics, `clew_fetch_pending{source="${source.id}"} 2`);
  t.equal(await round(61), 0, 'not tried again before its time');
  t.equal(await round(600), 1, 'then one is tried for all');
  t.equal(platform.received.length, 3);

  const { headers } = await service.call('GET', `/v1/sources/${source.id}`);
  const changed = await service.call('PATCH', `/v1/sources/${source.id}`, {
    headers: { 'if-match': `${headers['etag']}` },
    body: { credentials: { access_token: 'second-token' } },
  });
  t.equal(changed.status, 200, changed.text);
  for (let second = 0; second < 4; second += 1) await round();
  t.match(await thin.fetches(), [{ state: 'fetched' }, { state: 'fetched' }]);
});

t.test('a platform that wants fewer requests gets none until it said', async (t) => {
  const thin = await startThin(t);
  const source = await thin.makeSource('meta');
  thin.platform.answer((_, response) => answerJson(response, 429, {}, { 'retry-after': '120' }));
  await source.push(LEAD);
  t.equal(await thin.round(), 1);
  t.match(await thin.fetches(), [{ state: 'pending', fault: 'throttled', attempts: 0, due: 120 }]);
  await source.push('200000000000009');
  t.equal(await thin.round(60), 0, 'nor for another lead');
  thin.platform.answer((_, response) => answerJson(response, 200, metaLead(LEAD, '13800138004')));
  for (let second = 0; second < 3; second += 1) await thin.round(60);
  t.match(await thin.fetches(), [{ state: 'fetched' }, { state: 'fetched' }]);
});

t.test('what the platform has no more is dead, listed, and begun anew when asked', async (t) => {
  const thin = await startThin(t);
  const { service, platform, round } = thin;
  const source = await thin.makeSource('meta');
  platform.answer((_, response) => answerJson(response, 404, { error: { code: 100, error_subcode: 33 } }));
  await source.push(LEAD);
  await source.push('200000000000009');
  await round();
  t.equal(await round(86_400), 0);
  const path = `/v1/sources/${source.id}/fetches`;
  const first = (await service.call('GET', `${path}?state=dead&limit=1`)).body;
  t.match(first.items, [{ state: 'dead', fault: 'gone', attempts: 1, settled_at: String }]);
  const second = (await service.call('GET', `${path}?state=dead&limit=1&cursor=${first.next_cursor}`)).body;
  t.match(second, { items: [{ state: 'dead' }], next_cursor: null });
  t.not(second.items[0].id, first.items[0].id);
  t.equal((await service.call('GET', `${path}?state=pending`)).body.items.length, 0);
  t.equal((await service.call('GET', `${path}?cursor=${first.next_cursor}`)).status, 400, 'of another question');
  t.match(await submissions(thin, source.id), [{ decision: 'parked' }, { decision: 'parked' }], 'nothing is dropped');

  platform.answer((_, response) => answerJson(response, 200, metaLead(LEAD, '13800138005')));
  const one = await service.call('POST', `${path}/retry`, { body: { ids: [first.items[0].id] } });
  t.strictSame(one.body, { retried: 1 });
  t.equal(await round(), 1);
  t.strictSame((await service.call('POST', `${path}/retry`, { body: {} })).body, { retried: 1 });
  t.equal(await round(), 1);
  t.strictSame((await service.call('POST', `${path}/retry`, { body: {} })).body, { retried: 0 });
  t.match(await thin.fetches(), [{ state: 'fetched' }, { state: 'fetched' }]);
  const key = (await service.makeKey({ scopes: ['leads:read'] })).secret;
  t.equal((await service.call('GET', path, { key })).status, 403);
  t.equal((await service.call('GET', `/v1/sources/${crypto.randomUUID()}/fetches`)).status, 404);
});

t.test('a platform that fails is asked again on schedule, and given up after twelve times', async (t) => {
  const thin = await startThin(t);
  const source = await thin.makeSource('meta');
  const broken = [
    (response: Parameters<typeof answerJson>[0]) => answerJson(response, 503, {}),
    (response: Parameters<typeof answerJson>[0]) => void response.writeHead(200).end('{"field_data":['),
  ];
  thin.platform.answer((_, response) => broken[thin.platform.received.length % 2]?.(response));
  await source.push(LEAD);
  const waits: number[] = [];
  await thin.round();
  for (let attempt = 2; attempt <= 12; attempt += 1) {
    const [fetch] = await thin.fetches();
    t.match(fetch, { state: 'pending', fault: attempt % 2 === 0 ? 'http_200' : 'http_503', attempts: attempt - 1 });
    waits.push(fetch?.due ?? 0);
    t.equal(await thin.round((fetch?.due ?? 0) - 1), 0, 'not before');
    t.equal(await thin.round(), 1);
  }
  t.strictSame(waits, [10, 60, 300, 1800, 7200, 21_600, 86_400, 86_400, 86_400, 86_400, 86_400]);
  t.match(await thin.fetches(), [{ state: 'dead', attempts: 12 }]);
  t.match(await submissions(thin, source.id), [{ decision: 'parked' }]);
});

t.test(
  'a platform that does not answer pauses its source only, and addresses of this machine are never asked',
  async (t) => {
    const thin = await startThin(t);
    const strict = thin.another({}, { http: 'allow', allowed: [] });
    const source = await thin.makeSource('meta');
    await source.push(LEAD);
    t.equal(await thin.round(1, strict), 1);
    t.match(await thin.fetches(), [{ state: 'pending', fault: 'target_forbidden', attempts: 1 }]);
    t.equal(thin.platform.received.length, 0);
    await source.push('200000000000009');
    t.equal(await thin.round(1, strict), 0, 'paused');
  },
);

t.test('a paused source is not fetched from until it is resumed', async (t) => {
  const thin = await startThin(t);
  const source = await thin.makeSource('meta');
  thin.platform.answer((_, response) => answerJson(response, 200, metaLead(LEAD, '13800138006')));
  await source.push(LEAD);
  await thin.service.call('POST', `/v1/sources/${source.id}/pause`);
  await thin.service.inbound.book.refresh();
  t.equal(await thin.round(), 0);
  await thin.service.call('POST', `/v1/sources/${source.id}/resume`);
  await thin.service.inbound.book.refresh();
  t.equal(await thin.round(), 1);
});

t.test('several processes fetch each lead once, within the rate of each', async (t) => {
  const thin = await startThin(t);
  const { platform } = thin;
  const source = await thin.makeSource('meta', { requests_per_minute: 1200 });
  platform.answer(({ path }, response) => {
    const id = /\/(\d+)\?/.exec(path)?.[1] ?? '';
    answerJson(response, 200, metaLead(id, `138001380${id.slice(-2)}`));
  });
  await Promise.all(Array.from({ length: 40 }, (_, n) => source.push(`3000000000000${n + 10}`)));
  const fetchers = [thin.fetcher, thin.another(), thin.another()];
  let most = 0;
  for (let done = 0; done < 40; ) {
    const counts = await Promise.all(fetchers.map((fetcher, n) => thin.round(n === 0 ? 1 : 0, fetcher)));
    most = Math.max(most, ...counts);
    const asked = counts.reduce((sum, count) => sum + count, 0);
    if (asked === 0) break;
    done += asked;
  }
  t.equal(platform.received.length, 40);
  t.equal(new Set(platform.received.map(({ path }) => path)).size, 40);
  t.ok(most <= 20, `${most} in a round`);
  t.ok((await thin.fetches()).every(({ state }) => state === 'fetched'));
  const leads = await thin.service.db.selectFrom('lead').select('id').execute();
  t.equal(leads.length, 40);
});

t.test('a process that died with a claim costs nothing but its lease', async (t) => {
  const thin = await startThin(t);
  const { db } = thin.service;
  const source = await thin.makeSource('meta');
  thin.platform.answer((_, response) => answerJson(response, 200, metaLead(LEAD, '13800138007')));
  await source.push(LEAD);
  const claim = (leaseMs: number) => claimFetches(db, { sourceId: source.id, most: 20, leaseMs, now: BEGAN });
  t.equal((await claim(60_000)).length, 1);
  t.equal(await thin.round(), 0, 'it is held');
  await db
    .updateTable('lead_fetch')
    .set({ lease_until: new Date(0) })
    .execute();

  // It had taken the lead in, and died before it could say so.
  const dying: Capture = {
    ...thin.service.capture,
    submit: async (items) => {
      await thin.service.capture.submit(items);
      throw new Error('killed');
    },
  };
  t.equal(await thin.round(1, thin.another({ capture: dying })), 1);
  t.match(await thin.fetches(), [{ state: 'pending' }]);
  await db
    .updateTable('lead_fetch')
    .set({ lease_until: new Date(0) })
    .execute();
  t.equal(await thin.round(), 1);
  t.match(await thin.fetches(), [{ state: 'fetched', attempts: 3 }]);
  t.match(await submissions(thin, source.id), [{ decision: 'parked' }, { decision: 'created' }], 'once');
});

t.test('what another push has completed meanwhile is left as it is', async (t) => {
  const thin = await startThin(t);
  const { service } = thin;
  const source = await thin.makeSource('meta');
  thin.platform.answer((_, response) => answerJson(response, 200, metaLead(LEAD, '13800138008')));
  await source.push(LEAD);
  await completeBy(t, thin, source.id, '13800138009');
  await thin.round();
  t.match(await thin.fetches(), [{ state: 'fetched', fault: 'idempotency_conflict' }]);
  t.match(await submissions(thin, source.id), [{ decision: 'parked' }, { phone: '+8613800138009' }]);
  t.strictSame((await service.call('GET', '/v1/quarantine')).body.items, []);
});

async function completeBy(t: Test, { service }: Thin, sourceId: string, phone: string): Promise<void> {
  const loaded = await service.inbound.book.byId(sourceId);
  if (loaded === null) throw new Error('no source');
  const draft = { external_id: LEAD, person: { phone } };
  const [result] = await service.capture.submit([
    {
      draft,
      raw: Buffer.from('{}'),
      contentType: 'application/json',
      idempotencyKey: null,
      source: loaded.rules,
      actor: 'test',
      requestId: null,
      mode: 'live',
      receivedAt: BEGAN + 1,
    },
  ]);
  t.match(result, { outcome: { decision: 'created' } });
}
