import fc from 'fast-check';
import t from 'tap';
import type { FieldMap } from '../../src/channels/field-map.ts';
import { mapRecord } from '../../src/channels/map-record.ts';
import { LeadBody } from '../../src/http/schemas/lead.ts';
import { createValidators } from '../../src/http/validators.ts';

const check = createValidators().body(LeadBody);
const OWN: FieldMap = { fields: {} };
const ALL: FieldMap = { fields: {}, synonyms: 'all' };

const SHEET = {
  手机号: '13800138000',
  客户姓名: '张三',
  线索创建时间: '2026-04-12 09:30:00',
  流量类型: '自然流量',
  意向门店: '城西店',
  跟进员工: '李四',
  线索阶段: '新线索',
  线索标签: '老客户、试驾',
  所在城市: '杭州',
  单元ID: '55',
  单元名称: '单元甲',
  备注: '想周末试驾',
  来源: '抖音',
  预算: '15-20万',
};

t.test('a row of a sheet, by the vocabulary alone', async (t) => {
  const { draft, unmapped, warnings } = mapRecord(SHEET, [OWN, ALL], {});
  t.strictSame(draft, {
    occurred_at: '2026-04-12T01:30:00.000Z',
    person: { phone: '13800138000', name: '张三', city: '杭州', tags: ['老客户', '试驾'] },
    traffic: {
      medium: '自然流量',
      adgroup_id: '55',
      adgroup_name: '单元甲',
      levels: { 单元ID: '55', 单元名称: '单元甲' },
    },
    product: { store_of_interest: '城西店' },
    intent: { need: '想周末试驾' },
    extra: { 跟进员工: '李四', 线索阶段: '新线索', 来源: '抖音', 预算: '15-20万' },
  });
  t.strictSame(unmapped, ['跟进员工', '线索阶段', '来源', '预算']);
  t.strictSame(warnings, []);
});

t.test("rules go in order: the source's, the channel's, then the vocabulary", async (t) => {
  const channel: FieldMap = {
    fields: {
      'person.phone': [{ path: 'tel' }, { path: 'mobile' }],
      'person.name': { path: 'name' },
      channel: { constant: 'douyin' },
    },
    absent: ['未命名'],
    ignore: ['token'],
  };
  const record = { tel: '', mobile: '13800138000', name: '未命名', nick: '小张', token: 'secret', city: '杭州' };
  const mapping = mapRecord(
    record,
    [{ fields: { 'person.name': { path: 'nick' }, 'person.city': { expression: 'x' } } }, channel],
    {
      'person.city': '宁波',
    },
  );
  t.strictSame(mapping.draft, {
    channel: 'douyin',
    person: { phone: '13800138000', name: '小张', city: '宁波' },
    extra: { name: '未命名', city: '杭州' },
  });
  t.strictSame(
    mapping.fields.map(({ field, from }) => [field, from]),
    [
      ['channel', 'constant'],
      ['person.phone', 'mobile'],
      ['person.name', 'nick'],
      ['person.city', 'expression'],
    ],
  );
});

t.test('lists of labels and values', async (t) => {
  const map: FieldMap = {
    fields: { 'person.company': { label: '单位（全称）' }, 'person.wechat': { label: 'WX_ID' } },
    lists: [
      { path: 'answers', label: 'q', value: 'a', type: 't' },
      { path: 'more', label: 'label', value: 'value' },
    ],
    nested: ['more'],
  };
  const record = {
    answers: [
      { q: '您的称呼', a: '张三', t: 'FULL_NAME', id: 7 },
      { q: '怎么找您', a: ['13800138000'], t: 'PHONE_NUMBER' },
      { q: '单位', a: '某某科技' },
      { q: 'x', a: 'zhangsan_88', t: 'wx_id' },
      { q: '几口人', a: 3 },
      { q: '几口人', a: 4 },
      { q: '', a: 'nobody asked' },
    ],
    more: '{"意向车型":"示例SUV","编号":1700000000000000001}',
    phone: '13900139000',
  };
  t.strictSame(mapRecord(record, [OWN, map], {}).draft, {
    external_id: '1700000000000000001',
    person: { phone: '13800138000', name: '张三', wechat: 'zhangsan_88', company: '某某科技' },
    product: { model: '示例SUV' },
    extra: { answers: [{ id: 7 }, { q: '', a: 'nobody asked' }], phone: '13900139000', 几口人: 3, '几口人 2': 4 },
  });
});

t.test('two headers for one field: the stronger, the first, and none lost', async (t) => {
  const { draft, warnings } = mapRecord(
    {
      昵称: '小张',
      真实姓名: '张三',
      联系人: '张三',
      手机1: '13800138000',
      手机2: '13800138001',
      座机: '13800138000',
      计划名称: '甲',
      项目名称: '乙',
      gclid: 'g',
      bd_vid: 'b',
    },
    [ALL],
    {},
  );
  t.strictSame(draft, {
    person: { phone: '13800138000/13800138001', name: '张三' },
    traffic: { campaign_name: '甲', click_id: 'g', click_id_kind: 'gclid', levels: { 计划名称: '甲', 项目名称: '乙' } },
    extra: { 昵称: '小张', bd_vid: 'b' },
  });
  t.strictSame([...warnings].sort(), [
    'ambiguous:person.name',
    'ambiguous:person.phone',
    'ambiguous:traffic.campaign_name',
    'ambiguous:traffic.click_id',
  ]);
});

t.test('a text that its field cannot hold goes to extra', async (t) => {
  const map: FieldMap = {
    fields: {
      'person.name': { path: 'name' },
      'product.price': { path: 'price' },
      'intent.budget': { path: 'budget' },
      'product.quantity': { path: 'n' },
      'person.gender': { path: 'sex' },
      'intent.kind': { path: 'kind' },
      'person.city': { path: 'city' },
      'product.model': { expression: 'x' },
      test: { path: 'test' },
    },
  };
  const record = {
    name: 'x'.repeat(101),
    price: '20万',
    budget: 18990000,
    n: -1,
    sex: 1,
    kind: 'chat',
    city: { id: 1 },
    test: '1',
  };
  const { draft, warnings } = mapRecord(record, [map], { 'product.model': 'y'.repeat(101) });
  t.strictSame(draft, {
    test: true,
    intent: { budget: 18990000 },
    extra: {
      name: 'x'.repeat(101),
      price: '20万',
      n: -1,
      sex: 1,
      kind: 'chat',
      city: { id: 1 },
      'product.model': 'y'.repeat(101),
    },
  });
  t.strictSame([...warnings].sort(), [
    'too_long:person.name',
    'too_long:product.model',
    'unreadable:intent.kind',
    'unreadable:person.city',
    'unreadable:person.gender',
    'unreadable:product.price',
    'unreadable:product.quantity',
  ]);
});

t.test('codes stand for what the platform says they do, and an unknown gender is none', async (t) => {
  const map: FieldMap = {
    fields: { 'person.gender': { path: 'g' } },
    codes: { 'person.gender': { '1': 'male', '0': 'unknown' } },
  };
  t.strictSame(mapRecord({ g: 1 }, [OWN, map], {}).draft, { person: { gender: 'male' } });
  t.strictSame(mapRecord({ g: 0 }, [OWN, map], {}).draft, {});
  t.strictSame(mapRecord({ g: '1' }, [{ fields: {}, codes: { 'person.gender': { '1': '女' } } }, map], {}).draft, {
    person: { gender: 'female' },
  });
});

t.test('a time that nobody can read goes on as typed, so that the lead is not judged by a guess', async (t) => {
  const map: FieldMap = { fields: { occurred_at: [{ path: 'at' }, { path: 'date' }] } };
  t.strictSame(mapRecord({ at: '2026-02-30' }, [map], {}).draft, { occurred_at: '2026-02-30' });
  t.strictSame(mapRecord({ at: '2026-02-30', date: 1760000000 }, [map], {}).draft, {
    occurred_at: '2025-10-09T08:53:20.000Z',
    extra: { at: '2026-02-30' },
  });
  const long = `2026 ${'x'.repeat(80)}`;
  t.strictSame(mapRecord({ at: long }, [map], {}).draft, { occurred_at: long.slice(0, 64), extra: { at: long } });
  t.strictSame(mapRecord({ 留资时间: '昨天' }, [ALL], {}).draft, { occurred_at: '昨天' });
  t.strictSame(
    mapRecord({ 时间: '周末都行' }, [ALL], {}).draft,
    { extra: { 时间: '周末都行' } },
    'but not by a weak header',
  );
});

t.test('regions fill what nothing else says', async (t) => {
  const map: FieldMap = { fields: { region: { path: 'location' }, 'person.city': { path: 'city' } } };
  t.strictSame(mapRecord({ location: '江苏+镇江' }, [map], {}).draft, { person: { province: '江苏', city: '镇江' } });
  t.strictSame(mapRecord({ location: '江苏+镇江', city: '苏州' }, [map], {}).draft, {
    person: { province: '江苏', city: '苏州' },
    extra: { location: '江苏+镇江' },
  });
});

t.test('a region column beside a city column that says otherwise', async (t) => {
  t.strictSame(mapRecord({ 城市: '苏州', 地区: '江苏+镇江' }, [ALL], {}).draft, {
    person: { city: '苏州', province: '江苏' },
    extra: { 地区: '江苏+镇江' },
  });
});

t.test('an id of 企业微信 needs the id of its company', async (t) => {
  const map: FieldMap = {
    fields: { 'person.wecom.external_user_id': { path: 'u' }, 'person.wecom.corp_id': { path: 'c' } },
  };
  t.strictSame(mapRecord({ u: 'wm1', c: 'ww1' }, [map], {}).draft, {
    person: { wecom: { corp_id: 'ww1', external_user_id: 'wm1' } },
  });
  const alone = mapRecord({ u: 'wm1' }, [map], {});
  t.strictSame([alone.draft, alone.warnings], [{ extra: { external_user_id: 'wm1' } }, ['wecom_incomplete']]);
});

t.test('an id that a spreadsheet has rounded is kept as it is, and is no id', async (t) => {
  const { draft, warnings } = mapRecord({ 线索ID: '7.3E+18', 手机号: '13800138000' }, [ALL], {});
  t.strictSame(draft, { person: { phone: '13800138000' }, extra: { 线索ID: '7.3E+18' } });
  t.strictSame(warnings, ['unreadable:external_id']);
});

t.test('texts of pairs are read like answers, and what is none is kept', async (t) => {
  const map: FieldMap = { fields: {}, pairs: ['详情'], lists: [{ path: '详情', label: 'label', value: 'value' }] };
  t.strictSame(mapRecord({ 详情: '手机号:13800138000;几口人:3' }, [map], {}).draft, {
    person: { phone: '13800138000' },
    extra: { 几口人: '3' },
  });
  t.strictSame(mapRecord({ 详情: '想看房' }, [map], {}).draft, { extra: { 详情: '想看房' } });
});

t.test('members that only hold the lead are looked into', async (t) => {
  const { draft } = mapRecord({ data: { contact: { mobile: '13800138000' } }, store: { name: '城西店' } }, [ALL], {});
  t.strictSame(draft, { person: { phone: '13800138000' }, extra: { store: { name: '城西店' } } });
});

const UGLY: FieldMap = {
  fields: {
    'person.phone': [{ path: 'a' }, { label: '手机' }],
    occurred_at: { path: 'b' },
    'person.tags': { path: 'c' },
    region: { path: 'd' },
    'traffic.campaign_id': { path: 'list[*].v' },
    'product.price': { path: 'e' },
    'intent.appointment_at': { path: 'f' },
    'person.name': { expression: 'x' },
  },
  lists: [{ path: 'list', label: 'l', value: 'v', type: 't' }],
  nested: ['a', 'f', 'list'],
  synonyms: 'all',
};
const KEYS = [
  'a',
  'b',
  'c',
  'd',
  'e',
  'f',
  'l',
  'v',
  't',
  'list',
  'data',
  '手机',
  '电话',
  '城市',
  '地区',
  '广告计划',
  '项目名称',
  '留资时间',
  '标签',
  'clickid',
  '数量',
  '__proto__',
  'constructor',
  'toString',
  'length',
];
const leaf = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.constantFrom(
    '13800138000',
    '2026-04-12',
    '[{"l":"手机","v":1}]',
    '\ud800',
    'x\0y',
    'z'.repeat(5000),
    '无',
    '{"a":[',
    '-1',
  ),
  fc.integer(),
  fc.double(),
  fc.boolean(),
  fc.constant(null),
);
const key = fc.oneof(fc.constantFrom(...KEYS), fc.string({ unit: 'binary', maxLength: 12 }));
const json = fc.letrec<{ value: unknown; record: Record<string, unknown> }>((tie) => ({
  value: fc.oneof({ maxDepth: 4 }, leaf, fc.array(tie('value'), { maxLength: 4 }), tie('record')),
  record: fc.array(fc.tuple(key, tie('value')), { maxLength: 8 }).map((entries) => Object.fromEntries(entries)),
})).record;

t.test('any record makes a draft that the canonical body allows', async () => {
  fc.assert(
    fc.property(json, fc.anything(), (record, computed) => {
      const { draft } = mapRecord(record, [OWN, UGLY], { 'person.name': computed });
      const faults = check(draft);
      if (faults.length > 0) throw new Error(JSON.stringify(faults));
    }),
    { numRuns: 1_000 },
  );
});

t.test('huge records too', async (t) => {
  const wide = Object.fromEntries(Array.from({ length: 2_000 }, (_, i) => [`键${i}`, '值'.repeat(30)]));
  const long = { a: '长'.repeat(100_000), b: 'x', 手机: '1'.repeat(300), ['k'.repeat(9_000)]: 'v' };
  const phones = Object.fromEntries(
    Array.from({ length: 90 }, (_, i) => [`手机${i}`, `138001380${String(i).padStart(2, '0')}`]),
  );
  let deep: unknown = 'end';
  for (let i = 0; i < 200; i++) deep = { deep };
  for (const [name, record] of Object.entries({ wide, long, phones, deep: { deep } })) {
    const { draft, warnings } = mapRecord(record, [ALL], {});
    t.strictSame(check(draft), [], name);
    if (name !== 'phones') t.ok(warnings.includes('extra_truncated'), `${name} says so`);
  }
});

/** All texts and numbers within a value, as text. */
function leaves(value: unknown): readonly string[] {
  if (typeof value === 'string') return value.trim() === '' ? [] : [value.trim()];
  if (typeof value === 'number') return [String(value)];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(leaves);
}

t.test('every text of the record is in the draft', async () => {
  const word = fc.stringMatching(/^[a-z]{2}\d{1,4}$/).map((text) => `v${text}`);
  const header = fc.constantFrom(
    ...'手机号 电话 姓名 昵称 微信 城市 省份 地区 地址 渠道 平台 留资时间 时间 意向车型 车系 备注 其他 计划名称 项目名称 创意ID 广告ID 表单ID 线索ID 编号 标签 性别 数量 活动名称 问题甲 问题乙'.split(
      ' ',
    ),
  );
  const record = fc.dictionary(
    header,
    fc.oneof(word, fc.record({ 'inner.key': word }), fc.array(word, { maxLength: 2 })),
  );
  fc.assert(
    fc.property(record, (columns) => {
      const { draft } = mapRecord(columns, [ALL], {});
      const kept = leaves(draft).join('\n');
      return leaves(columns).every((text) => kept.includes(text));
    }),
    { numRuns: 1_000 },
  );
});

t.test('a row of twenty columns takes microseconds', async (t) => {
  const row = { ...SHEET, 营销类型: 'x', 互动场景: 'y', 拨打次数: '0', 归属账号: 'z', 关键词: 'suv', 创意ID: '9' };
  const runs = 2_000;
  for (let i = 0; i < runs; i++) mapRecord(row, [OWN, ALL], {});
  const at = process.cpuUsage();
  for (let i = 0; i < runs; i++) mapRecord(row, [OWN, ALL], {});
  t.comment(`${(process.cpuUsage(at).user / runs).toFixed(1)} µs a row`);
});
