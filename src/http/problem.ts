import { PROBLEMS, type ProblemCode } from './problem-codes.ts';

/** One fault of one field: where (JSON pointer), a stable code, what is wrong without the value, and what to do. */
export interface FieldError {
  readonly path: string;
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
}

/** What a problem says beyond its line in the table. */
export interface ProblemDetails {
  readonly detail?: string; // for the client: no SQL, no stack, no value of the person
  readonly hint?: string; // better than the table's
  readonly errors?: readonly FieldError[];
  readonly retryAfterSeconds?: number; // answered as Retry-After
  readonly headers?: Readonly<Record<string, string>>;
  readonly members?: Readonly<Record<string, unknown>>; // further members of the document
  readonly cause?: unknown; // for the log
}

/** A problem on its way to the client: thrown anywhere under http, answered by the one error handler. */
export interface Problem extends Error {
  readonly kind: 'problem';
  readonly code: ProblemCode;
  readonly details: ProblemDetails;
}

/** A problem of the table; `throw problem('not_found')`. */
export function problem(code: ProblemCode, details: ProblemDetails = {}): Problem {
  const error = new Error(code, { cause: details.cause });
  return Object.assign(error, { kind: 'problem' as const, code, details, statusCode: PROBLEMS[code].status });
}

/** Whether something thrown is a problem of the table. */
export function isProblem(thrown: unknown): thrown is Problem {
  return thrown instanceof Error && (thrown as Partial<Problem>).kind === 'problem';
}

/** An RFC 9457 document; `type` is an address of this service that explains the code. */
export interface ProblemDocument {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: ProblemCode;
  readonly detail?: string;
  readonly hint: string;
  readonly errors?: readonly FieldError[];
  readonly request_id?: string;
  readonly [member: string]: unknown;
}

export const PROBLEM_MEDIA_TYPE = 'application/problem+json';

/** The document of a problem; an item of a batch has no request id of its own. */
export function problemDocument(found: Problem, requestId?: string): ProblemDocument {
  const { title, status, hint } = PROBLEMS[found.code];
  const { details } = found;
  return {
    type: `/problems/${found.code}`,
    title,
    status,
    code: found.code,
    ...(details.detail === undefined ? {} : { detail: details.detail }),
    hint: details.hint ?? hint,
    ...(details.errors === undefined ? {} : { errors: details.errors }),
    ...(requestId === undefined ? {} : { request_id: requestId }),
    ...details.members,
  };
}
