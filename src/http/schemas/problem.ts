import { Type } from 'typebox';
import { PROBLEMS } from '../problem-codes.ts';

const FieldFault = Type.Object(
  {
    path: Type.String({ description: 'JSON pointer to the field.', examples: ['/person/phone'] }),
    code: Type.String({ description: 'Stable code of the fault.', examples: ['unknown_field'] }),
    message: Type.String({ description: 'What is wrong, without the value.' }),
    hint: Type.Optional(Type.String({ description: 'What to do.', examples: ['Did you mean phone?'] })),
  },
  { title: 'FieldError' },
);

/** An RFC 9457 document, as the reference describes it. */
export const ProblemBody = Type.Object(
  {
    type: Type.String({
      format: 'uri-reference',
      description: 'Where the code is explained.',
      examples: ['/problems/phone_invalid'],
    }),
    title: Type.String({ description: 'What the code stands for; the same for each.' }),
    status: Type.Integer({ description: 'The HTTP status.', examples: [422] }),
    code: Type.Unsafe<string>({
      type: 'string',
      enum: Object.keys(PROBLEMS).sort(),
      description: 'Stable code: branch on this.',
    }),
    detail: Type.Optional(Type.String({ description: 'What is wrong this time.' })),
    hint: Type.String({ description: 'What to do about it.' }),
    errors: Type.Optional(Type.Array(FieldFault, { description: 'Every field at fault, 50 at most.' })),
    request_id: Type.Optional(Type.String({ description: 'Name it when you report the problem.' })),
  },
  { title: 'Problem', additionalProperties: true, description: 'RFC 9457 problem document.' },
);
