import { Type } from 'typebox';
import { PROFILE_FIELDS } from '../../domain/profile.ts';
import { PURPOSES } from '../../domain/submission.ts';
import { idText, moment, oneOf, requiredIdText, text } from './field.ts';

const closed = { additionalProperties: false } as const;

/** Names of the person fields that a customer can take back. */
export const CLEARABLE = [...PROFILE_FIELDS, 'address'] as const;

/** The profile fields of a person, without identities. */
export const profileFields = {
  name: text(100, '姓名: name.', '张三'),
  gender: text(16, '性别: gender, as stated.', '男'),
  email: text(254, '邮箱: mail address.', 'zhangsan@example.com'),
  province: text(64, '省: province.', '浙江'),
  city: text(64, '市: city.', '杭州'),
  district: text(64, '区 / 县: district.', '西湖区'),
  street: text(300, '街道地址: street.', '文三路 1 号'),
  company: text(200, '公司: company.', '某某科技'),
  job_title: text(100, '职务: job title.', '采购总监'),
  industry: text(100, '行业: industry.', '制造业'),
  company_size: text(64, '公司规模: company size.', '200-500'),
  tags: Type.Optional(
    Type.Array(Type.String({ minLength: 1, maxLength: 64 }), {
      maxItems: 50,
      description: '标签: united over all submissions.',
      examples: [['老客户推荐']],
    }),
  ),
};

export const PersonBody = Type.Object(
  {
    phone: idText(
      '手机号 / 电话 as typed: the first usable number is the key. Never guessed, never padded.',
      '138 0013 8000',
    ),
    phone_kind: oneOf(
      ['mobile', 'landline', 'relay', 'other'],
      '号码类型, where the source knows it; relay = 隐私号, never a key.',
    ),
    wechat: text(100, '微信号: WeChat id, an identity.', 'zhangsan_88'),
    wecom: Type.Optional(
      Type.Object(
        {
          corp_id: requiredIdText('企业 id: of the company in 企业微信.', 'ww0123456789abcdef'),
          external_user_id: requiredIdText('外部联系人 id: external user id, an identity.', 'wmAbCdEf'),
        },
        { ...closed, description: '企业微信外部联系人: the person in 企业微信.' },
      ),
    ),
    ...profileFields,
  },
  { ...closed, description: '用户: the person; a phone, a WeChat id or a 企微 id is needed.' },
);

export const ConsentBody = Type.Object(
  {
    purpose: Type.Unsafe<(typeof PURPOSES)[number]>({
      type: 'string',
      enum: [...PURPOSES],
      description: '授权目的: what the consent is for.',
      examples: ['contact'],
    }),
    granted: Type.Boolean({
      description: '同意 true, 拒绝或撤回 false: granted, or refused or withdrawn.',
      examples: [true],
    }),
    at: moment('授权时间; the time of the submission where absent.'),
    text_version: text(64, '授权文本版本: version of the text agreed to.', 'v3'),
    proof: text(500, '凭证: where the statement can be seen.', 'form-555#checkbox'),
  },
  { ...closed, description: '授权声明: a consent or its withdrawal, per purpose.' },
);
