import t from 'tap';
import { mapRecord } from '../../src/channels/map-record.ts';
import type { KnownLead } from '../../src/domain/lead-record.ts';
import type { Origin } from '../../src/domain/origin.ts';
import { EMPTY_PROFILE } from '../../src/domain/profile.ts';
import { LEAD_COLUMNS, leadCells, wallTime } from '../../src/flows/lead-columns.ts';
import type { LeadExtras } from '../../src/store/lead-export.ts';
import { aLead } from '../helpers/lead.ts';

const NOTHING: LeadExtras = { wechat: new Map(), won: new Map() };
const FULL = { sight: { kind: 'full', reason: 'call back' }, region: 'CN' } as const;
const MASKED = { sight: { kind: 'masked', why: 'scope_missing' }, region: 'CN' } as const;

const origin = (channel: string, more: Partial<Origin> = {}): Origin => ({
  at: Date.parse('2026-06-01T04:30:00.999Z'),
  received_at: 0,
  touch_id: 't',
  channel,
  source_id: 's',
  ...more,
});

function known(over: Parameters<typeof aLead>[0] = {}): KnownLead {
  return { lead: aLead(over), root: 'customer-1', profile: EMPTY_PROFILE };
}

function row(lead: KnownLead, extras = NOTHING, rules: typeof FULL | typeof MASKED = FULL): Record<string, string> {
  const [cells = []] = leadCells([lead], extras, rules);
  return Object.fromEntries(LEAD_COLUMNS.map(({ header }, index) => [header, cells[index] ?? '?']));
}

t.test('the columns are always these', async (t) => {
  t.equal(
    LEAD_COLUMNS.map(({ header }) => header).join(' '),
    '线索ID 手机号 姓名 性别 微信号 邮箱 公司 职务 省份 城市 区县 线索状态 状态原因 意向评级 门店代码 顾问代码 渠道 最近渠道 活动ID 活动名称 触点数 轮次 创建时间 更新时间 成交金额 币种',
  );
});

t.test('what is not known is blank', async (t) => {
  const cells = row(known({ phone: null, store: null, owner: null, touchCount: 0 }));
  const filled = Object.keys(cells).filter((header) => cells[header] !== '');
  t.strictSame(filled, ['线索ID', '线索状态', '触点数', '轮次', '创建时间', '更新时间']);
});

t.test('phones as they are dialled here, masked without the right', async (t) => {
  const extras = { ...NOTHING, wechat: new Map([['customer-1', 'zhangsan_88']]) };
  t.match(row(known(), extras), { 手机号: '13800138000', 微信号: 'zhangsan_88' });
  t.match(row(known(), extras, MASKED), { 手机号: '138****8000', 微信号: 'zh****88' });
  t.equal(row(known({ phone: '+85291234567' })).手机号, '+85291234567');
});

t.test('times are those of Shanghai', async (t) => {
  t.equal(wallTime(Date.parse('2026-05-31T16:00:00Z')), '2026-06-01 00:00:00');
  t.equal(wallTime(Date.parse('2026-12-31T15:59:59.999Z')), '2026-12-31 23:59:59');
});

t.test('money in whole units of its currency', async (t) => {
  const won = (...amounts: { amount: number; currency: string }[]) =>
    row(known(), { ...NOTHING, won: new Map([['lead-1', amounts]]) });
  t.match(won({ amount: 18990001, currency: 'CNY' }), { 成交金额: '189900.01', 币种: 'CNY' });
  t.match(won({ amount: 0, currency: 'CNY' }), { 成交金额: '0.00' });
  t.match(won({ amount: 500, currency: 'JPY' }), { 成交金额: '500', 币种: 'JPY' });
  t.match(won({ amount: 1, currency: 'CNY' }, { amount: 99, currency: 'USD' }), {
    成交金额: '0.01 / 0.99',
    币种: 'CNY / USD',
  });
});

t.test('an import reads the columns that it has a field for, and is in no doubt about any', async (t) => {
  const createdAt = Date.parse('2026-06-01T04:30:00.999Z');
  const record = row(
    known({
      createdAt,
      firstSource: origin('xhs', { campaign_id: 'c1', campaign_name: '六月团购会' }),
      lastSource: origin('shop'),
    }),
    { ...NOTHING, wechat: new Map([['customer-1', 'zhangsan_88']]) },
  );
  const filled = Object.fromEntries(
    Object.entries(record).map(([header, text]) => [header, text === '' ? '某某' : text]),
  );
  const { draft, warnings } = mapRecord({ ...filled, 性别: '女' }, [{ fields: {}, synonyms: 'all' }], {});
  t.match(draft, {
    external_id: 'lead-1',
    channel: 'xhs',
    occurred_at: '2026-06-01T04:30:00.000Z',
    person: {
      phone: '13800138000',
      wechat: 'zhangsan_88',
      name: '某某',
      gender: 'female',
      email: '某某',
      company: '某某',
      job_title: '某某',
      province: '某某',
      city: '某某',
      district: '某某',
    },
    campaign: { id: 'c1', name: '六月团购会' },
  });
  const ours = '线索状态 状态原因 意向评级 门店代码 顾问代码 最近渠道 触点数 轮次 更新时间 成交金额 币种'.split(' ');
  t.strictSame(Object.keys((draft as { extra?: object }).extra ?? {}).sort(), [...ours].sort());
  t.strictSame(
    warnings.filter((warning) => warning.startsWith('ambiguous')),
    [],
  );
});
