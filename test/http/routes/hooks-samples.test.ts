import t, { type Test } from 'tap';
import type { Acknowledged, Push } from '../../../src/channels/channel.ts';
import { channelOf } from '../../../src/channels/index.ts';
import type { Draft } from '../../../src/domain/submission.ts';
import { type Sample, samples, setupOf, signedWith, unsignedPush } from '../../channels/samples.ts';
import { type Reply, type Service, startService } from '../../helpers/service.ts';

// Every sample of every kind through a running service: a source is made as an operator would, the push signed as the platform
// does, and what landed in the database compared with what the sample says.

t.setTimeout(240_000); // some hundred pushes, on a machine that may be busy

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
  const sent = () => sendAt(service, push, address);
  const reply = await sent();

  const { expect } = sample;
  if (expect.kind === 'handshake') {
    t.equal(reply.status, expect.reply?.status);
    const body = expect.reply?.body;
    if (typeof body === 'string') t.equal(reply.text, body);
    else if (body !== undefined) t.match(JSON.parse(reply.text), body as object);
    t.strictSame(await kept(service, id), [], 'a check of the address leaves nothing');
    await service.call('POST', `/v1/sources/${id}/pause`);
    t.match(
      await sent(),
      { status: reply.status, text: reply.text },
      'it is answered alike while the source is paused',
    );
    return;
  }
  const as = expect.kind === 'items' ? 'accepted' : 'unreadable';
  acknowledged(t, sample, reply, as);
  t.match(service.pushes.at(-1), { source: id, kind: sample.channel, as });
  const rows = await kept(service, id);
  await service.call('POST', `/v1/sources/${id}/pause`);
  acknowledged(t, sample, await sent(), 'paused');
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
    if (row === undefined) continue;
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
    t.equal(row.decision === 'test', isTest === true, 'a test is one, and nothing else is');
    if (phone !== undefined) t.ok(row.phone?.endsWith(phone.replace(/\D/g, '').slice(-8)), 'the phone is kept');
    if (occurred_at !== undefined) t.equal(Number(row.occurred_at), Date.parse(occurred_at));
    t.match(row.fields, { ...groups, ...(Object.keys(profile).length === 0 ? {} : { person: profile }) });
    t.not(row.decision, 'conflict');
    const reached = phone !== undefined || person?.wechat !== undefined || person?.wecom !== undefined;
    if (reached && isTest !== true) await touched(t, service, sample, row, groups.intent?.kind ?? null);
  }
}

/** Sends a push at its own time. */
async function sendAt(service: Service, push: Push, address: string): Promise<Reply> {
  service.setClock(push.receivedAt);
  const reply = await service.call(push.method, `${address}${push.query === '' ? '' : `?${push.query}`}`, {
    key: null,
    headers: push.headers,
    ...(push.method === 'GET' ? {} : { raw: Buffer.from(push.body) }),
  });
  service.setClock(null);
  return reply;
}

/** The answer is the channel's own for this source, and the very one that the sample says. */
function acknowledged(t: Test, sample: Sample, reply: Reply, as: Acknowledged): void {
  const own = channelOf(sample.channel)?.acknowledge(as, setupOf(sample));
  t.equal(reply.status, own?.status);
  t.equal(reply.text, own?.body);
  t.equal(reply.headers['content-type'] ?? null, own?.contentType ?? null);
  const said = sample.expect.ack?.[as];
  if (said === undefined) return;
  t.equal(reply.status, said.status, 'as the sample says');
  if (typeof said.body === 'string') t.equal(reply.text, said.body);
  else if (said.body !== undefined) t.strictSame(JSON.parse(reply.text), said.body);
}

/** A lead that tells of a person is a touch of that person: of this source, its channel, and the kind that was meant. */
async function touched(t: Test, service: Service, sample: Sample, row: Kept, kind: string | null): Promise<void> {
  const touch = await service.db
    .selectFrom('touch')
    .selectAll()
    .where('id', '=', row.touch_id ?? '')
    .executeTakeFirst();
  t.ok(touch, `a touch (${row.rule})`);
  if (touch === undefined) return;
  const defaults = channelOf(sample.channel)?.defaults;
  // Another sample brought the same person by the same channel a moment before: one touch, that of the first.
  const noise = row.decision === 'noise';
  t.match(touch, {
    ...(noise ? {} : { source_id: row.source_id, submission_id: row.id }),
    lead_id: row.lead_id,
    customer_id: row.customer_id,
    ...((kind ?? defaults?.touchKind) == null ? {} : { kind: kind ?? defaults?.touchKind }),
    ...(defaults?.channel == null ? {} : { channel: defaults.channel }),
  });
  t.equal(Number(touch.occurred_at), Number(row.occurred_at));
  const lead = await service.db.selectFrom('lead').select('id').where('id', '=', touch.lead_id).execute();
  t.equal(lead.length, 1, 'of a lead');
}

type Kept = Awaited<ReturnType<typeof kept>>[number];

async function kept(service: Service, sourceId: string) {
  return service.db
    .selectFrom('submission')
    .select(['id', 'source_id', 'external_id', 'decision', 'rule', 'phone', 'fields', 'occurred_at'])
    .select(['touch_id', 'lead_id', 'customer_id'])
    .where('source_id', '=', sourceId)
    .execute();
}
