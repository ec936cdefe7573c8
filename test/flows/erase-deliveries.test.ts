import { sql } from 'kysely';
import t from 'tap';
import { redriveMany } from '../../src/flows/redrive.ts';
import { testAct } from '../helpers/act.ts';
import { databaseText } from '../helpers/database-text.ts';
import { type Delivering, delivering, NOW } from '../helpers/delivering.ts';
import { startReceiver } from '../helpers/receiver.ts';

const NAME = '欧阳测试名';
const PHONE = '13800138000';
const HOUR = 3_600_000;
const PERSON = { phone: PHONE, name: NAME, email: 'ouyang@example.org' };
const NAMES = /欧阳测试名|13800138000|ouyang/;

/** Which tables of the way out still name the person. */
async function leftovers({ service }: Delivering): Promise<readonly string[]> {
  const text = await databaseText(service.db, service.vault);
  const tables = ['delivery', 'delivery_body', 'attempt', 'provision', 'delivery_due', 'event'];
  return tables.filter((table) => NAMES.test(text.get(table) ?? ''));
}

/** What came of what an endpoint was to be told of a person, lead by lead. */
async function statesOf({ service }: Delivering, endpointId: string, customerId: string) {
  const rows = await service.db
    .selectFrom('delivery')
    .select(['event_type', 'state', 'reason'])
    .where('endpoint_id', '=', endpointId)
    .where('customer_id', '=', customerId)
    .where('lead_id', 'is not', null)
    .orderBy('created_at')
    .orderBy('sequence')
    .execute();
  return rows.map(({ event_type, state, reason }) => [event_type, state, reason]);
}

async function post({ service }: Delivering, path: string, body: object) {
  const reply = await service.call('POST', path, { body });
  if (reply.status >= 300) throw new Error(`${path}: ${reply.status} ${reply.text}`);
  return reply.body;
}

t.test(
  'an erasure ends what is under way for the person, deletes what was sent, and is told to whoever was told of them',
  async (t) => {
    const d = await delivering(t, { payload: 'full', events: ['*'] });
    const { service, receiver, at } = d;
    const echo = (status: number) =>
      receiver.answer((received, response) =>
        response.writeHead(status).end(`no such ${received.body.data.lead?.person?.name} in the CRM`),
      );
    echo(200);
    const down = await startReceiver(t);
    down.answer((received, response) => response.writeHead(500).end(`${received.body.data.lead?.person?.name} again`));
    const { id: failing } = await d.endpoint(down, { payload: 'masked', retry_schedule: [0, 60], events: ['lead.*'] });
    const { id: dying } = await d.endpoint(down, { payload: 'full', retry_schedule: [0], events: ['lead.*'] });
    const stranger = await d.lead();
    const { lead_id, customer_id } = await post(d, '/v1/leads', { channel: 'douyin', person: PERSON });
    await at(NOW);
    service.setClock(NOW + 1000);
    await post(d, `/v1/leads/${lead_id}/state`, { state: 'following' });
    const unusable = await service.call('POST', '/v1/leads', {
      body: { channel: 'x', occurred_at: 'soon', person: PERSON },
    });
    t.equal(unusable.status, 422);
    await at(NOW + 1000);
    t.strictSame(await leftovers(d), ['delivery_body', 'attempt'], 'it was there');
    t.equal(
      receiver.received.filter(({ text }) => NAMES.test(text)).length,
      3,
      'lead, its state, and the unusable one',
    );

    service.setClock(NOW + HOUR);
    await post(d, `/v1/customers/${customer_id}/erase`, { reason: 'customer_request' });
    t.strictSame(await leftovers(d), []);
    const stays = { delivery_body: 1, attempt: 1 } as const;
    for (const table of ['delivery_body', 'attempt'] as const) {
      const { rows } = await sql<{ n: number }>`select count(*) as n from ${sql.table(table)} b
      join delivery d on d.id = b.delivery_id where d.lead_id = ${stranger.leadId}`.execute(service.db);
      t.ok((rows[0]?.n ?? 0) >= stays[table], `${table} of a stranger stays`);
    }
    t.strictSame(await statesOf(d, failing, customer_id), [
      ['lead.created', 'cancelled', 'erased'],
      ['lead.state_changed', 'cancelled', 'erased'],
      ['lead.erased', 'pending', null],
    ]);
    t.strictSame(await statesOf(d, dying, customer_id), [
      ['lead.created', 'cancelled', 'erased'],
      ['lead.state_changed', 'cancelled', 'erased'],
      ['lead.erased', 'pending', null],
    ]);

    // Nothing of the person can be sent again; that it is erased is sent to each, and holds nothing.
    const [before, failed] = [receiver.received.length, down.received.length];
    down.answer(200);
    echo(200);
    await redriveMany(service.db, testAct(NOW + HOUR), { states: ['dead', 'withheld', 'parked'] }, 100);
    await at(NOW + HOUR);
    const told = [...receiver.received.slice(before), ...down.received.slice(failed)].filter(
      ({ body }) => body.data.lead?.id !== stranger.leadId,
    );
    t.strictSame(
      told.map(({ body }) => body.type),
      Array.from({ length: 6 }, () => 'lead.erased'),
      'of the lead and of the customer, to each',
    );
    for (const { text } of told) t.notMatch(text, NAMES);
    t.strictSame(await leftovers(d), []);

    const { items } = (await service.call('GET', `/v1/provisions?customer_id=${customer_id}`)).body;
    t.strictSame(
      [...new Set(items.map((it: { endpoint: { id: string } }) => it.endpoint.id))].sort(),
      [d.id, failing, dying].sort(),
    );
    t.match(
      items.filter(
        (it: { endpoint: { id: string }; lead_id: string }) => it.endpoint.id === d.id && it.lead_id === lead_id,
      ),
      [{ sent: 3, payload: 'full', first_sent_at: new Date(NOW).toISOString() }],
    );
  },
);

t.test('a person who is erased while an attempt is under way is not written down by its end', async (t) => {
  const d = await delivering(t, { payload: 'full' });
  const { customer_id, lead_id } = await post(d, '/v1/leads', { channel: 'douyin', person: PERSON });
  d.receiver.answer((received, response) => {
    if (received.body.type === 'lead.erased') return response.writeHead(200).end();
    return void post(d, `/v1/customers/${customer_id}/erase`, { reason: 'customer_request' }).then(
      () => response.writeHead(500).end(`${NAME} is unknown`),
      () => response.destroy(),
    );
  });
  await d.at(NOW);
  t.match(d.receiver.received[0]?.text, PHONE, 'it was sent');
  t.strictSame(await statesOf(d, d.id, customer_id), [
    ['lead.created', 'cancelled', 'erased'],
    ['lead.erased', 'delivered', null],
  ]);
  t.strictSame(await leftovers(d), []);
  const attempts = await d.service.db.selectFrom('attempt').select(['result', 'excerpt']).execute();
  t.ok(
    attempts.some(({ result, excerpt }) => result === 'http_500' && excerpt === null),
    'that it was made stays',
  );
  t.equal((await d.service.call('GET', `/v1/leads/${lead_id}`)).status, 410);
});

t.test('people merged and parted: each is erased without the other, but for what was told of both', async (t) => {
  const d = await delivering(t, { payload: 'full', events: ['*'] });
  const one = await post(d, '/v1/leads', { channel: 'douyin', person: PERSON });
  const other = await post(d, '/v1/leads', { channel: 'douyin', person: { phone: '13900139000', name: '另一个人' } });
  await post(d, `/v1/leads/${other.lead_id}/state`, { state: 'following' });
  const won = { state: 'won', amount: 700, currency: 'CNY' };
  const { deal_id } = await post(d, `/v1/leads/${other.lead_id}/state`, won);
  await d.at(NOW);
  const both = { customer_id: other.customer_id, reason: 'same' };
  const { merge_id } = await post(d, `/v1/customers/${one.customer_id}/merge`, both);
  await d.at(NOW + 1000);
  await post(d, `/v1/deals/${deal_id}/refunds`, { amount: 1, reason: 'while they were one' });
  await post(d, `/v1/customers/${one.customer_id}/unmerge`, { merge_id });
  await post(d, `/v1/leads/${one.lead_id}/state`, { state: 'following' });
  await post(d, `/v1/customers/${one.customer_id}/erase`, { reason: 'customer_request' });
  t.strictSame(await leftovers(d), []);
  const rows = await d.service.db
    .selectFrom('delivery')
    .select(['lead_id', 'customer_id', 'event_type', 'state'])
    .execute();
  const found = (leadId: string, type: string) =>
    rows.filter((row) => row.lead_id === leadId && row.event_type === type).at(-1);
  t.match(found(one.lead_id, 'lead.state_changed'), { state: 'cancelled' });
  t.match(
    found(other.lead_id, 'deal.refunded'),
    { customer_id: one.customer_id, state: 'pending' },
    'told under the id of the one, and yet of the other, who stays',
  );
  t.match(found(other.lead_id, 'lead.created'), { state: 'delivered' });
});
