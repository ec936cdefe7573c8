import t, { type Test } from 'tap';
import type { Draft } from '../../../src/domain/submission.ts';
import { type Sample, samples, setupOf, signedWith, unsignedPush } from '../../channels/samples.ts';
import { type Service, startService } from '../../helpers/service.ts';

// Every sample of every kind through a running service: a source is made as an operator would, the push signed as the platform
// does, and what landed in the database compared with what the sample says.

t.test('every kind: its samples posted by a client that signs as the platform does', async (t) => {
  const service = await startService(t);
  const all = samples();
  t.ok(all.length > 60, `${all.length} samples`);
  for (const [index, sample] of all.entries()) {
    await t.test(`${sample.channel}: ${sample.file}`, (t) => post(t, service, sample, index));
  }
});

async function post(t: Test, service: Service, sample: Sample, index: number): Promise<void> {
  const setup = setupOf(sample);
  const secret = setup.secrets[0];
  const made = await service.call('POST', '/v1/sources', {
    body: {
      name: `${sample.channel} ${sample.file} ${index}`,
      kind: sample.channel,
      ...(secret === undefined ? {} : { secret: secret.padEnd(8, '!') }),
      credentials: setup.credentials,
      settings: { platform: setup.settings },
    },
  });
  t.equal(made.status, 201, made.text);
  const { id, address } = made.body;
  // A secret of less than eight characters cannot be set: the sample is signed with the longer one.
  const secrets = setup.secrets.map((one) => one.padEnd(8, '!'));
  const bare = unsignedPush(sample);
  const push = signedWith(sample, { ...bare, path: address }, { ...setup, secrets });
  service.setClock(push.receivedAt);
  const reply = await service.call(push.method, `${address}${push.query === '' ? '' : `?${push.query}`}`, {
    key: null,
    headers: push.headers,
    ...(push.method === 'GET' ? {} : { raw: Buffer.from(push.body) }),
  });
  service.setClock(null);

  const { expect } = sample;
  if (expect.kind === 'handshake') {
    t.equal(reply.status, expect.reply?.status);
    const body = expect.reply?.body;
    if (typeof body === 'string') t.equal(reply.text, body);
    else if (body !== undefined) t.match(JSON.parse(reply.text), body as object);
    t.strictSame(await kept(service, id), [], 'a check of the address leaves nothing');
    return;
  }
  t.ok(reply.status >= 200 && reply.status < 300, 'it is acknowledged');
  const rows = await kept(service, id);
  if (expect.kind !== 'items') {
    const code = expect.kind === 'unreadable' ? 'unparsable' : 'unmappable';
    t.match(rows, [{ decision: 'quarantined', rule: `quarantined.${code}` }]);
    return;
  }
  const leads = (expect.items ?? []).filter((item) => item.kind === 'lead');
  t.equal(rows.length, leads.length, 'each lead is kept once');
  for (const lead of leads) {
    const row = rows.find((one) => lead.externalId === undefined || one.external_id === lead.externalId);
    t.ok(row, `a submission of ${lead.externalId}`);
    const {
      external_id: _id,
      test: isTest,
      occurred_at,
      person,
      store: _store,
      channel: _channel,
      ...groups
    } = (lead.draft ?? {}) as Draft;
    const { phone, phone_kind: _kind, wechat: _wechat, wecom: _wecom, ...profile } = person ?? {};
    if (isTest === true) t.equal(row?.decision, 'test');
    if (phone !== undefined && row?.decision === 'created')
      t.ok(row.phone?.endsWith(phone.replace(/\D/g, '').slice(-8)));
    if (occurred_at !== undefined) t.equal(Number(row?.occurred_at), Date.parse(occurred_at));
    if (row?.fields != null)
      t.match(row.fields, { ...groups, ...(Object.keys(profile).length === 0 ? {} : { person: profile }) });
    t.not(row?.decision, 'conflict');
  }
}

async function kept(service: Service, sourceId: string) {
  return service.db
    .selectFrom('submission')
    .select(['external_id', 'decision', 'rule', 'phone', 'fields', 'occurred_at'])
    .where('source_id', '=', sourceId)
    .execute();
}
