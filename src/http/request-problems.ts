import type { ProblemKind } from './problem-kind.ts';

/** Problems of a request as such and of its body: whatever is asked, it could not be read. */
export const REQUEST_PROBLEMS = {
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
  multipart_invalid: {
    status: 400,
    title: 'The multipart body cannot be read',
    hint: 'Send multipart/form-data with one file part, and the options as fields by their names.',
  },
  file_too_large: {
    status: 413,
    title: 'The file is larger than is taken',
    hint: 'Split the file, or let an operator raise CLEW_IMPORT_MAX_BYTES; nothing was kept.',
  },
  file_empty: { status: 422, title: 'The file is empty', hint: 'Send the file itself; nothing was kept.' },
} as const satisfies Record<string, ProblemKind>;
