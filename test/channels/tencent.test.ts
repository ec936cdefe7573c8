import t from 'tap';
import { tencent } from '../../src/channels/tencent.ts';
import { madePush } from './made-push.ts';

const split = (body: unknown) => tencent.split(body, madePush(), { secrets: [], credentials: {}, settings: {} });

t.test('a personal identity number is neither in the record nor in what the fingerprint is made of', async (t) => {
  const made = split({ leads_id: '1', leads_id_number: '11010119900101000X', leads_name: '张三' });
  const [lead] = made.kind === 'items' ? made.items : [];
  t.ok(lead?.kind === 'lead' && 'leads_name' in lead.record);
  t.notMatch(lead?.kind === 'lead' ? JSON.stringify([lead.record, lead.draft]) : '', /11010119900101000X/);
});

t.test('the type of a lead says what kind of touch it is', async (t) => {
  for (const [leads_type, kind] of [
    ['LEADS_TYPE_MAKE_PHONE_CALL', 'call'],
    ['LEADS_TYPE_PROMOTION_FOLLOW', 'follow'],
    ['LEADS_TYPE_OF_TOMORROW', undefined],
    ['constructor', undefined],
  ] as const) {
    t.match(split({ leads_id: '1', leads_type }), {
      items: [{ draft: { intent: kind === undefined ? undefined : { kind } } }],
    });
  }
});

t.test('leads under data, as text or list; other messages of the platform are none', async (t) => {
  t.match(split({ data: '{"leads_id":1}' }), { items: [{ kind: 'lead', externalId: '1' }] });
  t.match(split({ data: [{ leads_id: 1 }, { leads_id: 2 }] }), { items: [{ externalId: '1' }, { externalId: '2' }] });
  t.match(split({ event_type: 'EVENT_TYPE_BALANCE' }), { items: [{ kind: 'ignored', why: 'topic_unknown' }] });
  for (const body of [null, 'x', [], {}, { data: {} }, [{ leads_id: '1' }, 7]]) t.equal(split(body).kind, 'unmappable');
});
