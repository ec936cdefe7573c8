import t from 'tap';
import { xiaohongshu } from '../../src/channels/xiaohongshu.ts';
import { madePush } from './made-push.ts';

const setup = (secrets: readonly string[]) => ({ secrets, credentials: {}, settings: {} });
const split = (body: unknown) => xiaohongshu.split(body, madePush(), setup([]));

t.test('a token that is set is checked, an empty one lets nothing in', async (t) => {
  t.equal(xiaohongshu.authenticate(madePush(), setup([])).kind, 'authentic');
  t.match(xiaohongshu.authenticate(madePush(), setup(['demo'])), { code: 'signature_missing' });
  t.match(xiaohongshu.authenticate(madePush(), setup([''])), { code: 'secret_missing' });
});

t.test('a form and a 私信 of the same number are two leads', async (t) => {
  t.match(split({ data: { leads_id: 7, data: [] } }), { items: [{ externalId: '7' }] });
  t.match(split({ data: { id: 7, type: 0 } }), { items: [{ externalId: 'im:7' }] });
});

t.test('a form without an id is a lead, by its answers', async (t) => {
  const data = [{ label: '电话', value: '13800138001' }];
  t.match(split({ data: { data } }), { items: [{ externalId: null, deliveryId: null }] });
  t.match(split({ data: JSON.stringify({ data }) }), { items: [{ record: { data } }] });
});

t.test('the same id again: other content by type or value, the same by the time of its delivery', async (t) => {
  const content = (outer: object, inner: object) => {
    const made = split({ data: { id: 7, type: 0, ...inner }, ...outer });
    return made.kind === 'items' && made.items[0]?.kind === 'lead' ? JSON.stringify(made.items[0].content) : '';
  };
  t.equal(content({ timestamp: 1 }, {}), content({ timestamp: 2 }, {}));
  t.not(content({}, { type: 1 }), content({}, {}));
  t.not(content({}, { phone_num: '13800138001' }), content({}, {}));
});

t.test('what is neither is kept whole', async (t) => {
  for (const body of [null, [], {}, { data: 'x' }, { data: [] }, { data: { id: '-1' } }])
    t.equal(split(body).kind, 'unmappable');
});
