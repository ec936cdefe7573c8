import { type Static, Type } from 'typebox';
import { PURPOSES } from '../../domain/submission.ts';
import {
  answeredId,
  answeredMoment,
  codeOf,
  codes,
  MaskedField,
  momentOrNull,
  objectOrNull,
  textOrNull,
} from './answer-field.ts';
import { LeadExists, LeadRecord, OriginOrNull } from './lead-answer.ts';
import { idOrNull } from './outcome.ts';

const ValueOrigin = Type.Object(
  {
    kind: codeOf(['stated', 'confirmed'], '客户填写 or 顾问确认; what is confirmed outranks what is stated.'),
    by: Type.String({ description: '`customer`, or who confirmed it.', examples: ['customer'] }),
    at: answeredMoment('When it was said.'),
    submission_id: idOrNull('留资 that said it; null: confirmed by an adviser.'),
  },
  { title: 'ValueOrigin', description: '取值来源.' },
);
const originOrNull = objectOrNull(ValueOrigin);

const value = (description: string, example: string) =>
  Type.Object({ value: textOrNull(description, example), origin: originOrNull });

const Profile = Type.Object(
  {
    name: value('姓名.', '张三'),
    gender: value('性别.', '男'),
    email: value('邮箱, masked as `masked` says.', 'z***@example.com'),
    company: value('公司.', '某某科技'),
    job_title: value('职务.', '采购总监'),
    industry: value('行业.', '制造业'),
    company_size: value('公司规模.', '200-500'),
    address: Type.Object(
      {
        province: textOrNull('省.', '浙江'),
        city: textOrNull('市.', '杭州'),
        district: textOrNull('区 / 县.', '西湖区'),
        street: textOrNull('街道地址.', '文三路 1 号'),
        origin: originOrNull,
      },
      { description: '地址: moves as one block.' },
    ),
    tags: codes('标签: united over all submissions.', '老客户推荐'),
  },
  {
    title: 'Profile',
    description: '画像: each value with where it comes from; null where nothing is known or it was taken back.',
  },
);

const IdentityAnswer = Type.Object(
  {
    id: answeredId('身份 id.'),
    kind: codeOf(['phone', 'wechat', 'wecom', 'platform_lead'], '类型.'),
    namespace: Type.String({
      description: 'The corp of wecom, the source of platform_lead; else empty.',
      examples: [''],
    }),
    value: Type.String({
      description: '值, masked as `masked` says; a platform_lead id is not masked.',
      examples: ['138****8000'],
    }),
    created_at: answeredMoment('首次出现.'),
  },
  { title: 'Identity', description: '身份.' },
);

const ConsentAnswer = Type.Object(
  {
    purpose: codeOf(PURPOSES, '授权目的.'),
    granted: Type.Boolean({ description: '是否同意.', examples: [true] }),
    source: codeOf(['statement', 'default'], 'A dated statement, or the default of the policy where there is none.'),
    stated_at: momentOrNull('声明时间.'),
    text_version: textOrNull('授权文本版本.', 'v3'),
    channel: textOrNull('渠道代码.', 'douyin'),
    proof: textOrNull('凭证.', 'form-555#checkbox'),
    submission_id: idOrNull('留资 that stated it.'),
    actor: textOrNull('操作者.', 'key:crm'),
    recorded_at: momentOrNull('记录时间.'),
  },
  { title: 'Consent', description: '授权: the latest dated statement of a purpose.' },
);

const MergeAnswer = Type.Object(
  {
    id: answeredId('合并 id, for unmerge.'),
    survivor_id: answeredId('保留的客户.'),
    absorbed_id: answeredId('并入的客户.'),
    reason: textOrNull('原因.', 'same person'),
    actor: Type.String({ description: '操作者.', examples: ['key:crm'] }),
    created_at: answeredMoment('合并时间.'),
    undone_at: momentOrNull('撤销时间.'),
  },
  { title: 'MergeRecord', description: '合并.' },
);

/** One person with everything that is known. */
export const CustomerRecord = Type.Object(
  {
    id: answeredId('客户 id.'),
    resolved_from: idOrNull('The id that was asked for, where that customer was merged into this one.'),
    version: Type.Integer({ description: '版本: grows with every change; also the ETag.', examples: [3] }),
    masked: MaskedField,
    phone: textOrNull('电话: the first one known, E.164 or masked.', '138****8000'),
    profile: Profile,
    identities: Type.Array(IdentityAnswer, { description: '身份, strongest first.' }),
    consents: Type.Array(ConsentAnswer, { description: '授权, one a purpose.' }),
    first_source: OriginOrNull,
    last_source: OriginOrNull,
    touch_count: Type.Integer({ description: '触点数, without voided ones.', examples: [2] }),
    leads: Type.Array(Type.Union([LeadRecord, LeadExists]), { description: '线索, newest first.' }),
    aliases: codes(
      '别名: ids of customers merged into this one, which still resolve.',
      '0197a3c2-5d10-7abc-8def-0123456789ab',
    ),
    merges: Type.Array(MergeAnswer, { description: '合并记录, newest first, those undone too.' }),
    created_at: answeredMoment('创建时间.'),
    updated_at: answeredMoment('更新时间.'),
  },
  { title: 'CustomerRecord', description: '客户: one person.' },
);
export type CustomerRecord = Static<typeof CustomerRecord>;

/** What a key learns of a customer none of whose leads it may read. */
export const CustomerExists = Type.Object(
  {
    id: answeredId('客户 id.'),
    exists: Type.Unsafe<true>({ type: 'boolean', const: true, description: 'Always true.', examples: [true] }),
    phone: textOrNull('电话, always masked.', '138****8000'),
  },
  { title: 'CustomerExists', description: '他店客户: exists; the key is bound to other stores.' },
);
export type CustomerExists = Static<typeof CustomerExists>;
