import t from 'tap';
import { type Arrival, normalise } from '../../src/domain/normalise.ts';
import type { Draft } from '../../src/domain/submission.ts';

const NOW = Date.UTC(2026, 5, 1, 4);
const SOURCE = {
  id: 'source-1',
  channel: null,
  completesLater: false,
  updateSemantics: false,
  conflicts: 'answer' as const,
  defaults: {},
};
const read = (draft: Draft, over: Partial<Arrival> = {}) =>
  normalise(draft, {
    source: SOURCE,
    receivedAt: NOW,
    region: 'CN',
    deliveryId: null,
    refusal: null,
    requestKey: null,
    content: draft,
    mode: 'live',
    completes: null,
    ...over,
  });

t.test('identities, strongest first', async (t) => {
  const wecom = { corp_id: 'corp', external_user_id: 'wm1' };
  const all = read({ person: { phone: '13800138000', wechat: ' WX_Abc1 ', wecom } });
  t.strictSame(all.identities, [
    { kind: 'phone', namespace: '', value: '+8613800138000' },
    { kind: 'wecom', namespace: 'corp', value: 'wm1' },
    { kind: 'wechat', namespace: '', value: 'wx_abc1' },
  ]);
  t.equal(read({}).refusal?.code, 'phone_empty');
  t.equal(read({ person: { phone: '无' } }).refusal?.code, 'phone_empty', 'a placeholder is empty');
  t.equal(read({ person: { phone: 'abc' } }).refusal?.code, 'phone_invalid');
});

t.test('a refused phone beside another identity is a warning', async (t) => {
  const read1 = read({ person: { phone: '138****8000', wechat: 'wx_abc1' } });
  t.equal(read1.refusal, null);
  t.match(read1.warnings, ['phone_masked']);
});

t.test('a WeChat text that names nobody is no identity, and is kept', async (t) => {
  for (const wechat of ['无', '微信同号', 'weixin', 'null']) {
    const submission = read({ person: { phone: '13800138000', wechat } });
    t.equal(submission.identities.length, 1, wechat);
    t.equal(submission.fields.extra?.['wechat'], wechat);
    t.ok(submission.warnings.includes('wechat_unusable'));
  }
});

t.test('times', async (t) => {
  t.equal(read({}).occurredAt, NOW, 'the time of receipt by default');
  t.equal(read({ occurred_at: '2026-06-01T10:00:00+08:00' }).occurredAt, Date.UTC(2026, 5, 1, 2));
  t.equal(read({ occurred_at: '2026-06-01 10:00:00' }).occurredAt, Date.UTC(2026, 5, 1, 2), 'zone-less is Shanghai');
  t.equal(
    read({ occurred_at: '2026-06-01' }).occurredAt,
    Date.UTC(2026, 4, 31, 16),
    'a day is its midnight in Shanghai',
  );
  for (const wrong of ['yesterday', '2026-02-30T00:00:00Z', '2026-13-01', '1999-12-31T00:00:00Z', '0']) {
    t.equal(read({ occurred_at: wrong, person: { phone: '13800138000' } }).refusal?.code, 'date_invalid', wrong);
  }
});

t.test('blank values are absent, and extra is kept as it is', async (t) => {
  const { fields } = read({
    person: { phone: '13800138000', name: ' \u200b王芳\u200b ', city: '   ' },
    traffic: { platform: '' },
    extra: { note: ' as it is ' },
  });
  t.strictSame(fields, { person: { name: '王芳' }, extra: { note: ' as it is ' } });
});

t.test('what the noise rule compares is without ids, times and identities', async (t) => {
  const one = read({
    person: { phone: '13800138000', name: '王芳' },
    campaign: { id: 'a', name: 'x' },
    external_id: '1',
  });
  const two = read({
    person: { phone: '13900139000', name: '王芳' },
    campaign: { id: 'b', name: 'x' },
    external_id: '2',
  });
  t.equal(one.noiseContent, two.noiseContent);
  t.not(one.campaignKey, two.campaignKey, 'the campaign is part of the rule by itself');
  t.not(one.noiseContent, read({ person: { name: '李强' }, campaign: { name: 'x' } }).noiseContent);
});

t.test("a source's defaults fill what the submission leaves out", async (t) => {
  const source = { ...SOURCE, channel: 'xhs', defaults: { store: 'S1', advertiser: { id: 'hq', type: 'hq' } } };
  const plain = read({ person: { phone: '13800138000' } }, { source });
  t.match(plain, { channel: 'xhs', store: 'S1', fields: { advertiser: { id: 'hq' } } });
  const named = read({ channel: 'douyin', store: 'S2', advertiser: { id: 'own' } }, { source });
  t.match(named, { channel: 'douyin', store: 'S2', fields: { advertiser: { id: 'own', type: 'hq' } } });
});

t.test(
  'the visitor of pages is kept beside what has no field, and goes before what stands there by its name',
  async (t) => {
    const extra = { visitor_id: 'other', a: 1 };
    t.strictSame(read({ visitor_id: ' v1 ', extra }).fields.extra, { visitor_id: 'v1', a: 1 });
    t.strictSame(read({ visitor_id: ' ', extra }).fields.extra, extra, 'a blank names nobody');
    t.equal(read({ visitor_id: '' }).fields.extra, undefined);
  },
);
