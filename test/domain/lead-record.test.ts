import t from 'tap';
import { leadRecord, originAnswer } from '../../src/domain/lead-record.ts';
import { EMPTY_PROFILE, type Profile } from '../../src/domain/profile.ts';
import type { Sight } from '../../src/domain/sight.ts';
import { aLead } from '../helpers/lead.ts';

const NOW = Date.UTC(2026, 5, 1, 4);
const FULL: Sight = { kind: 'full', reason: 'endpoint' };
const MASKED: Sight = { kind: 'masked', why: 'access_reason_missing' };
const STAMP = { at: NOW, rec: NOW, sub: 's1' };
const ORIGIN = {
  at: NOW,
  received_at: NOW + 1_000,
  touch_id: 't1',
  channel: 'douyin',
  source_id: 'o1',
  campaign_id: 'c-1',
  campaign_name: '六月试驾',
  advertiser_name: '杭州门店',
};
const SAID = '找王经理 13800138000';
const PROFILE: Profile = {
  ...EMPTY_PROFILE,
  stated: {
    name: { v: '张三', rank: 1, ...STAMP },
    company: { v: SAID, rank: 1, ...STAMP },
    email: { v: 'zhangsan@example.com', rank: 1, ...STAMP },
  },
  confirmed: { name: { v: '王芳', at: NOW, by: 'adviser:A1' } },
  address: { v: { province: '浙江', city: '杭州', district: '西湖区', street: SAID }, ...STAMP },
  tags: ['老客户', SAID],
};

t.test('a lead in full: what stands of the person, moments in ISO 8601, nothing masked', async (t) => {
  const lead = aLead({ firstSource: ORIGIN, state: 'lost', reason: SAID, closedAt: NOW, ownerSince: null });
  const record = leadRecord({ lead, root: 'root-1', profile: PROFILE }, FULL);
  t.match(record, {
    id: 'lead-1',
    customer_id: 'root-1',
    masked: null,
    phone: '+8613800138000',
    reason: SAID,
    closed_at: '2026-06-01T04:00:00.000Z',
    owner_since: null,
    last_source: null,
  });
  t.strictSame(record.person, {
    name: '王芳',
    gender: null,
    email: 'zhangsan@example.com',
    company: SAID,
    job_title: null,
    industry: null,
    company_size: null,
    province: '浙江',
    city: '杭州',
    district: '西湖区',
    street: SAID,
    tags: ['老客户', SAID],
  });
  t.strictSame(record.first_source, originAnswer(ORIGIN));
  const undefinedOnes = Object.entries(record).filter(([, value]) => value === undefined);
  t.strictSame(undefinedOnes, [], 'what is not known is null');
});

t.test('a masked lead says why, and shows no phone in what the person said', async (t) => {
  const lead = aLead({ firstSource: ORIGIN, lastSource: ORIGIN, reason: SAID });
  const record = leadRecord({ lead, root: 'root-1', profile: PROFILE }, MASKED);
  t.match(record, { masked: 'access_reason_missing', phone: '138****8000', reason: '找王经理 138****8000' });
  t.match(record.person, {
    name: '王芳',
    email: 'z***@example.com',
    company: '找王经理 138****8000',
    street: '找王经理 138****8000',
    tags: ['老客户', '找王经理 138****8000'],
  });
  t.notMatch(JSON.stringify(record), /1380013|zhangsan/);
  t.strictSame(Object.keys(record), Object.keys(leadRecord({ lead, root: 'root-1', profile: PROFILE }, FULL)));
});

t.test('a lead of nobody, and an address that an adviser confirmed', async (t) => {
  const bare = leadRecord({ lead: aLead({ phone: null }), root: 'r', profile: EMPTY_PROFILE }, MASKED);
  t.equal(bare.phone, null);
  t.ok(Object.entries(bare.person).every(([name, value]) => (name === 'tags' ? value?.length === 0 : value === null)));
  const confirmedAddress = { v: { city: '南京' }, at: NOW, by: 'adviser:A1' };
  const { person } = leadRecord({ lead: aLead(), root: 'r', profile: { ...PROFILE, confirmedAddress } }, FULL);
  t.match(person, { province: null, city: '南京', street: null }, 'as one block');
});

t.test('an origin has every member, null where nothing is known', async (t) => {
  const { campaign_id: _id, campaign_name: _name, advertiser_name: _advertiser, ...least } = ORIGIN;
  t.strictSame(originAnswer(least), {
    campaign_id: null,
    campaign_name: null,
    ad_campaign_id: null,
    advertiser_id: null,
    advertiser_name: null,
    store: null,
    at: '2026-06-01T04:00:00.000Z',
    received_at: '2026-06-01T04:00:01.000Z',
    touch_id: 't1',
    channel: 'douyin',
    source_id: 'o1',
  });
  t.equal(originAnswer(null), null);
});
