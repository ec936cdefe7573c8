import { type Static, Type } from 'typebox';
import { outcomeFields } from './outcome.ts';

/** The query of the capture routes. */
export const CaptureQuery = Type.Object(
  {
    dry_run: Type.Optional(
      Type.Boolean({ default: false, description: '试算: decide as the real call would, and write nothing.' }),
    ),
    mode: Type.Optional(
      Type.Unsafe<'live' | 'history'>({
        type: 'string',
        enum: ['live', 'history'],
        default: 'live',
        description: '历史导入: `history` (scope ops) loads old data: judged and kept, but no delivery, owner or task.',
      }),
    ),
  },
  { additionalProperties: false },
);
export type CaptureQuery = Static<typeof CaptureQuery>;

/** The body of a batch of at most `most` items; each is checked by itself, so the schema leaves them open. */
export function batchBody(most: number) {
  return Type.Object(
    {
      items: Type.Array(Type.Unsafe<unknown>({ 'x-schema': 'Lead' }), {
        minItems: 1,
        maxItems: most,
        description: 'Each as the body of POST /v1/leads.',
      }),
    },
    { additionalProperties: false, title: 'LeadBatch' },
  );
}

const BatchItem = Type.Object(
  {
    index: Type.Integer({ description: 'Position in the batch, from 0.' }),
    status: Type.Integer({ description: 'The status that the item alone would have been answered with.' }),
    ...Type.Partial(Type.Object(outcomeFields)).properties,
    problem: Type.Optional(
      Type.Object({}, { additionalProperties: true, description: 'The problem document of a refused item.' }),
    ),
  },
  { title: 'BatchItem' },
);
export type BatchItem = Static<typeof BatchItem>;

/** The answer to a batch. */
export const BatchAnswer = Type.Object(
  { items: Type.Array(BatchItem, { description: 'One answer an item, in the order of the batch.' }) },
  { title: 'BatchOutcome' },
);
