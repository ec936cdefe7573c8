import t from 'tap';
import { captureAt, phoneOf, REASON } from '../../helpers/captured.ts';
import { startService } from '../../helpers/service.ts';

t.test('scenario 147: who read a phone, when, why and by which request', async (t) => {
  const service = await startService(t);
  const one = await captureAt(service, phoneOf(1), '2026-06-01T10:00:00');
  const two = await captureAt(service, phoneOf(2), '2026-06-02T10:00:00');
  const crm = await service.makeKey({ name: 'crm', scopes: ['leads:read', 'pii:read'] });
  const read = (path: string, at: number, reason: string) => {
    service.setClock(at);
    return service.call('GET', path, {
      key: crm.secret,
      headers: {
        'access-reason': encodeURIComponent(reason),
        'on-behalf-of': 'adviser:A1',
        'x-request-id': `request-${at}`,
      },
    });
  };
  await read(`/v1/leads/${one.lead_id}`, Date.UTC(2026, 6, 1), '回访客户');
  await read('/v1/leads', Date.UTC(2026, 6, 2), '导出');
  await read(`/v1/customers/${two.customer_id}`, Date.UTC(2026, 6, 3), '核对');
  service.setClock(null);
  const audit = async (query: string) => {
    const reply = await service.call('GET', `/v1/audit${query}`);
    if (reply.status !== 200) throw new Error(`${reply.status} ${reply.text}`);
    return reply.body;
  };
  const reasons = async (query: string) => (await audit(query)).items.map((entry: { reason: string }) => entry.reason);

  const { items } = await audit('?action=phone.read');
  t.match(items, [
    { subject: { kind: 'customer', id: two.customer_id }, reason: '核对', at: '2026-07-03T00:00:00.000Z' },
    { subject: { kind: 'lead', id: null }, detail: { route: 'GET /v1/leads', ids: [two.lead_id, one.lead_id] } },
    {
      actor: 'adviser:A1 via key:crm',
      action: 'phone.read',
      subject: { kind: 'lead', id: one.lead_id },
      reason: '回访客户',
      request_id: `request-${Date.UTC(2026, 6, 1)}`,
      at: '2026-07-01T00:00:00.000Z',
    },
  ]);
  t.same(await reasons(`?subject=${one.lead_id}`), ['导出', '回访客户'], 'also where a list held the lead');
  t.same(await reasons(`?subject=${two.lead_id}`), ['导出']);
  t.same(await reasons('?actor=adviser:A1%20via%20key:crm'), ['核对', '导出', '回访客户']);
  t.same(await reasons('?actor=key:crm'), []);
  t.same(await reasons('?action=phone.read&from=2026-07-02T08:00:00&to=2026-07-03T08:00:00'), ['导出']);
  t.match((await audit('?action=key.created')).items[0].subject, { kind: 'key' });

  await t.test('page by page', async (t) => {
    const found: string[] = [];
    let cursor = '';
    do {
      const page = await audit(`?action=phone.read&limit=1${cursor}`);
      found.push(...page.items.map((entry: { reason: string }) => entry.reason));
      cursor = page.next_cursor === null ? '' : `&cursor=${page.next_cursor}`;
    } while (cursor !== '');
    t.same(found, ['核对', '导出', '回访客户']);
    const { next_cursor } = await audit('?limit=1');
    const reply = await service.call('GET', `/v1/audit?action=phone.read&cursor=${next_cursor}`);
    t.same([reply.status, reply.body.code], [400, 'cursor_invalid']);
  });

  await t.test('is for admins, and nobody changes it', async (t) => {
    const { secret } = await service.makeKey({ scopes: ['leads:read', 'leads:write', 'pii:read', 'ops'] });
    t.equal((await service.call('GET', '/v1/audit', { key: secret })).status, 403);
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
      t.equal((await service.call(method, '/v1/audit', { body: {} })).status, 405, method);
      t.equal((await service.call(method, `/v1/audit/${items[0].id}`, { body: {} })).status, 404, method);
    }
  });
});

t.test('a phone is not answered when its reading cannot be written down', async (t) => {
  const service = await startService(t);
  const { lead_id } = await captureAt(service, '13800138000', '2026-06-01T10:00:00');
  await service.db.schema.alterTable('audit').renameTo('audit_elsewhere').execute();
  const reply = await service.call('GET', `/v1/leads/${lead_id}`, { headers: REASON });
  t.equal(reply.status, 500);
  t.notMatch(reply.text, /13800138000/);
  t.equal((await service.call('GET', `/v1/leads/${lead_id}`)).status, 200, 'masked needs no entry');
});
