import { createPublicKey, verify } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import t from 'tap';
import { startReceiver } from '../../helpers/receiver.ts';
import { type Service, startService } from '../../helpers/service.ts';

async function endpointTo({ call }: Service, url: string, more: object = {}) {
  const made = await call('POST', '/v1/endpoints', { body: { url, events: ['lead.*'], ...more } });
  return made.body;
}

const sendTest = ({ call }: Service, id: string, body?: object) =>
  call('POST', `/v1/endpoints/${id}/test`, body === undefined ? {} : { body });

const plain = (headers: object) => headers as Record<string, string>;

t.test('a test is a marked event, signed as the published verifier wants it', async (t) => {
  const service = await startService(t);
  const receiver = await startReceiver(t);
  const made = await endpointTo(service, `${receiver.url}/in?key=1`, {
    headers: { 'x-key': 'v', 'user-agent': 'crm' },
  });
  const answer = await sendTest(service, made.id);
  t.match(answer, { status: 200, body: { delivered: true, result: 'delivered', status: 200, excerpt: '{}' } });
  t.ok(answer.body.duration_ms >= 0);
  const [received] = receiver.received;
  t.equal(receiver.received.length, 1);
  t.match(received?.body, { type: 'lead.created', test: true, version: 1, data: { lead: { phone: '138****8000' } } });
  t.match(received?.headers, {
    'content-type': 'application/json',
    'user-agent': 'crm',
    'x-key': 'v',
    'webhook-id': received?.body.id,
    'clew-test': 'true',
    'clew-event-type': 'lead.created',
    'clew-attempt': '1',
    'clew-sequence': '1',
    'clew-event-age': '0',
    'clew-lead-age': '0',
  });
  const verified = new Webhook(made.secret).verify(received?.text ?? '', plain(received?.headers ?? {}));
  t.strictSame(verified, received?.body);
  t.throws(() => new Webhook(made.secret).verify(`${received?.text} `, plain(received?.headers ?? {})), /No matching/);
  t.equal(answer.body.request.body, received?.text);
  t.ok(answer.body.request.headers.includes('x-key') && answer.body.request.headers.includes('webhook-signature'));
  t.notMatch(JSON.stringify(answer.body.request.headers), /"v"/, 'names only');
});

t.test('while a secret is rotated, both sign', async (t) => {
  const service = await startService(t);
  const receiver = await startReceiver(t);
  const made = await endpointTo(service, receiver.url);
  const rotated = await service.call('POST', `/v1/endpoints/${made.id}/rotate-secret`, {
    body: { overlap_seconds: 60 },
  });
  const send = async () => {
    await sendTest(service, made.id);
    const { text = '', headers = {} } = receiver.received.at(-1) ?? {};
    return (secret: string) => new Webhook(secret).verify(text, plain(headers));
  };
  const during = await send();
  t.doesNotThrow(() => during(made.secret));
  t.doesNotThrow(() => during(rotated.body.secret));
  await service.call('POST', `/v1/endpoints/${made.id}/rotate-secret`, { body: { overlap_seconds: 0 } });
  const after = await send();
  t.throws(() => after(made.secret), /No matching/);
  t.throws(() => after(rotated.body.secret), /No matching/);
});

t.test('an Ed25519 signature is verified with the public key that is shown', async (t) => {
  const service = await startService(t);
  const receiver = await startReceiver(t);
  const made = await endpointTo(service, receiver.url, { signature: 'v1a' });
  await sendTest(service, made.id);
  const { text = '', headers = {} } = receiver.received[0] ?? {};
  const sent = plain(headers);
  const x = Buffer.from(made.public_key.replace('whpk_', ''), 'base64').toString('base64url');
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
  const [scheme, signature = ''] = (sent['webhook-signature'] ?? '').split(',');
  t.equal(scheme, 'v1a');
  const signed = (body: string) => Buffer.from(`${sent['webhook-id']}.${sent['webhook-timestamp']}.${body}`);
  t.ok(verify(null, signed(text), key, Buffer.from(signature, 'base64')));
  t.notOk(verify(null, signed(`${text} `), key, Buffer.from(signature, 'base64')));
});

t.test('a test says what the receiver said, whatever that is, and counts for nothing', async (t) => {
  const service = await startService(t);
  const { db } = service;
  const receiver = await startReceiver(t);
  const made = await endpointTo(service, receiver.url, { retry_schedule: [0, 0, 0] });
  receiver.answer(500);
  t.match(await sendTest(service, made.id), {
    status: 200,
    body: { delivered: false, result: 'http_500', status: 500 },
  });
  receiver.answer(410);
  t.match(await sendTest(service, made.id), { body: { delivered: false, result: 'http_410' } });
  t.equal(receiver.received.length, 2, 'it is not tried again');
  t.match((await service.call('GET', `/v1/endpoints/${made.id}`)).body, {
    state: 'active',
    version: 1,
    health: { failing_since: null, last_failure_at: null, breaker: 'closed' },
  });
  for (const table of ['delivery', 'delivery_due', 'delivery_body', 'attempt', 'endpoint_health', 'event'] as const)
    t.strictSame(await db.selectFrom(table).selectAll().execute(), [], `nothing in ${table}`);
  const nowhere = await endpointTo(service, 'http://127.0.0.1:9/');
  t.match((await sendTest(service, nowhere.id)).body, { delivered: false, status: null, result: /^[a-z_]+$/ });
  t.match((await sendTest(service, '00000000-0000-7000-8000-000000000000')).body, { code: 'not_found' });
});

t.test("a paused endpoint is tested too, with a type of the caller's choice", async (t) => {
  const service = await startService(t);
  const receiver = await startReceiver(t);
  const made = await endpointTo(service, receiver.url, { payload: 'thin' });
  await service.call('POST', `/v1/endpoints/${made.id}/pause`);
  t.match((await sendTest(service, made.id, { type: 'deal.recorded' })).body, { delivered: true });
  t.match(receiver.received[0]?.body, { type: 'deal.recorded', subject: { kind: 'deal' } });
  t.strictSame(Object.keys(receiver.received[0]?.body.data.lead), ['id'], 'as thin as the endpoint');
  t.match((await sendTest(service, made.id, {})).body, { delivered: true });
  t.equal(receiver.received[1]?.body.type, 'lead.created');
  t.match((await sendTest(service, made.id, { type: 'deal.recordd' })).body, {
    code: 'body_invalid',
    errors: [{ path: '/type', hint: 'Did you mean deal.recorded?' }],
  });
});

t.test('mapping and condition apply to a test as to a delivery', async (t) => {
  const service = await startService(t);
  const receiver = await startReceiver(t);
  const made = await endpointTo(service, receiver.url, {
    mapping: '{ "mobile": data.lead.phone, "kind": type }',
    success_when: 'body.errcode = 0',
  });
  receiver.answer((_received, response) => response.end('{"errcode":0}'));
  t.match((await sendTest(service, made.id)).body, { delivered: true, request: { body: receiver.received[0]?.text } });
  t.strictSame(receiver.received[0]?.body, { mobile: '138****8000', kind: 'lead.created' });
  receiver.answer((_received, response) => response.end('{"errcode":19024,"errmsg":"no"}'));
  t.match((await sendTest(service, made.id)).body, {
    delivered: false,
    result: 'answer_refused',
    status: 200,
    excerpt: '{"errcode":19024,"errmsg":"no"}',
  });
  const picky = await endpointTo(service, receiver.url, { mapping: 'data.lead.phone' });
  const failed = await sendTest(service, picky.id, { type: 'customer.merged' });
  t.match(failed.body, { delivered: false, result: 'mapping_empty', status: null, request: null });
});

t.test('an answer that never comes ends with the timeout of the endpoint', async (t) => {
  const service = await startService(t);
  const receiver = await startReceiver(t);
  const made = await endpointTo(service, receiver.url, { timeout_ms: 500 });
  receiver.answer(() => undefined);
  const { body } = await sendTest(service, made.id);
  t.match(body, { delivered: false, status: null });
  t.ok(body.duration_ms < 5_000, `${body.duration_ms} ms`);
});
