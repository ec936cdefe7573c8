import { createHash } from 'node:crypto';
import t from 'tap';
import type { Channel } from '../../src/channels/channel.ts';
import { ingestPush } from '../../src/flows/ingest-push.ts';
import { startService } from '../helpers/service.ts';

const NOW = Date.UTC(2026, 5, 1, 4);

t.test('a fault of ours in a channel costs nobody a push: it is kept whole, and the log says why', async (t) => {
  const service = await startService(t);
  const made = await service.call('POST', '/v1/sources', { body: { name: 'x', kind: 'xiaohongshu' } });
  const loaded = await service.inbound.book.byId(made.body.id);
  if (loaded === null) throw new Error('the source is not there');
  const channel: Channel = {
    ...loaded.channel,
    split: () => {
      throw new TypeError('nobody foresaw it');
    },
  };
  const failures: unknown[] = [];
  const deps = { ...service.inbound, failed: (_what: string, error: unknown) => void failures.push(error) };
  const body = Buffer.from('{"data":{}}');
  const headers = { 'content-type': 'application/json' };
  const push = { method: 'POST', path: '/', query: '', headers, body, receivedAt: NOW } as const;
  const ingested = await ingestPush(deps, { ...loaded, channel }, push, { requestId: null, refusal: null });
  t.match(ingested, { as: 'unreadable', code: 'unmappable', decisions: { quarantined: 1 } });
  t.match(failures, [{ message: 'nobody foresaw it' }]);
  const listed = await service.call('GET', '/v1/quarantine');
  t.match(listed.body.items, [{ code: 'unmappable', hint: /fault of ours/ }]);
  const again = await ingestPush(deps, loaded, push, { requestId: null, refusal: null });
  t.equal(again.as, 'unreadable', 'read as it should be, this one is still no lead');
});

t.test('an item that cannot be written as it is goes to quarantine without its fields', async (t) => {
  const service = await startService(t);
  const made = await service.call('POST', '/v1/sources', { body: { name: 'x', kind: 'xiaohongshu' } });
  const loaded = await service.inbound.book.byId(made.body.id);
  if (loaded === null) throw new Error('the source is not there');
  const lead = { data: { leads_id: 'l-1', data: [{ label: '电话', value: '13800138001' }] } };
  const push = {
    method: 'POST',
    path: '/',
    query: '',
    headers: { 'content-type': 'application/json' },
    body: Buffer.from(JSON.stringify(lead)),
    receivedAt: NOW,
  } as const;
  // What no check foresees: here a text that the database takes for none.
  const { submit } = service.capture;
  const capture = {
    ...service.capture,
    submit: ((items) =>
      submit(
        items.map((item) =>
          Object.keys(item.draft).length === 0 ? item : { ...item, draft: { ...item.draft, extra: { a: 'S\u0000' } } },
        ),
      )) as typeof submit,
  };
  const ingested = await ingestPush({ ...service.inbound, capture }, loaded, push, { requestId: null, refusal: null });
  t.match(ingested, { as: 'accepted', decisions: { quarantined: 1 } });
  const rows = await service.db.selectFrom('submission').select(['rule', 'fields']).execute();
  t.match(rows, [{ rule: 'quarantined.ingest_failed' }]);
  const raw = await service.db.selectFrom('raw_body').select(['body']).execute();
  t.strictSame(
    raw.map((one) => service.vault.open(one.body).toString()),
    [JSON.stringify(lead)],
  );
});

t.test('an id of a push that no index takes costs nobody the lead: what is long is known by its digest', async (t) => {
  const service = await startService(t);
  const made = await service.call('POST', '/v1/sources', { body: { name: 'x', kind: 'typeform' } });
  const loaded = await service.inbound.book.byId(made.body.id);
  if (loaded === null) throw new Error('the source is not there');
  const long = createHash('shake256', { outputLength: 30_000 }).update('x').digest('base64'); // nothing to compress
  const answers = [{ type: 'phone_number', phone_number: '13800138001', field: { id: 'q' } }];
  for (const [event_id, token] of [
    [`${long}1`, 'r-1'],
    ['e\u0000-2', 'r-2'],
  ]) {
    const body = Buffer.from(JSON.stringify({ event_id, form_response: { token, answers } }));
    const headers = { 'content-type': 'application/json' };
    const push = { method: 'POST', path: '/', query: '', headers, body, receivedAt: NOW } as const;
    const from = { requestId: null, refusal: null };
    const first = await ingestPush(service.inbound, loaded, push, from);
    t.equal(first.as, 'accepted');
    t.match(Object.keys(first.decisions), [/created|noise/]);
    t.match(await ingestPush(service.inbound, loaded, push, from), { decisions: { replayed: 1 } });
  }
  t.equal((await service.db.selectFrom('submission').select('id').execute()).length, 2);
});
