import { type Static, Type } from 'typebox';
import { answeredId, codeOf } from './answer-field.ts';
import { reasonText } from './lead-work.ts';

/** Body of POST /v1/imports/{id}/revert. */
export const ImportRevertBody = Type.Object(
  {
    reason: reasonText('原因: kept in the audit.', 'wrong file'),
    force: Type.Optional(
      Type.Boolean({ default: false, description: '强制: also leads that were worked since.', examples: [false] }),
    ),
  },
  { additionalProperties: false, title: 'ImportRevert', description: '撤销导入.' },
);
export type ImportRevertBody = Static<typeof ImportRevertBody>;

/** An import that is being taken back. */
export const ImportRevertAnswer = Type.Object(
  {
    id: answeredId('导入 id.'),
    state: codeOf(['reverting'], '状态: `reverted` once all is done, see GET /v1/imports/{id}.'),
    force: Type.Boolean({ description: '强制.', examples: [false] }),
  },
  { title: 'ImportReverting', description: '撤销中: workers take it back from here on.' },
);
