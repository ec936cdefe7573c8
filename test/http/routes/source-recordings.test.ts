import t from 'tap';
import { recordingsWorker } from '../../../src/workers/recordings.ts';
import { pushedSource, tencentLead } from '../../helpers/pushed.ts';
import { startService } from '../../helpers/service.ts';

const FULL = { 'access-reason': 'the signature is refused' };
const PAYLOAD = { id: 'wf-1', formId: 'f', submittedAt: '2026-04-12T01:30:00.000Z', data: { Phone: '13800138002' } };
const WEBFLOW = { triggerType: 'form_submission', payload: PAYLOAD };
const SIGNED = { 'x-webflow-signature': '0123456789abcdef', 'x-webflow-timestamp': '1775959140000' };

t.test('the next pushes are kept whole, refused ones too, and shown without secrets and phones', async (t) => {
  const service = await startService(t);
  const { call } = service;
  const { id, address, push } = await pushedSource(service, { name: 'wf', kind: 'webflow', secret: 'wf-secret' });
  const list = async (headers: Record<string, string> = {}, query = '') =>
    (await call('GET', `/v1/sources/${id}/recordings${query}`, { headers })).body;
  await push(WEBFLOW, { headers: SIGNED });
  t.strictSame(await list(), { remaining: 0, items: [] }, 'nothing is kept that nobody asked for');

  const started = await call('POST', `/v1/sources/${id}/recordings`, { body: { count: 2 } });
  t.match(started, { status: 200, body: { source_id: id, count: 2 } });
  t.equal((await push(WEBFLOW, { headers: { ...SIGNED, authorization: 'Bearer 0123456789' } })).status, 401);
  const odd = Buffer.from([0xff, 0xfe, 0x00]);
  await call('POST', `${address}?token=0123456789abcdef`, { key: null, raw: odd, headers: SIGNED });
  await push(WEBFLOW, { headers: SIGNED });
  const { remaining, items } = await list();
  t.equal(remaining, 0);
  t.match(items, [
    { query: 'token=0123…', body: null, body_bytes: 3, body_encoding: 'base64' },
    {
      masked: 'access_reason_missing',
      method: 'POST',
      path: '/v1/hooks/…',
      headers: { authorization: 'Bear…', 'x-webflow-signature': '0123…', 'x-webflow-timestamp': '1775959140000' },
    },
  ]);
  t.equal(items.length, 2, 'so many and no more');
  t.match(items[1].verdict, /^signature_/);
  t.match(items[1].body, '"Phone":"*******8002"');
  t.notMatch(JSON.stringify(items), '13800138002');
  t.notMatch(JSON.stringify(items), address.slice(10));

  const full = await list(FULL);
  t.match(full.items, [
    { masked: null, body: odd.toString('base64') },
    { body: JSON.stringify(WEBFLOW), headers: { 'x-webflow-signature': '0123…' } },
  ]);
  t.match((await call('GET', '/v1/audit?action=phone.read')).body.items, [
    { subject: { kind: 'source', id }, reason: 'the signature is refused' },
  ]);
  t.equal((await list({}, '?limit=1')).items.length, 1);

  t.match((await call('DELETE', `/v1/sources/${id}/recordings`)).body, { source_id: id, forgotten: 2 });
  t.match((await call('DELETE', `/v1/sources/${id}/recordings`)).body, { forgotten: 0 });
  t.strictSame(await list(), { remaining: 0, items: [] });
  t.match(
    (await call('GET', '/v1/audit')).body.items.map((it: { action: string }) => it.action),
    ['source.recordings_forgotten', 'source.recordings_forgotten', 'phone.read', 'source.recording_started'],
  );
});

t.test('forgetting ends a recording that is under way', async (t) => {
  const service = await startService(t);
  const { call } = service;
  const { id, push } = await pushedSource(service, { name: 'tx', kind: 'tencent' });
  await call('POST', `/v1/sources/${id}/recordings`, { body: { count: 10 } });
  await push(tencentLead());
  t.match((await call('GET', `/v1/sources/${id}/recordings`)).body, { remaining: 9, items: [{ verdict: 'accepted' }] });
  await call('DELETE', `/v1/sources/${id}/recordings`);
  await push(tencentLead());
  t.strictSame((await call('GET', `/v1/sources/${id}/recordings`)).body, { remaining: 0, items: [] });
});

t.test('what is asked for has to make sense', async (t) => {
  const service = await startService(t);
  const { call } = service;
  const { id } = await pushedSource(service, { name: 'tx', kind: 'tencent' });
  for (const count of [0, 1001, 1.5, 'all']) {
    t.equal((await call('POST', `/v1/sources/${id}/recordings`, { body: { count } })).status, 422, String(count));
  }
  const { body: rest } = await call('POST', '/v1/sources', { body: { name: 'api', kind: 'rest' } });
  t.equal((await call('POST', `/v1/sources/${rest.id}/recordings`, { body: { count: 1 } })).status, 422);
  const reader = await service.makeKey({ scopes: ['leads:read', 'pii:read'] });
  t.equal((await call('GET', `/v1/sources/${id}/recordings`, { key: reader.secret })).status, 403);
});

t.test('a week after they are gone; erasing anybody forgets them at once', async (t) => {
  const service = await startService(t);
  const { call, db, setClock } = service;
  const { id, push } = await pushedSource(service, { name: 'tx', kind: 'tencent' });
  await call('POST', `/v1/sources/${id}/recordings`, { body: { count: 10 } });
  const now = Date.now();
  setClock(now - 8 * 86_400_000);
  await push(tencentLead());
  setClock(now);
  await push(tencentLead({ leads_id: '2' }));
  const count = async () => (await call('GET', `/v1/sources/${id}/recordings`)).body.items.length;
  t.equal(await count(), 2);
  t.equal(await recordingsWorker(db, () => now).round(), 1);
  t.equal(await recordingsWorker(db, () => now).round(), 0);
  t.equal(await count(), 1);
  const { body: other } = await call('POST', '/v1/leads', { body: { person: { phone: '13900139000' } } });
  const erased = await call('POST', `/v1/customers/${other.customer_id}/erase`, { body: { reason: 'asked' } });
  t.equal(erased.status, 200, erased.text);
  t.equal(await count(), 0);
});
