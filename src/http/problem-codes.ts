import type { ProblemKind } from './problem-kind.ts';
import { REQUEST_PROBLEMS } from './request-problems.ts';

/** The one error table: every problem that any route answers, by its stable code. */
export const PROBLEMS = {
  ...REQUEST_PROBLEMS,
  // Who asks.
  unauthenticated: {
    status: 401,
    title: 'A valid API key is needed',
    hint: 'Send Authorization: Bearer clew_… with a key that is neither revoked nor expired.',
  },
  scope_missing: {
    status: 403,
    title: 'The key may not do this',
    hint: 'Use a key with the scope named in scope, or leave out the field named in errors.',
  },
  adviser_mismatch: {
    status: 403,
    title: 'The key speaks for another adviser',
    hint: 'Leave On-Behalf-Of out, or name the adviser that the key is bound to.',
  },
  origin_not_allowed: {
    status: 403,
    title: 'The page may not send to this form',
    hint: "Add the page's origin, such as https://www.example.cn, to settings.form.origins of the source.",
  },
  source_paused: { status: 403, title: 'The source of the key is paused', hint: 'An operator can resume the source.' },
  rate_limited: { status: 429, title: 'Too many requests', hint: 'Wait as long as Retry-After says.' },
  // What the rules say.
  not_found: { status: 404, title: 'There is no such thing', hint: 'Check the id; a key sees only what it may.' },
  gone: {
    status: 410,
    title: 'It was here and is no more',
    hint: 'It was erased or taken back; forget its id and what you keep of it.',
  },
  other_store: {
    status: 403,
    title: 'It belongs to another store',
    hint: 'The key sees only that it exists; ask its store, or use a key of that store.',
  },
  state_conflict: {
    status: 409,
    title: 'This cannot be done as things stand',
    hint: 'Read the present state first; what is allowed is named where it can be.',
  },
  external_ref_taken: {
    status: 409,
    title: 'Another one has this external_ref',
    hint: 'Read the one named in taken_by; take the external_ref from it first where it is wrong there.',
  },
  in_use: {
    status: 409,
    title: 'Something refers to it still',
    hint: 'Give away what is counted here first; a store or an adviser can be set to active: false instead.',
  },
  already_released: {
    status: 409,
    title: 'The quarantined submission has been released already',
    hint: 'Read the entry: resolved_by is the submission that came of it.',
  },
  already_claimed: {
    status: 409,
    title: 'Somebody has the lead already',
    hint: 'Claim another one of the pool.',
  },
  raw_body_gone: {
    status: 410,
    title: 'What arrived is no longer kept',
    hint: 'Raw bodies are dropped after CLEW_RAW_RETENTION_DAYS: capture the lead anew.',
  },
  import_followed_up: {
    status: 409,
    title: 'Leads of the import were worked since',
    hint: 'Look at the leads named in leads; force takes their touches back all the same.',
  },
  out_of_order: {
    status: 409,
    title: 'Something later is already recorded',
    hint: 'Give an occurred_at after the last change.',
  },
  version_conflict: {
    status: 412,
    title: 'It was changed by somebody else meanwhile',
    hint: 'Read it again and send its ETag as If-Match.',
  },
  version_required: { status: 428, title: 'If-Match is needed', hint: 'Read it and send its ETag as If-Match.' },
  idempotency_conflict: {
    status: 422,
    title: 'The same key came with other content',
    hint: 'Use a new Idempotency-Key or external_id for other content.',
  },
  phone_invalid: { status: 422, title: 'The phone is no number', hint: 'Check the digits; none is ever guessed.' },
  phone_masked: { status: 422, title: 'The phone is masked', hint: 'Send the number with all its digits.' },
  phone_scientific_notation: {
    status: 422,
    title: 'A spreadsheet has cut the phone short',
    hint: 'Format the column as text and export again.',
  },
  phone_relay: {
    status: 422,
    title: 'The phone is a privacy relay number',
    hint: "Send external_id beside it: the platform's own id of the lead.",
  },
  phone_not_personal: {
    status: 422,
    title: 'The phone belongs to no person',
    hint: 'Send a mobile or a direct line; 400, 95 and short numbers name nobody.',
  },
  phone_empty: {
    status: 422,
    title: 'Nothing says who the person is',
    hint: 'Send person.phone, person.wechat or person.wecom; a placeholder such as - or 无 counts as none.',
  },
  date_invalid: {
    status: 422,
    title: 'A time cannot be read',
    hint: 'Send ISO 8601, such as 2026-06-01T12:30:00+08:00.',
  },
  unparsable: { status: 422, title: 'What arrived could not be read', hint: 'Compare it with what the source sends.' },
  target_refused: {
    status: 422,
    title: 'The address may not be called',
    hint: 'Give an https address of the public internet; an operator can allow others by CLEW_TARGET_HTTP and CLEW_TARGET_ALLOW.',
  },
  mapping_invalid: {
    status: 422,
    title: 'An expression cannot be used',
    hint: 'Correct the JSONata named in errors; it was tried on a sample of what it would get.',
  },
  submission_unusable: {
    status: 422,
    title: 'The submission cannot be used',
    hint: 'It is kept in quarantine; correct it there.',
  },
  // Us.
  overloaded: {
    status: 503,
    title: 'Too much is waiting already',
    hint: 'Send it again after Retry-After; nothing was done.',
  },
  database_unavailable: {
    status: 503,
    title: 'The database does not answer',
    hint: 'Send it again after Retry-After, with the same Idempotency-Key.',
  },
  not_ready: {
    status: 503,
    title: 'This process should get no requests now',
    hint: 'Send them to another process until this address answers 200.',
  },
  internal: {
    status: 500,
    title: 'Something is wrong on our side',
    hint: 'Send it again with the same Idempotency-Key; name request_id when you report it.',
  },
} as const satisfies Record<string, ProblemKind>;

/** A stable code of the error table. */
export type ProblemCode = keyof typeof PROBLEMS;

/** Whether a text is a code of the table. */
export function isProblemCode(code: unknown): code is ProblemCode {
  return typeof code === 'string' && Object.hasOwn(PROBLEMS, code);
}
