import { type Static, Type } from 'typebox';
import { code, moment } from './field.ts';
import { reasonText } from './lead-work.ts';

const closed = { additionalProperties: false } as const;

export const AssignBody = Type.Object(
  {
    owner: Type.String({
      minLength: 1,
      maxLength: 64,
      description: '顾问代码, or `ref:` and the external_ref: an active one, where the deployment has advisers.',
      examples: ['A1'],
    }),
    store: code('门店代码, or `ref:` and the external_ref; stays where absent.', 'S1'),
    occurred_at: moment('发生时间; now where absent.'),
  },
  { ...closed, title: 'Assign', description: '分配.', examples: [{ owner: 'A1' }] },
);

export const ClaimBody = Type.Object(
  {
    adviser: code(
      '顾问代码, or `ref:` and the external_ref: who takes it; the one that the key acts for where absent.',
      'A1',
    ),
  },
  { ...closed, title: 'Claim', description: '领取.', examples: [{ adviser: 'A1' }] },
);

export const ReleaseBody = Type.Object(
  { reason: Type.Optional(reasonText('原因: in own words; kept in the audit.', '客户在外地')) },
  { ...closed, title: 'Release', description: '退回.', examples: [{ reason: '客户在外地' }] },
);

export const ReassignBody = Type.Object(
  {
    to: code(
      '顾问代码, or `ref:` and the external_ref: who gets them; in turn through the wheels of their stores where absent.',
      'A2',
    ),
    store: code('门店代码, or `ref:` and the external_ref: only those of this store.', 'S1'),
  },
  { ...closed, title: 'Reassign', description: '离职交接.', examples: [{ to: 'A2' }] },
);

export const ReassignAnswer = Type.Object(
  {
    given: Type.Integer({ description: '已分配: leads that somebody has now.', examples: [42] }),
    pooled: Type.Integer({ description: '入池: leads that wait in the pool of their store.', examples: [0] }),
    more: Type.Boolean({ description: '还有: call again, until it is false.', examples: [false] }),
  },
  { title: 'Reassigned', description: '交接结果.' },
);
export type ReassignAnswer = Static<typeof ReassignAnswer>;
