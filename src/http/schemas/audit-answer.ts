import { type Static, Type } from 'typebox';
import { answeredId, answeredMoment, anything, pageAnswer, textOrNull } from './answer-field.ts';

const AuditRecord = Type.Object(
  {
    id: answeredId('记录 id.'),
    at: answeredMoment('时间.'),
    actor: Type.String({ description: '操作者.', examples: ['adviser:A1 via key:crm'] }),
    action: Type.String({ description: '操作.', examples: ['phone.read'] }),
    subject: Type.Object(
      {
        kind: Type.String({ description: 'lead, customer, key, source, …', examples: ['lead'] }),
        id: textOrNull('Its id; null: several, listed in `detail.ids`.', '0197a3c2-5d10-7abc-8def-0123456789ab'),
      },
      { description: '对象.' },
    ),
    reason: textOrNull('原因: the Access-Reason of a reading.', 'call back'),
    detail: anything('What was done; no secret and no person.', { route: 'GET /v1/leads/:id', ids: [] }),
    request_id: textOrNull('请求 id.', '0197a3c2-5d10-7abc-8def-0123456789ab'),
  },
  { title: 'AuditRecord', description: '审计记录: what is no event of a lead; it is never changed.' },
);
export type AuditRecord = Static<typeof AuditRecord>;

export const AuditPageAnswer = pageAnswer(AuditRecord, 'AuditPage');
