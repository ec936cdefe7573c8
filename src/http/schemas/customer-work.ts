import { type Static, Type } from 'typebox';
import { CLEARABLE_BY_HAND } from '../../domain/confirm.ts';
import { answeredId, codes } from './answer-field.ts';
import { reasonText } from './lead-work.ts';
import { profileFields } from './person.ts';

const closed = { additionalProperties: false } as const;
const UUID = '^[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}$';
const ID = '0197a3c2-5d10-7abc-8def-0123456789ab';

function givenId(description: string) {
  return Type.String({ pattern: UUID, description, examples: [ID] });
}

const { tags: _tags, ...confirmable } = profileFields;

export const ProfileBody = Type.Object(
  {
    ...confirmable,
    clear: Type.Optional(
      Type.Array(Type.Unsafe<string>({ type: 'string', enum: [...CLEARABLE_BY_HAND] }), {
        maxItems: CLEARABLE_BY_HAND.length,
        description: '清空: values to take back, until the customer states them anew; `address` is the whole block.',
        examples: [['company']],
      }),
    ),
  },
  {
    ...closed,
    title: 'ProfileChange',
    description: '确认资料: values that an adviser has confirmed; a blank changes nothing.',
    examples: [{ name: '王芳', city: '杭州', clear: ['company'] }],
  },
);
export type ProfileBody = Static<typeof ProfileBody>;

export const ProfileChangeAnswer = Type.Object(
  {
    customer_id: answeredId('客户 id.'),
    version: Type.Integer({ description: '版本; also the ETag.', examples: [4] }),
    confirmed: codes('已确认: fields confirmed or taken back by this.', 'name'),
    changed: codes('已变更: those of them whose value is another now.', 'name'),
  },
  { title: 'ProfileChanged', description: '资料变更.' },
);

export const MergeBody = Type.Object(
  {
    customer_id: givenId('被合并客户 id: the one of the path survives.'),
    reason: reasonText('原因.', '同一人两个号码'),
  },
  { ...closed, title: 'MergeRequest', description: '合并客户.' },
);

export const MergeAnswer = Type.Object(
  {
    merge_id: answeredId('合并 id: to take it back by.'),
    customer_id: answeredId('存续客户 id.'),
    absorbed_id: answeredId('被合并客户 id; it keeps resolving.'),
    leads: Type.Array(
      Type.Object({
        survivor: answeredId('存续线索 id.'),
        absorbed: answeredId('并入的线索 id; it keeps resolving.'),
      }),
      { description: '合并的线索: open in one scope.' },
    ),
  },
  { title: 'MergedCustomers', description: '合并结果.' },
);

export const UnmergeBody = Type.Object(
  { merge_id: givenId('合并 id; the last merge of the customer.') },
  { ...closed, title: 'UnmergeRequest', description: '撤销合并.' },
);

export const UnmergeAnswer = Type.Object(
  {
    merge_id: answeredId('合并 id.'),
    customer_id: answeredId('存续客户 id.'),
    restored_id: answeredId('恢复的客户 id.'),
    touches: codes('转回的触点: taken meanwhile, by an identity of the restored customer.', ID),
  },
  { title: 'UnmergedCustomers', description: '撤销合并的结果.' },
);

export const SplitBody = Type.Object(
  {
    touch_id: givenId('触点 id: what goes to a customer of its own.'),
    reason: reasonText('原因.', '号码已转给他人'),
    take_identity: Type.Optional(
      Type.Boolean({
        default: false,
        description:
          '号码归新客户: the identity that the touch came by goes too; else later submissions by it come to the old one.',
        examples: [false],
      }),
    ),
  },
  { ...closed, title: 'SplitRequest', description: '拆分客户.' },
);

export const SplitAnswer = Type.Object(
  {
    customer_id: answeredId('新客户 id.'),
    from_customer_id: answeredId('原客户 id.'),
    lead_id: answeredId('线索 id at the new customer.'),
    touch_id: answeredId('触点 id.'),
    identities: codes('转移的身份 ids.', ID),
  },
  { title: 'SplitTouch', description: '拆分结果.' },
);
