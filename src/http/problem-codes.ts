/** What one code of a problem document stands for: its status, its title, and what the caller can do about it. */
export interface ProblemKind {
  readonly status: number;
  readonly title: string;
  readonly hint: string;
}

/** The one error table: every problem that any route answers, by its stable code. */
export const PROBLEMS = {
  // The request as such.
  request_malformed: {
    status: 400,
    title: 'The request is not valid HTTP',
    hint: 'Send well-formed HTTP/1.1 with one Content-Length or chunked, not both.',
  },
  url_malformed: {
    status: 400,
    title: 'The address cannot be read',
    hint: 'Percent-encode the path and the query as UTF-8.',
  },
  url_too_long: {
    status: 414,
    title: 'A part of the path is too long',
    hint: 'Use an id as this service answered it.',
  },
  request_timeout: {
    status: 408,
    title: 'The request did not arrive in time',
    hint: 'Send the whole request within 30 seconds.',
  },
  headers_too_large: {
    status: 431,
    title: 'The headers are too large',
    hint: 'Keep all headers together under 16 KB.',
  },
  header_invalid: { status: 400, title: 'A header is not usable', hint: 'Correct the header named in errors.' },
  query_invalid: { status: 400, title: 'A query parameter is not usable', hint: 'Correct what is named in errors.' },
  cursor_invalid: {
    status: 400,
    title: 'The cursor cannot be used here',
    hint: 'Send next_cursor as it was answered, with the same filters and sort; or begin again without it.',
  },
  route_not_found: {
    status: 404,
    title: 'There is no such address',
    hint: 'See /docs for every address of this service.',
  },
  method_not_allowed: {
    status: 405,
    title: 'The address does not answer this method',
    hint: 'Use a method that the Allow header names.',
  },
  // The body.
  media_type_unsupported: {
    status: 415,
    title: 'The media type of the body is not read here',
    hint: 'Send Content-Type: application/json.',
  },
  charset_unsupported: { status: 415, title: 'The body must be UTF-8', hint: 'Encode the body as UTF-8, not as GBK.' },
  encoding_unsupported: {
    status: 415,
    title: 'Compressed bodies are not read',
    hint: 'Send the body without Content-Encoding.',
  },
  body_empty: { status: 400, title: 'The body is empty', hint: 'Send a JSON object.' },
  body_too_large: { status: 413, title: 'The body is too large', hint: 'Send fewer items at once.' },
  body_incomplete: {
    status: 400,
    title: 'The body ended before its Content-Length',
    hint: 'Send as many bytes as Content-Length says.',
  },
  body_not_utf8: {
    status: 400,
    title: 'The body is not valid UTF-8',
    hint: 'Encode the body as UTF-8; text from a Chinese Windows program may be GBK.',
  },
  body_not_json: { status: 400, title: 'The body is not valid JSON', hint: 'Correct the JSON at the position named.' },
  body_truncated: {
    status: 400,
    title: 'The JSON ends too early',
    hint: 'Something cut the body off: compare its length with what was sent.',
  },
  body_too_deep: { status: 400, title: 'The JSON is nested too deeply', hint: 'Flatten the body.' },
  body_too_many_keys: { status: 400, title: 'The JSON holds too many keys', hint: 'Send fewer items at once.' },
  body_forbidden_key: {
    status: 400,
    title: 'The JSON holds a key that is never accepted',
    hint: 'Remove __proto__ and constructor.prototype.',
  },
  body_duplicate_key: {
    status: 400,
    title: 'An object of the JSON names a key twice',
    hint: 'Name each key once: which of two values counts would be a guess.',
  },
  body_bad_text: {
    status: 400,
    title: 'A text of the JSON cannot be stored',
    hint: 'Remove NUL characters (\\u0000) and unpaired surrogates (half of an emoji).',
  },
  body_number_out_of_range: {
    status: 400,
    title: 'A number of the JSON is too large for any use',
    hint: 'Send the number as text.',
  },
  body_invalid: { status: 422, title: 'The body does not fit', hint: 'Correct every field named in errors.' },
  field_not_allowed: {
    status: 422,
    title: 'A page may not send this field',
    hint: 'Take every field named in errors out of the page; nothing was kept.',
  },
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
  already_released: {
    status: 409,
    title: 'The quarantined submission has been released already',
    hint: 'Read the entry: resolved_by is the submission that came of it.',
  },
  raw_body_gone: {
    status: 410,
    title: 'What arrived is no longer kept',
    hint: 'Raw bodies are dropped after CLEW_RAW_RETENTION_DAYS: capture the lead anew.',
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
