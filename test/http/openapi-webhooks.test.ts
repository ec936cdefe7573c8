import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import t, { type Test } from 'tap';
import { PAYLOAD_MODES } from '../../src/domain/endpoint.ts';
import { EVENT_TYPES, type EventType } from '../../src/domain/event.ts';
import { fitted, type PayloadFacts, payloadOf } from '../../src/domain/payload.ts';
import { EMPTY_PROFILE } from '../../src/domain/profile.ts';
import { climbLadder } from '../../src/flows/climb-ladder.ts';
import { createSeedSource } from '../../src/flows/seed.ts';
import { documentText } from '../../src/http/openapi.ts';
import { deliveryHeaders } from '../../src/webhooks/headers.ts';
import { sampleCustomer, sampleLead, sampleSubmission } from '../../src/webhooks/sample-facts.ts';
import { samplePayload } from '../../src/webhooks/sample-payload.ts';
import { scoreDecayWorker } from '../../src/workers/score-decay.ts';
import { delivering, NOW } from '../helpers/delivering.ts';
import { finish, importerOf } from '../helpers/importing.ts';
import { aLead } from '../helpers/lead.ts';
import { type Receiver, startReceiver } from '../helpers/receiver.ts';
import { recordingCapture } from '../helpers/recording-capture.ts';
import { MODEL } from '../helpers/scoring.ts';
import { startService } from '../helpers/service.ts';

type Json = Record<string, unknown>;
interface Webhook {
  readonly post: {
    readonly parameters: readonly { readonly $ref: string }[];
    readonly requestBody: {
      readonly content: Readonly<Record<string, { readonly schema: { readonly $ref: string } }>>;
    };
    readonly responses: Readonly<Record<string, { readonly $ref: string }>>;
  };
}
interface Document {
  readonly webhooks: Readonly<Record<string, Webhook>>;
  readonly components: Readonly<Record<'schemas' | 'parameters' | 'responses', Readonly<Record<string, Json>>>>;
}

const TYPES = Object.keys(EVENT_TYPES) as EventType[];

/** Every object with named members takes no other, so that nothing is undocumented. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const inner = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, closed(value)]));
  return 'properties' in inner && !('additionalProperties' in inner)
    ? { ...inner, additionalProperties: false }
    : inner;
}

function bodyChecks({ components, webhooks }: Document): (type: string) => ValidateFunction {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  ajv.addSchema({ $id: 'doc', components: { schemas: closed(components.schemas) } });
  const checks = new Map<string, ValidateFunction>();
  for (const [type, { post }] of Object.entries(webhooks)) {
    const { $ref } = post.requestBody.content['application/json']?.schema ?? { $ref: '' };
    checks.set(type, ajv.compile({ $ref: `doc${$ref}` }));
  }
  return (type) => {
    const check = checks.get(type);
    if (check === undefined) throw new Error(`${type} has no schema`);
    return check;
  };
}

t.test('the webhooks of the reference', async (t) => {
  const { app } = await startService(t, { capture: recordingCapture() });
  const document = JSON.parse(documentText(app)) as Document;
  const check = bodyChecks(document);
  const valid = (t: Test, type: string, body: unknown, name: string): void => {
    const validate = check(type);
    t.ok(validate(body), `${name}: ${JSON.stringify(validate.errors)}`);
  };

  t.test('there is one of every event type, sorted, and the document is valid OpenAPI 3.1', async (t) => {
    t.strictSame(Object.keys(document.webhooks), [...TYPES].sort());
    const validator = new Validator();
    const result = await validator.validate(JSON.parse(JSON.stringify(document)));
    t.equal(result.valid, true, JSON.stringify(result.errors ?? '').slice(0, 2000));
    t.equal(validator.version, '3.1');
    const names = Object.values(document.webhooks).map(
      ({ post }) => post.requestBody.content['application/json']?.schema.$ref.split('/').at(-1) ?? '',
    );
    t.equal(new Set(names).size, TYPES.length, 'each has a component of its own');
    for (const name of names) {
      const properties = document.components.schemas[name]?.['properties'] as Record<string, Json> | undefined;
      t.ok(TYPES.includes(properties?.['type']?.['const'] as EventType), `${name} names its type`);
      const { changed } = (properties?.['data']?.['properties'] ?? {}) as Partial<Record<string, Json>>;
      const [example] = (changed?.['examples'] ?? []) as Json[];
      t.ok(Object.keys(example ?? {}).length > 0, `${name} has an example of what changed`);
    }
  });

  t.test('the headers are those that are sent, and every answer says what follows', async (t) => {
    const facts = { deliveryId: 'd', attempt: 1, sequence: 1, leadAgeSeconds: 0, eventAgeSeconds: 0 };
    const signed = { 'webhook-id': '', 'webhook-timestamp': '', 'webhook-signature': '' };
    const more = { kind: 'test', eventType: 'lead.created', contentType: 'application/json' } as const;
    const sent = Object.keys(deliveryHeaders('1', {}, signed, { ...facts, ...more }));
    const least = Object.keys(
      deliveryHeaders('1', {}, signed, { ...facts, ...more, kind: 'live', sequence: null, leadAgeSeconds: null }),
    );
    const ours = (names: readonly string[]) => names.filter((name) => /^(?:clew|webhook)-/.test(name)).sort();
    for (const [type, { post }] of Object.entries(document.webhooks)) {
      const headers = post.parameters.map(({ $ref }) => document.components.parameters[$ref.split('/').at(-1) ?? '']);
      const named = (some: typeof headers) => some.map((header) => String(header?.['name'])).sort();
      t.strictSame(named(headers), ours(sent), type);
      t.strictSame(named(headers.filter((header) => header?.['required'] === true)), ours(least), type);
      t.strictSame(Object.keys(post.responses).sort(), ['2XX', '410', '429', '503', 'default']);
      for (const [status, { $ref }] of Object.entries(post.responses)) {
        const response = document.components.responses[$ref.split('/').at(-1) ?? ''];
        t.ok(response?.['description'], `${type} ${status}`);
        t.equal('Retry-After' in ((response?.['headers'] as Json) ?? {}), status === '429' || status === '503');
      }
    }
  });

  t.test('bodies as they are made of the most and of the least that can be known are as described', async (t) => {
    let count = 0;
    for (const type of TYPES) {
      for (const facts of factsOf(type)) {
        for (const mode of PAYLOAD_MODES) {
          valid(t, type, sent(payloadOf(facts, mode)), `${type} ${mode}`);
          const small = fitted(payloadOf(facts, mode), Buffer.byteLength, 2_000);
          valid(t, type, sent(small), `${type} ${mode}, made small`);
          count += 1;
        }
      }
      for (const mode of PAYLOAD_MODES) {
        valid(t, type, sent(samplePayload({ type, mode, id: 'e', at: NOW })), `a test of ${type}`);
      }
    }
    t.ok(count >= TYPES.length * PAYLOAD_MODES.length * 2, `${count} bodies`);
  });

  t.test('a body that is not as described is seen', async (t) => {
    const [facts] = factsOf('lead.created');
    if (facts === undefined) throw new Error('there are facts');
    const body = sent(payloadOf(facts, 'masked')) as Json & { data: Json & { lead: Json; changed: Json } };
    const { sequence: _sequence, ...headless } = body;
    for (const wrong of [
      { ...body, type: 'lead.touched' },
      { ...body, more: 1 },
      headless,
      { ...body, data: { ...body.data, changed: { ...body.data.changed, more: 1 } } },
      { ...body, data: { ...body.data, lead: { ...body.data.lead, more: 1 } } },
      { ...body, data: { ...body.data, lead: null } },
      { ...body, data: { ...body.data, submission: { id: 's', source_id: 'o' } } },
      { ...body, test: false },
    ]) {
      t.notOk(check('lead.created')(wrong));
    }
    const erased = factsOf('lead.erased').map((some) => sent(payloadOf(some, 'full')) as typeof body);
    t.ok(erased.every(({ data }) => data.lead === null || Object.keys(data.lead).length === 1));
    for (const one of erased) t.notOk(check('lead.erased')({ ...one, data: { ...one.data, lead: body.data.lead } }));
  });

  t.test('what receivers really get of every type, in every mode, is as described', async (t) => {
    const receivers = await liveThrough(t);
    for (const [mode, { received }] of Object.entries(receivers)) {
      const types = [...new Set(received.map(({ body }) => body.type))];
      t.strictSame(types.sort(), [...TYPES].sort(), `${mode}: every type came`);
      for (const { body, text } of received) {
        valid(t, body.type, body, `${mode} ${body.type} ${body.subject.kind}`);
        if (mode === 'thin') t.notMatch(text, /"(?:phone|person|fields)":/);
      }
    }
  });
});

/** A body as it arrives: what is undefined is not there. */
function sent(payload: object): unknown {
  return JSON.parse(JSON.stringify(payload));
}

/** Facts of a type: all that can be known, and as little. */
function factsOf(type: EventType): readonly PayloadFacts[] {
  const sample = samplePayload({ type, mode: 'masked', id: 'e1', at: NOW });
  const { lead, customer, submission, changed } = sample.data;
  const base = {
    id: 'e1',
    type,
    version: 1,
    subjectKind: sample.subject.kind,
    subjectId: sample.subject.id,
    customerId: customer === null ? null : 'c1',
    leadId: lead === null ? null : 'l1',
    submissionId: submission === null ? null : 's1',
    sequence: sample.sequence,
    occurredAt: NOW,
    recordedAt: NOW,
    data: changed,
  };
  const consents = { contact: true, analytics: false, ad_feedback: false };
  const most = {
    event: base,
    previousSequence: lead === null ? null : 1,
    lead: lead === null ? null : sampleLead(NOW),
    customer: customer === null ? null : sampleCustomer(NOW),
    submission: submission === null ? null : sampleSubmission(NOW),
    consents,
  };
  const bare = { firstSource: null, lastSource: null, phone: null };
  const nobody = aLead({ ...bare, store: null, owner: null, ownerSince: null });
  const least = {
    ...most,
    previousSequence: null,
    lead: lead === null ? null : { lead: nobody, root: 'c1', profile: EMPTY_PROFILE },
    customer: customer === null ? null : { ...sampleCustomer(NOW), ...bare },
    submission:
      submission === null ? null : { ...sampleSubmission(NOW), sourceName: null, externalId: null, fields: {} },
  };
  const ofCustomer = { ...base, subjectKind: 'customer', leadId: null, sequence: null };
  const alone = { ...most, event: ofCustomer, lead: null, previousSequence: null };
  const told = ['lead.profile_changed', 'lead.split', 'lead.erased'].includes(type);
  const woken = { from: 'dormant', to: 'following', cycle: 1, reason: 'touch_before_dormancy' };
  const reopened = {
    ...most,
    event: { ...base, submissionId: 's1', data: woken },
    submission: sampleSubmission(NOW),
  };
  return [most, least, ...(told ? [alone] : []), ...(type === 'lead.state_changed' ? [reopened] : [])];
}

/** Lets everything happen that makes an event, to a receiver of each payload mode. */
async function liveThrough(t: Test): Promise<Readonly<Record<(typeof PAYLOAD_MODES)[number], Receiver>>> {
  const d = await delivering(t, { events: ['*'] });
  const { receiver: masked, service } = d;
  const [full, thin, failing] = [await startReceiver(t), await startReceiver(t), await startReceiver(t)];
  await d.endpoint(full, { events: ['*'], payload: 'full' });
  await d.endpoint(thin, { events: ['*'], payload: 'thin' });
  let now = NOW;
  const call = async (method: string, path: string, body: object, headers = {}) => {
    const answer = await service.call(method, path, { body, headers });
    if (answer.status >= 300 && answer.body?.code !== 'phone_invalid') throw new Error(`${path}: ${answer.text}`);
    now += 60_000;
    service.setClock(now);
    return answer.body;
  };
  const post = (path: string, body: object) => call('POST', path, body);
  const capture = (phone: string, channel: string, more: object = {}) =>
    post('/v1/leads', { channel, person: { phone, name: '张三', city: '杭州' }, ...more });
  const state = (id: string, body: object) => post(`/v1/leads/${id}/state`, body);

  const extra = { note: '打 13800138001', nested: { tel: 13800138001 } };
  const one = await capture('13800138001', 'douyin', { extra, external_id: 'x-1', store: 'S1' });
  const second = await capture('13800138001', 'xhs');
  await post(`/v1/leads/${one.lead_id}/owner`, { owner: 'A1', store: 'S1' });
  await state(one.lead_id, { state: 'following' });
  const { headers } = await service.call('GET', `/v1/customers/${one.customer_id}`);
  await call('PATCH', `/v1/customers/${one.customer_id}`, { name: '王芳' }, { 'if-match': headers['etag'] });
  await state(one.lead_id, { state: 'dormant', reason: 'on_holiday' });
  await capture('13800138001', 'visit', { store: 'S1' });
  await d.at(now);
  await post(`/v1/touches/${second.touch_id}/void`, { reason: 'wrong_person' });
  await post(`/v1/customers/${one.customer_id}/split`, { touch_id: one.touch_id, reason: '家人共用' });
  await post(`/v1/customers/${one.customer_id}/consents`, { purpose: 'analytics', granted: true, text_version: 'v3' });

  const two = await capture('13800138002', 'douyin');
  const three = await capture('13800138003', 'douyin');
  const merge = { customer_id: three.customer_id, reason: '同一人' };
  const { merge_id } = await post(`/v1/customers/${two.customer_id}/merge`, merge);
  const { deal_id } = await state(two.lead_id, { state: 'won', amount: 700, currency: 'CNY' });
  await post(`/v1/deals/${deal_id}/refunds`, { amount: 100, reason: '退货' });
  await capture('13800138003', 'visit'); // a lead that the unmerge empties, since the other one comes back
  await post(`/v1/customers/${two.customer_id}/unmerge`, { merge_id });
  await post(`/v1/leads/${two.lead_id}/state/void`, { reason: 'typed twice' });

  await post('/v1/leads', { channel: 'douyin', person: { phone: '138001380011111', name: '张三' } });
  const file = { raw: '手机号\n13800138005\n12\n', headers: { 'content-type': 'text/csv' } };
  const { body: made } = await service.call('POST', '/v1/imports', file);
  await finish(service, importerOf(t, service, { clock: () => now }), made.id);
  const { version } = await post('/v1/score-models', { name: 'test', document: MODEL });
  await post(`/v1/score-models/${version}/activate`, { expected_active: null });
  await capture('13800138006', 'douyin');
  const events = Array.from({ length: 20 }, (_, n) => ({ id: `d${n}`, type: 'download', phone: '13800138006' }));
  await post('/v1/behaviours/batch', { events });
  const scoring = { vault: service.vault, seeds: createSeedSource() };
  await scoreDecayWorker(service.db, scoring, () => now).round();
  // Somebody to work leads: what nobody could be given, what is given, followed up, put off, and forgotten.
  await call('PUT', '/v1/stores/S9', { name: '九店' });
  await capture('13800138007', 'douyin', { store: 'S9' });
  await call('PUT', '/v1/advisers/Z9', { name: '顾问', stores: ['S9'] });
  const given = await capture('13800138008', 'douyin', { store: 'S9' });
  await post(`/v1/leads/${given.lead_id}/rating`, { rating: 'high', reason: '老客户' });
  const answered = { method: 'phone', content: '想试驾', outcome: 'answered' };
  const inDays = (days: number) => new Date(now + days * 86_400_000).toISOString();
  await post(`/v1/leads/${given.lead_id}/follow-ups`, { ...answered, next_at: inDays(2) });
  const { task } = (await service.call('GET', `/v1/leads/${given.lead_id}`)).body;
  await post(`/v1/tasks/${task.id}/reschedule`, { due_at: inDays(3), reason: '客户改期' });
  now += 6 * 86_400_000;
  service.setClock(now);
  await climbLadder(service.db, service.vault, createSeedSource(), now, 100);
  await state(given.lead_id, { state: 'lost', reason: 'price' });
  failing.answer(410);
  await d.endpoint(failing, { events: ['lead.created'] });
  await capture('13800138004', 'douyin');
  await d.at(now); // what is not sent of a person is cancelled when they are erased
  await post(`/v1/customers/${three.customer_id}/erase`, { reason: 'customer_request' });
  await d.at(now);
  return { masked, full, thin };
}
