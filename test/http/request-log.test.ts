import t from 'tap';
import { inboundRequestId } from '../../src/http/request-log.ts';
import { recordingCapture } from '../helpers/recording-capture.ts';
import { startService } from '../helpers/service.ts';

t.test('takes a plain request id and nothing that could be a phone', async (t) => {
  for (const id of [
    '0197a3c2-5d10-7abc-8def-0123456789ab',
    'req_12345678',
    '1780000000000-abc',
    '7390000000000000001',
  ]) {
    t.equal(inboundRequestId(id), id, id);
  }
  for (const id of [
    'short',
    'x'.repeat(129),
    '-leading',
    'with blank 1',
    'a\nb-12345',
    '13800138000',
    'p-13800138000-x',
    '8613800138000',
    '+8613800138000',
    '请求-12345678',
  ]) {
    t.equal(inboundRequestId(id), null, id);
  }
  t.equal(inboundRequestId(['abcdefgh', 'abcdefgh']), null);
  t.equal(inboundRequestId(undefined), null);
});

t.test('one line a request: what was asked of which route by which key, and how it went', async (t) => {
  const { call, makeKey, logs } = await startService(t, { capture: recordingCapture() });
  const { id, secret } = await makeKey({});
  const before = logs().length;
  await call('POST', '/v1/leads?dry_run=true', {
    key: secret,
    body: { person: { phone: '1' } },
    headers: { 'x-request-id': 'request-1' },
  });
  const lines = logs().slice(before);
  t.equal(lines.length, 1);
  t.match(lines[0], {
    level: 30,
    msg: 'request.completed',
    request_id: 'request-1',
    method: 'POST',
    route: '/v1/leads',
    status: 201,
    ms: Number,
    key_id: id,
  });
  await call('POST', '/v1/leads', { key: secret, body: { person: 1 } });
  t.match(logs().at(-1), { status: 422, code: 'body_invalid' });
});

t.test('a person and a secret pushed in anywhere appear in no line and no metric', async (t) => {
  const { call, adminKey, logs } = await startService(t);
  const phone = '13987654321';
  const lead = { external_id: phone, person: { phone, name: '张某某' }, extra: { [phone]: phone } };
  await call('POST', '/v1/leads', { body: lead });
  await call('POST', '/v1/leads', {
    body: lead,
    headers: {
      'x-request-id': phone,
      'idempotency-key': phone,
      'access-reason': phone,
      'user-agent': phone,
      referer: phone,
    },
  });
  await call('POST', '/v1/leads', { body: { ...lead, [phone]: phone } });
  await call('POST', '/v1/leads', { body: { person: { phone: `${phone}x7`, name: phone } } });
  await call('POST', '/v1/leads', { raw: `{"phone": ${phone} ${phone}` });
  await call('POST', '/v1/leads', { raw: `{"${phone}": 1, "${phone}": 1}` });
  await call('POST', `/v1/leads?phone=${phone}`, { body: lead });
  await call('GET', `/v1/leads/${phone}/nope`, {});
  await call('GET', `/${phone}`, {});
  await call(`POST`, `/v1/${phone}`, { key: `clew_${phone.padStart(43, '0')}`, body: lead });
  await call('POST', '/v1/leads/batch', { body: { items: [lead, { [phone]: 1 }] } });
  t.ok(logs().length >= 11, 'every one was logged');
  const metrics = await call('GET', '/metrics');
  for (const [name, text] of [
    ['log', JSON.stringify(logs())],
    ['metrics', metrics.text],
  ] as const) {
    t.notMatch(text, /13987654321|张某某/, `no person in the ${name}`);
    t.notOk(text.includes(adminKey), `no key in the ${name}`);
  }
});
