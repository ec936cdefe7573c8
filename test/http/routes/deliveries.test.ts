import t from 'tap';
import { listAudit } from '../../../src/store/audit.ts';
import { id } from '../../helpers/deliveries.ts';
import { delivering, NOW } from '../../helpers/delivering.ts';
import type { Service } from '../../helpers/service.ts';

const HOUR = 3_600_000;
const REASON = { 'access-reason': 'a receiver asks' };

async function read(service: Service, path: string, call = {}) {
  const reply = await service.call('GET', path, call);
  if (reply.status !== 200) throw new Error(`${reply.status} ${reply.text}`);
  return reply.body;
}

t.test('a delivery that fails is seen with its attempts, its next time and what it sends', async (t) => {
  const { service, receiver, id: endpointId, lead, at } = await delivering(t);
  receiver.answer((_received, response) => response.writeHead(503).end('busy, call 13800138000'));
  const { leadId } = await lead();
  await at(NOW);
  const { items, next_cursor } = await read(service, `/v1/deliveries?lead_id=${leadId}`);
  t.equal(next_cursor, null);
  t.equal(items.length, 1);
  const [listed] = items;
  t.match(listed, {
    endpoint_id: endpointId,
    event_type: 'lead.created',
    lead_id: leadId,
    sequence: 1,
    previous_sequence: null,
    state: 'pending',
    reason: 'http_503',
    attempt_count: 1,
    last_attempt_at: new Date(NOW).toISOString(),
    last_status: 503,
    settled_at: null,
  });
  const detail = await read(service, `/v1/deliveries/${listed.id.toUpperCase()}`);
  const { next_attempt_at, attempts, content_type, body, body_masked, ...rest } = detail;
  t.strictSame(rest, listed);
  t.ok(Date.parse(next_attempt_at) >= NOW + 5000 && Date.parse(next_attempt_at) <= NOW + 6000, next_attempt_at);
  t.match(attempts, [{ number: 1, at: new Date(NOW).toISOString(), result: 'http_503', status: 503 }]);
  t.match(attempts[0].excerpt, /^busy, call /);
  t.notMatch(attempts[0].excerpt, '13800138000');
  t.strictSame([body, content_type, body_masked], [receiver.received[0]?.text, 'application/json', false], 'as sent');
  t.strictSame((await read(service, `/v1/deliveries/${listed.id}/attempts`)).items, attempts);
  for (const path of [`/v1/deliveries/${id()}`, `/v1/deliveries/${id()}/attempts`]) {
    t.match(await service.call('GET', path), { status: 404, body: { code: 'not_found' } });
  }
});

t.test('lists go page by page, and say what is wrong with a question', async (t) => {
  const { service, id: endpointId, lead, at } = await delivering(t);
  const leads = [await lead(), await lead(), await lead()];
  await at(NOW);
  const all = (await read(service, '/v1/deliveries')).items.map((it: { id: string }) => it.id);
  t.equal(all.length, 3);
  for (const query of [`endpoint_id=${endpointId}`, 'state=delivered&state=pending', 'from=2001-01-01']) {
    const found: string[] = [];
    for (let cursor = ''; ; ) {
      const page = await read(service, `/v1/deliveries?limit=2&${query}${cursor}`);
      found.push(...page.items.map((it: { id: string }) => it.id));
      if (page.next_cursor === null) break;
      cursor = `&cursor=${page.next_cursor}`;
    }
    t.strictSame(found, all, query);
  }
  t.strictSame((await read(service, '/v1/deliveries?state=dead')).items, []);
  const { next_cursor } = await read(service, '/v1/deliveries?limit=1');
  const refused: readonly (readonly [string, number, string])[] = [
    [`state=dead&cursor=${next_cursor}`, 400, 'cursor_invalid'],
    ['cursor=x', 400, 'cursor_invalid'],
    ['state=lost', 400, 'query_invalid'],
    ['lead_id=1', 400, 'query_invalid'],
    ['from=soon', 400, 'query_invalid'],
    [`lead_id=${leads[0]?.leadId}&event_id=${id()}`, 400, 'query_invalid'],
  ];
  for (const [query, status, code] of refused) {
    t.match(await service.call('GET', `/v1/deliveries?${query}`), { status, body: { code } }, query);
  }
  const { secret } = await service.makeKey({ scopes: ['leads:read', 'leads:write', 'pii:read'] });
  t.equal((await service.call('GET', '/v1/deliveries', { key: secret })).status, 403);
});

t.test('a body with persons in full is shown with scope and reason only, and the reading is audited', async (t) => {
  const { service, receiver, id: endpointId, lead, at } = await delivering(t, { payload: 'full' });
  const { leadId, phone } = await lead();
  await at(NOW);
  t.match(receiver.received[0]?.text, phone);
  const [{ id: deliveryId }] = (await read(service, '/v1/deliveries')).items;
  const shown = async (call: object) => {
    const { body, body_masked, content_type } = await read(service, `/v1/deliveries/${deliveryId}`, call);
    return { body, body_masked, content_type };
  };
  const ops = (await service.makeKey({ scopes: ['ops'] })).secret;
  const bound = (await service.makeKey({ scopes: ['ops', 'pii:read'], stores: ['S1'] })).secret;
  const masked = { body: null, body_masked: true, content_type: null };
  t.strictSame(await shown({}), masked, 'no reason');
  t.strictSame(await shown({ key: ops, headers: REASON }), masked, 'no scope');
  t.strictSame(await shown({ key: bound, headers: REASON }), masked, 'bound to a store');
  t.strictSame(await listAudit(service.db, { action: 'phone.read', limit: 9 }), []);
  t.strictSame(await shown({ headers: REASON }), {
    body: receiver.received[0]?.text,
    body_masked: false,
    content_type: 'application/json',
  });
  t.match(await listAudit(service.db, { action: 'phone.read', limit: 9 }), [
    { subjectKind: 'lead', subjectId: leadId, reason: 'a receiver asks', detail: { route: 'GET /v1/deliveries/:id' } },
  ]);
  // What was sent in full stays so, whatever the endpoint gets from now on.
  const { headers } = await service.call('GET', `/v1/endpoints/${endpointId}`);
  const change = { body: { payload: 'masked' }, headers: { 'if-match': String(headers['etag']) } };
  t.equal((await service.call('PATCH', `/v1/endpoints/${endpointId}`, change)).status, 200);
  t.strictSame(await shown({}), masked);
});

t.test('what died is sent again: one, and by filter', async (t) => {
  const { service, receiver, id: endpointId, lead, at } = await delivering(t, { retry_schedule: [0, 1] });
  receiver.answer(500);
  const [one, two, three] = [await lead(), await lead(), await lead()];
  await at(NOW);
  await at(NOW + HOUR);
  const dead = (await read(service, '/v1/deliveries?state=dead')).items as { id: string; lead_id: string }[];
  t.strictSame(dead.map((it) => it.lead_id).sort(), [one.leadId, two.leadId, three.leadId].sort());
  const deliveryOf = (leadId: string) => dead.find((it) => it.lead_id === leadId)?.id ?? '';
  receiver.answer(200);
  const sent = receiver.received.length;
  const post = (path: string, body?: object, more = {}) =>
    service.call('POST', `/v1/deliveries/${path}`, { ...(body === undefined ? {} : { body }), ...more });

  const first = await post(`${deliveryOf(one.leadId)}/redrive`, undefined, { headers: { 'idempotency-key': 'r-1' } });
  t.match(first, { status: 200, body: { state: 'pending', reason: null, attempt_count: 0 } });
  await at(NOW + HOUR + 1);
  t.equal(receiver.received.length, sent + 1);
  const again = receiver.received.at(-1);
  const before = receiver.received.find(({ headers }) => headers['webhook-id'] === again?.headers['webhook-id']);
  t.equal(again?.text, before?.text, 'the same bytes');
  t.match(again?.headers, { 'clew-attempt': '1' });
  t.match(await post(`${deliveryOf(one.leadId)}/redrive`), { status: 409, body: { code: 'state_conflict' } });
  const replayed = await post(`${deliveryOf(one.leadId)}/redrive`, undefined, {
    headers: { 'idempotency-key': 'r-1' },
  });
  t.strictSame([replayed.status, replayed.body], [200, first.body]);

  t.match(await post('redrive', { endpoint_id: endpointId, limit: 1 }), {
    status: 200,
    body: { redriven: 1, more: true },
  });
  t.match(await post('redrive', { event_type: 'deal.*' }), { body: { redriven: 0, more: false } });
  t.match(await post('redrive', { all: true }), { body: { redriven: 1, more: false } });
  await at(NOW + HOUR + 2);
  t.equal(receiver.received.length, sent + 3);
  t.strictSame((await read(service, '/v1/deliveries?state=dead')).items, []);
  const detail = await read(service, `/v1/deliveries/${deliveryOf(two.leadId)}`);
  t.match(detail, { state: 'delivered', attempt_count: 1, next_attempt_at: null });
  t.strictSame(
    detail.attempts.map((it: { result: string }) => it.result),
    ['delivered', 'http_500', 'http_500'],
    'with those before',
  );

  const invalid: readonly (readonly [object, string])[] = [
    [{}, ''],
    [{ limit: 5 }, ''],
    [{ all: true, states: ['dead'] }, '/states'],
    [{ all: false }, '/all'],
    [{ states: ['pending'] }, '/states/0'],
    [{ event_type: 'pigeon.*' }, '/event_type'],
    [{ reason: 'x', from: 'soon' }, '/from'],
    [{ endpoint: endpointId }, '/endpoint'],
  ];
  for (const [body, path] of invalid) {
    t.match(await post('redrive', body), { status: 422, body: { errors: [{ path }] } }, JSON.stringify(body));
  }
  const { secret } = await service.makeKey({ scopes: ['leads:read', 'leads:write', 'pii:read'] });
  t.equal((await post('redrive', { all: true }, { key: secret })).status, 403);
  const entries = await listAudit(service.db, { action: 'delivery.redriven', limit: 9 });
  t.strictSame(
    entries.map(({ actor }) => actor),
    ['key:admin', 'key:admin', 'key:admin'],
  );
});
