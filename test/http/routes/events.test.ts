import t from 'tap';
import { capture, phoneOf } from '../../helpers/captured.ts';
import { type Service, startService } from '../../helpers/service.ts';

interface Page {
  readonly items: readonly { readonly id: string; readonly type: string; readonly sequence: number | null }[];
  readonly next_cursor: string;
  readonly more: boolean;
}

async function pull(service: Service, query: string): Promise<Page> {
  const reply = await service.call('GET', `/v1/events?${query}`);
  if (reply.status !== 200) throw new Error(`${reply.status} ${reply.text}`);
  return reply.body;
}

/** Pulls from a cursor on until so many have come: another database of the server may hold the feed back for a moment. */
async function pullUntil(service: Service, cursor: string | null, count: number, query = '') {
  const items: Page['items'][number][] = [];
  let after = cursor;
  const deadline = Date.now() + 20_000;
  do {
    if (Date.now() > deadline) throw new Error(`${items.length} of ${count} have come`);
    const page = await pull(service, `${query}${after === null ? '' : `&after=${after}`}`);
    items.push(...page.items);
    after = page.next_cursor;
  } while (items.length < count);
  return { items, after };
}

t.test('every event is pulled once and in order, and polling goes on from an empty page', async (t) => {
  const service = await startService(t);
  const empty = await pull(service, '');
  t.match(empty, { items: [], more: false, next_cursor: /^[\w-]+$/ });
  const { lead_id, customer_id, submission_id } = await capture(service, {
    channel: 'douyin',
    external_id: phoneOf(9),
    person: { phone: phoneOf(1) },
  });
  for (const state of ['following', 'dormant']) {
    await service.call('POST', `/v1/leads/${lead_id}/state`, { body: { state } });
  }
  const { items, after } = await pullUntil(service, empty.next_cursor, 4, 'limit=2');
  t.strictSame(
    items.map(({ type, sequence }) => [type, sequence]),
    [
      ['lead.created', 1],
      ['lead.state_changed', 2],
      ['lead.state_changed', 3],
      ['lead.dormant', 4],
    ],
  );
  t.match(items[0], { lead_id, customer_id, submission: { id: submission_id, decision: 'created' } });
  t.notMatch(JSON.stringify(items), phoneOf(9), 'an external id that looks like a phone is masked');
  const timeline = await service.call('GET', `/v1/leads/${lead_id}/events`);
  t.strictSame(items, timeline.body.items, 'as the timeline tells them');
  t.strictSame(await pull(service, `after=${after}`), { items: [], next_cursor: after, more: false });
  t.strictSame((await pullUntil(service, null, 4)).items, items, 'and again from the beginning');
});

t.test('from now on, and of some types', async (t) => {
  const service = await startService(t);
  await capture(service, { channel: 'douyin', person: { phone: phoneOf(1) } });
  await pullUntil(service, null, 1);
  const now = await pull(service, 'after=now');
  t.strictSame([now.items, now.more], [[], false]);
  const { lead_id } = await capture(service, { channel: 'douyin', person: { phone: phoneOf(2) } });
  const won = { state: 'won', amount: 100, currency: 'CNY' };
  await service.call('POST', `/v1/leads/${lead_id}/state`, { body: { state: 'following' } });
  await service.call('POST', `/v1/leads/${lead_id}/state`, { body: won });
  const { items } = await pullUntil(service, now.next_cursor, 4);
  t.strictSame(items.map(({ type }) => type).sort(), [
    'deal.recorded',
    'lead.created',
    'lead.state_changed',
    'lead.state_changed',
  ]);
  const some = await pullUntil(service, now.next_cursor, 2, 'types=deal.*&types=lead.created');
  t.strictSame(some.items.map(({ type }) => type).sort(), ['deal.recorded', 'lead.created']);
});

t.test('who may not, and what is no question', async (t) => {
  const service = await startService(t);
  const bound = await service.makeKey({ scopes: ['leads:read'], stores: ['S1'] });
  const adviser = await service.makeKey({ scopes: ['leads:read'], adviser: 'A1' });
  const writer = await service.makeKey({ scopes: ['leads:write'] });
  for (const [{ secret }, code] of [
    [bound, 'other_store'],
    [adviser, 'other_store'],
    [writer, 'scope_missing'],
  ] as const) {
    t.match(await service.call('GET', '/v1/events', { key: secret }), { status: 403, body: { code } });
  }
  const reader = await service.makeKey({ scopes: ['leads:read'] });
  t.equal((await service.call('GET', '/v1/events', { key: reader.secret })).status, 200);
  const cursor = (parts: unknown) => Buffer.from(JSON.stringify(parts)).toString('base64url');
  for (const after of ['x', cursor(['feed-1', '1', 'x']), cursor(['feed-1', 1, NIL]), cursor([1, '1', NIL])]) {
    t.match(await service.call('GET', `/v1/events?after=${after}`), { status: 400, body: { code: 'cursor_invalid' } });
  }
  t.equal((await service.call('GET', `/v1/events?after=${cursor(['feed-1', '1', NIL])}`)).status, 200);
  for (const query of ['types=pigeon.*', 'types=lead', 'limit=0', 'limit=1001', 'type=lead.*']) {
    t.match(await service.call('GET', `/v1/events?${query}`), { status: 400, body: { code: 'query_invalid' } }, query);
  }
});

const NIL = '00000000-0000-0000-0000-000000000000';
