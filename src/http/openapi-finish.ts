import type { KeyScope } from '../domain/key.ts';
import { hoistSchemas } from './openapi-hoist.ts';
import { COMPONENTS, KEYED_HEADERS } from './openapi-parts.ts';
import { type SharedResponses, shareResponses } from './openapi-responses.ts';
import { describeWebhooks, WEBHOOK_PARAMETERS, WEBHOOK_RESPONSES } from './openapi-webhooks.ts';
import type { ProblemCode } from './problem-codes.ts';

/** What the document says of a route that its schema does not. */
export interface RouteFacts {
  readonly scope: KeyScope | readonly KeyScope[] | 'public'; // of a list any one
  readonly idempotent: boolean;
  readonly problems: readonly ProblemCode[];
  readonly body: boolean;
  readonly query: boolean;
  readonly params: boolean;
}

type Json = Record<string, unknown>;
interface Operation extends Json {
  parameters?: Json[];
  responses: Record<string, Json>;
}
export interface OpenApiDocument extends Json {
  paths: Record<string, Record<string, Operation>>;
  components?: Json;
}

const BODY_PROBLEMS: readonly ProblemCode[] = [
  'media_type_unsupported',
  'charset_unsupported',
  'encoding_unsupported',
  'body_empty',
  'body_too_large',
  'body_incomplete',
  'body_not_utf8',
  'body_not_json',
  'body_truncated',
  'body_too_deep',
  'body_too_many_keys',
  'body_forbidden_key',
  'body_duplicate_key',
  'body_bad_text',
  'body_number_out_of_range',
  'body_invalid',
];
const KEY_PROBLEMS: readonly ProblemCode[] = [
  'unauthenticated',
  'scope_missing',
  'adviser_mismatch',
  'header_invalid',
  'rate_limited',
  'database_unavailable',
];

const QUERY_PROBLEMS: readonly ProblemCode[] = ['query_invalid'];
const PARAMS_PROBLEMS: readonly ProblemCode[] = ['not_found', 'url_too_long', 'url_malformed'];
const IDEMPOTENT_PROBLEMS: readonly ProblemCode[] = ['idempotency_conflict', 'header_invalid'];

/** Adds to every operation its security, headers and problems, adds the webhooks, names what is shared once, and sorts it all. */
export function finishDocument(document: OpenApiDocument, facts: ReadonlyMap<string, RouteFacts>): OpenApiDocument {
  const shared = shareResponses();
  const paths = sorted(document.paths, (methods, path) =>
    sorted(methods, (operation, method) => finishOperation(operation, facts.get(`${method} ${path}`), shared)),
  );
  const { linked, schemas } = hoistSchemas({ paths, responses: shared.all(), webhooks: describeWebhooks() });
  const parameters = { ...(COMPONENTS['parameters'] as Json), ...WEBHOOK_PARAMETERS };
  const responses = sorted({ ...(linked['responses'] as Json), ...WEBHOOK_RESPONSES }, (response) => response);
  return {
    ...document,
    components: { ...COMPONENTS, parameters, responses, schemas },
    paths: linked['paths'] as OpenApiDocument['paths'],
    webhooks: linked['webhooks'],
  };
}

function finishOperation(operation: Operation, facts: RouteFacts | undefined, shared: SharedResponses): Operation {
  if (facts === undefined) throw new Error('an operation of the document has no route');
  const keyed = facts.scope !== 'public';
  const headers = [...(keyed ? KEYED_HEADERS : []), ...(facts.idempotent ? ['IdempotencyKey'] : [])];
  const parameters = [...(operation.parameters ?? []), ...headers.map((name) => ref('parameters', name))];
  const answers = sorted(operation.responses, (response) => ({
    ...response,
    headers: { ...(response['headers'] as Json | undefined), ...answerHeaders(keyed) },
  }));
  return {
    ...operation,
    ...(parameters.length === 0 ? {} : { parameters }),
    security: keyed ? [facts.scope].flat().map((scope) => ({ key: [scope] })) : [],
    responses: { ...answers, ...shared.refer(problemsOf(facts)) },
  };
}

/** Every problem that a route can answer: what its schema, scope and own declaration make possible. */
function problemsOf(facts: RouteFacts): readonly ProblemCode[] {
  const codes: readonly ProblemCode[] = [
    'internal',
    ...facts.problems,
    ...(facts.body ? BODY_PROBLEMS : []),
    ...(facts.query ? QUERY_PROBLEMS : []),
    ...(facts.params ? PARAMS_PROBLEMS : []),
    ...(facts.scope === 'public' ? [] : KEY_PROBLEMS),
    ...(facts.idempotent ? IDEMPOTENT_PROBLEMS : []),
  ];
  return [...new Set(codes)].sort();
}

function answerHeaders(keyed: boolean): Json {
  const names = ['X-Request-Id', ...(keyed ? ['RateLimit-Limit', 'RateLimit-Remaining', 'RateLimit-Reset'] : [])];
  return Object.fromEntries(names.map((name) => [name, ref('headers', name)]));
}

function ref(kind: string, name: string): Json {
  return { $ref: `#/components/${kind}/${name}` };
}

function sorted<T, R>(record: Readonly<Record<string, T>>, map: (value: T, key: string) => R): Record<string, R> {
  const keys = Object.keys(record).sort();
  return Object.fromEntries(keys.map((key) => [key, map(record[key] as T, key)]));
}
