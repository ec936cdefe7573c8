import t from 'tap';
import { checkFieldMap } from '../../src/channels/check-field-map.ts';
import { mapsOf } from '../../src/channels/import-maps.ts';
import { IMPORT_PRESETS } from '../../src/channels/import-presets.ts';
import { recordMapper } from '../../src/channels/record-mapper.ts';
import { recordOf } from '../../src/channels/sheet-line.ts';
import { planSheet } from '../../src/channels/sheet-plan.ts';

/** A file of one row under a header, read with a preset. */
function read(template: string, columns: Readonly<Record<string, string>>) {
  const found = mapsOf({ template }, {});
  if ('fault' in found) throw new Error(found.fault.detail);
  const rows = [Object.keys(columns), Object.values(columns)].map((cells, i) => ({ row: i + 1, cells }));
  const plan = planSheet(rows, found.maps, null);
  if ('fault' in plan) throw new Error(plan.fault.detail);
  return { plan, ...recordMapper(found.maps).map(recordOf(plan, Object.values(columns)), {}) };
}

t.test('every preset is a field map, under a name that a template may have', async (t) => {
  for (const { name, about, map } of IMPORT_PRESETS) {
    t.strictSame(checkFieldMap(map), { map }, name);
    t.match(name, /^[a-z0-9][a-z0-9_-]{0,63}$/);
    t.not(about, '');
  }
});

t.test('抖音来客', async (t) => {
  const { plan, draft, warnings } = read('douyin-laike', {
    手机号: '13800138000',
    姓名: '张三',
    线索创建时间: '2026-04-12 09:30:00',
    流量类型: '广告',
    意向门店: '城西店',
    意向门店ID: '7300000000000000001',
    跟进员工: '李四',
    跟进账户: '演示账户',
    线索阶段: '新线索',
    线索标签: '老客户、试驾',
    所在城市: '杭州',
    最新跟进记录: '已加微信',
    单元ID: '7400000000000000002',
    单元名称: '单元甲',
    互动场景: '短视频',
    营销类型: '线索',
    智能意向: '高',
    拨打次数: '0',
  });
  t.strictSame(draft, {
    channel: 'douyin',
    occurred_at: '2026-04-12T01:30:00.000Z',
    person: { phone: '13800138000', name: '张三', city: '杭州', tags: ['老客户', '试驾'] },
    traffic: { platform: 'douyin', medium: '广告', adgroup_id: '7400000000000000002', adgroup_name: '单元甲' },
    advertiser: { name: '演示账户' },
    product: { store_of_interest: '城西店' },
    intent: { need: '已加微信' },
    extra: {
      意向门店ID: '7300000000000000001',
      跟进员工: '李四',
      线索阶段: '新线索',
      互动场景: '短视频',
      营销类型: '线索',
      智能意向: '高',
      拨打次数: '0',
    },
  });
  t.strictSame(warnings, []);
  t.strictSame(
    plan.warnings,
    ['跟进员工', '线索阶段', '互动场景', '营销类型', '智能意向', '拨打次数'].map((header) => `unmapped:${header}`),
  );
});

t.test('小红书聚光, with its answers in 详情', async (t) => {
  const columns = {
    手机号: '13800138000',
    用户小红书昵称: '小张',
    线索生成时间: '2026/4/12 9:30',
    流量类型: '自然流量',
    转化方式: '表单',
    归属账号: '演示账户',
    小红书号: '1000001',
    来源笔记: '笔记甲',
    创意ID: '-1',
    创意名称: '创意甲',
    微信号: '',
    详情: '地区:浙江杭州;意向车型:示例SUV;预算:20万;周末;',
  };
  const { plan, draft } = read('xiaohongshu-juguang', columns);
  t.strictSame(draft, {
    channel: 'xhs',
    occurred_at: '2026-04-12T01:30:00.000Z',
    person: { phone: '13800138000', name: '小张', province: '浙江', city: '杭州' },
    traffic: { platform: 'xiaohongshu', medium: '自然流量', creative_name: '创意甲', content_id: '笔记甲' },
    advertiser: { name: '演示账户' },
    product: { model: '示例SUV' },
    extra: { 转化方式: '表单', 小红书号: '1000001', 预算: '20万;周末' },
  });
  t.match(plan.columns.at(-1), { key: '详情', field: null, use: 'mapped', how: 'rule' });
  t.strictSame(plan.warnings, ['unmapped:转化方式', 'unmapped:小红书号']);
  t.match(read('xiaohongshu-juguang', { ...columns, 详情: '想周末看房' }).draft, { extra: { 详情: '想周末看房' } });
});

t.test('Meta, with the marks before its ids', async (t) => {
  const { plan, draft } = read('meta', {
    id: 'l:1000000000000001',
    created_time: '2026-04-12T09:30:00+08:00',
    ad_id: 'ag:1000000000000002',
    ad_name: 'Ad A',
    adset_id: 'as:1000000000000003',
    adset_name: 'Set A',
    campaign_id: 'c:1000000000000004',
    campaign_name: 'Campaign A',
    form_id: 'f:1000000000000005',
    form_name: 'Form A',
    is_organic: 'false',
    platform: 'ig',
    您的意向车型: '示例SUV',
    full_name: '张三',
    phone_number: 'p:+8613800138000',
    email: 'a@example.com',
    lead_status: 'CREATED',
  });
  t.strictSame(draft, {
    external_id: '1000000000000001',
    channel: 'meta',
    occurred_at: '2026-04-12T01:30:00.000Z',
    person: { phone: 'p:+8613800138000', name: '张三', email: 'a@example.com' },
    traffic: {
      platform: 'instagram',
      medium: 'paid',
      campaign_id: '1000000000000004',
      campaign_name: 'Campaign A',
      adgroup_id: '1000000000000003',
      adgroup_name: 'Set A',
      creative_id: '1000000000000002',
      creative_name: 'Ad A',
      form_id: '1000000000000005',
      platform_lead_id: '1000000000000001',
    },
    product: { model: '示例SUV' },
    extra: { form_name: 'Form A', lead_status: 'CREATED' },
  });
  t.strictSame(plan.warnings, ['unmapped:lead_status']);
});
