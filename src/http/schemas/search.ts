import { type Static, Type } from 'typebox';
import { idText, requiredIdText, text } from './field.ts';

/** Who is looked for: exactly one of these, and `source` beside `external_id` only. */
export const searchFields = {
  phone: idText('手机号 / 电话 in any notation.', '138 0013 8000'),
  wechat: text(100, '微信号.', 'zhangsan_88'),
  wecom: Type.Optional(
    Type.Object(
      {
        corp_id: requiredIdText('企业 id.', 'ww0123456789abcdef'),
        external_user_id: requiredIdText('外部联系人 id.', 'wmAbCdEf'),
      },
      { additionalProperties: false, description: '企业微信外部联系人.' },
    ),
  ),
  external_id: idText("外部 id: the sender's own id of the lead.", 'dy-1'),
  source: text(
    100,
    '来源: id or name of the source of external_id; the one of the key where absent, another with scope ops.',
    'douyin-hq',
  ),
  ids: Type.Optional(
    Type.Array(
      Type.String({ pattern: '^[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}$', description: 'An id.' }),
      {
        minItems: 1,
        maxItems: 50,
        description: 'ids, merged-away ones too.',
        examples: [['0197a3c2-5d10-7abc-8def-0123456789ab']],
      },
    ),
  ),
};

export const SearchBody = Type.Object(searchFields, {
  additionalProperties: false,
  title: 'Search',
  description: '查找: by exactly one of phone, wechat, wecom, external_id, ids.',
  examples: [{ phone: '138 0013 8000' }],
});
export type SearchBody = Static<typeof SearchBody>;
