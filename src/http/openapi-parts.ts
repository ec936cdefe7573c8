import { PROBLEM_MEDIA_TYPE, problem, problemDocument } from './problem.ts';
import { PROBLEMS, type ProblemCode } from './problem-codes.ts';
import { ProblemBody } from './schemas/problem.ts';

type Json = Record<string, unknown>;

/** The response of one status of problems: which codes, and an example of each. */
export function problemResponse(codes: readonly ProblemCode[]): Json {
  const retry = codes.some((code) => [429, 503].includes(PROBLEMS[code].status));
  return {
    description: codes.map((code) => `\`${code}\` ${PROBLEMS[code].title}.`).join('\n\n'),
    headers: {
      'X-Request-Id': { $ref: '#/components/headers/X-Request-Id' },
      ...(retry ? { 'Retry-After': { $ref: '#/components/headers/Retry-After' } } : {}),
    },
    content: {
      [PROBLEM_MEDIA_TYPE]: {
        schema: ProblemBody,
        examples: Object.fromEntries(codes.map((code) => [code, { $ref: `#/components/examples/${code}` }])),
      },
    },
  };
}

/** The header parameters of every route that needs a key. */
export const KEYED_HEADERS = ['OnBehalfOf', 'AccessReason'] as const;

const header = (description: string, schema: Json): Json => ({ description, schema });

/** The shared parts of the document, beside its schemas. */
export const COMPONENTS: Json = {
  securitySchemes: {
    key: {
      type: 'http',
      scheme: 'bearer',
      bearerFormat: 'clew_…',
      description: 'An API key. What is required beside it names the scope that it needs.',
    },
  },
  parameters: {
    IdempotencyKey: {
      name: 'Idempotency-Key',
      in: 'header',
      required: false,
      description:
        '幂等键: the same key with the same request gets the same answer; kept for 90 days. An answer that was kept carries `Idempotency-Replayed: true`.',
      schema: { type: 'string', minLength: 1, maxLength: 255, examples: ['order-20260601-0001'] },
    },
    OnBehalfOf: {
      name: 'On-Behalf-Of',
      in: 'header',
      required: false,
      description: 'Who acts through the key: `adviser:` and a code of 1 to 64 characters (UTF-8, or percent-encoded).',
      schema: { type: 'string', examples: ['adviser:A1'] },
    },
    AccessReason: {
      name: 'Access-Reason',
      in: 'header',
      required: false,
      description: 'Why a phone is read in full; kept in the audit (UTF-8, or percent-encoded).',
      schema: { type: 'string', maxLength: 500, examples: ['call back'] },
    },
  },
  headers: {
    'X-Request-Id': header("The request's id: the caller's, where it sent a plain one.", { type: 'string' }),
    'RateLimit-Limit': header('Requests a minute that the key may make.', { type: 'integer' }),
    'RateLimit-Remaining': header('How many are left of this minute.', { type: 'integer' }),
    'RateLimit-Reset': header('Seconds until the minute is over.', { type: 'integer' }),
    'Retry-After': header('Seconds to wait before sending it again.', { type: 'integer' }),
  },
  examples: Object.fromEntries(
    (Object.keys(PROBLEMS) as ProblemCode[])
      .sort()
      .map((code) => [code, { value: problemDocument(problem(code), '0197a3c2-5d10-7abc-8def-0123456789ab') }]),
  ),
};
