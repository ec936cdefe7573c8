import fc from 'fast-check';
import t from 'tap';
import { mentions, personalOf, scrubFields } from '../../src/domain/scrub.ts';

const PERSON = personalOf(
  ['欧阳测试', 'Ou@Example.org', null, undefined, '王'],
  ['+8613800138000', '１３９ 0013-9000', '+861062345678;ext=101', null, '12'],
);

t.test('what names a person', async (t) => {
  t.strictSame(PERSON.texts, ['欧阳测试', 'ou@example.org'], 'one character names nobody');
  t.strictSame(PERSON.digits, ['13800138000', '13900139000', '1062345678']);
  for (const text of [
    'call 138-0013-8000',
    '０１３８００１３８０００',
    '+86 13800138000',
    '010 6234 5678 转 101',
    'OU@example.ORG',
    '找欧阳测试',
  ])
    t.ok(mentions(PERSON, text), text);
  for (const text of ['', 'bought_competitor', '1380013', '王芳', '13700137000']) t.notOk(mentions(PERSON, text), text);
});

t.test('law: what is kept of fields never names the person', async (t) => {
  const value = fc.oneof(fc.string(), fc.constantFrom('欧阳测试的活动', 'tel:13800138000', '101', 'c1'), fc.integer());
  const group = fc.dictionary(
    fc.constantFrom('id', 'name', 'campaign_id', 'need', 'kind', 'model', 'landing_page', 'phone'),
    value,
  );
  fc.assert(
    fc.property(
      fc.dictionary(
        fc.constantFrom('person', 'traffic', 'campaign', 'intent', 'product', 'advertiser', 'extra'),
        group,
      ),
      (fields) => {
        const kept = scrubFields(fields, PERSON);
        for (const values of Object.values(kept))
          for (const one of Object.values(values as object)) t.notOk(mentions(PERSON, String(one)));
        t.notOk('person' in kept);
        t.notOk('extra' in kept);
      },
    ),
  );
});

t.test('what is counted by stays', async (t) => {
  const fields = {
    person: { name: '欧阳测试', city: '杭州' },
    traffic: { platform: 'douyin', campaign_id: '101', click_id: 'abc', landing_page: 'https://x' },
    intent: { kind: 'order' as const, need: '要红色', budget: 5 },
    campaign: { id: 'c1', name: '欧阳测试专场' },
    clear: ['name'],
    extra: { a: 1 },
  };
  t.strictSame(scrubFields(fields, PERSON), {
    traffic: { platform: 'douyin', campaign_id: '101' },
    intent: { kind: 'order', budget: 5 },
    campaign: { id: 'c1' },
  });
});
