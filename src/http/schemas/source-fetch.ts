import { type Static, Type } from 'typebox';
import { pageQuery } from '../query.ts';
import { answeredId, answeredMoment, codeOf, momentOrNull, pageAnswer, textOrNull } from './answer-field.ts';

const STATES = ['pending', 'fetched', 'dead'] as const;

/** Most fetches that one call tries again. */
export const MOST_RETRIED = 10_000;

export const FetchesQuery = Type.Object(
  {
    state: Type.Optional(
      Type.Array(codeOf(STATES, '状态.'), {
        maxItems: STATES.length,
        description: '状态; may be repeated.',
        examples: [['dead']],
      }),
    ),
    ...pageQuery,
  },
  { additionalProperties: false },
);

export const FetchRecord = Type.Object(
  {
    id: answeredId('留资 id of the parked submission that it completes.'),
    external_id: Type.String({ description: '平台线索 id.', examples: ['200000000000002'] }),
    state: codeOf(
      STATES,
      '状态: `pending` to be fetched, `fetched`, `dead` given up: retry it once what `fault` names is mended.',
    ),
    attempts: Type.Integer({ description: '尝试次数 that count: a refused token and a limit do not.', examples: [1] }),
    due_at: answeredMoment('下次尝试 of what is pending.'),
    fault: textOrNull(
      '故障 of the last attempt: `unauthorised` (the token), `throttled`, `gone` (the platform has it no more), `deleted`, `no_identity` (fetched without a phone: in quarantine), `http_500`, `timeout` and the like.',
      'unauthorised',
    ),
    detail: textOrNull('One sentence more, which quotes nothing of the answer.', 'The platform answered 401.'),
    created_at: answeredMoment('推送时间.'),
    settled_at: momentOrNull('结束时间.'),
  },
  { title: 'LeadFetch', description: '取数: a lead of which the platform sent the id only.' },
);
export type FetchRecord = Static<typeof FetchRecord>;
export const FetchPageAnswer = pageAnswer(FetchRecord, 'LeadFetchPage');

export const FetchRetryBody = Type.Object(
  {
    ids: Type.Optional(
      Type.Array(Type.String({ format: 'uuid' }), {
        minItems: 1,
        maxItems: 1000,
        description: 'Which; every one that can be where it is left out.',
        examples: [['0197a3c2-5d10-7abc-8def-0123456789ab']],
      }),
    ),
  },
  { additionalProperties: false, title: 'FetchRetry', description: '重新取数.', examples: [{}] },
);

export const FetchRetryAnswer = Type.Object(
  { retried: Type.Integer({ description: '数量 that begin anew.', examples: [3] }) },
  { title: 'FetchesRetried', description: '重新取数结果.' },
);
