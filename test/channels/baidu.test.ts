import t from 'tap';
import { baidu } from '../../src/channels/baidu.ts';
import { madePush } from './made-push.ts';

const split = (body: unknown) => baidu.split(body, madePush(), { secrets: [], credentials: {}, settings: {} });

t.test('answers as list or as text of one are the same content', async (t) => {
  const formDetail = [{ name: '姓名', type: 'name', value: '王五' }];
  const contents = [formDetail, JSON.stringify(formDetail)].map((form) => {
    const made = split({ clueId: '1', formDetail: form });
    return made.kind === 'items' && made.items[0]?.kind === 'lead' && made.items[0].content;
  });
  t.ok(contents[0]);
  t.strictSame(contents[0], contents[1]);
});

t.test('the kind of page says what kind of touch it is', async (t) => {
  for (const [solutionType, kind] of [
    ['consult', 'consult'],
    ['phone', 'call'],
    ['toString', undefined],
  ] as const) {
    t.match(split({ clueId: '1', solutionType }), {
      items: [{ draft: { intent: kind === undefined ? undefined : { kind } } }],
    });
  }
});

t.test('several leads in a list, and what is none', async (t) => {
  t.match(split([{ clueId: '1' }, { cluePhoneNumber: '13800138001' }]), {
    items: [{ externalId: '1' }, { externalId: null }],
  });
  for (const body of [null, 'x', [], {}, [{ clueId: '1' }, {}]]) t.equal(split(body).kind, 'unmappable');
});
