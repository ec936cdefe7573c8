import swagger from '@fastify/swagger';
import type { RouteOptions } from 'fastify';
import type { App } from './deps.ts';
import { finishDocument, type OpenApiDocument, type RouteFacts } from './openapi-finish.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Problems that this route can answer beside those that its schema and scope imply. */
    problems?: readonly import('./problem-codes.ts').ProblemCode[];
  }
}

const DESCRIPTION = `Leads (线索) in from every channel, recognised by phone, judged in one transaction.

- **Keys.** Send \`Authorization: Bearer clew_…\`. A key has scopes and a source; it may be bound to stores and to an adviser.
- **Errors** are RFC 9457 problem documents with a stable \`code\`; \`GET /problems\` lists every one. What is no HTTP at all
  is answered 400, 408 or 431 in the same form.
- **Repeats.** Every POST takes an \`Idempotency-Key\`: the same request again gets the same answer.
- **JSON.** UTF-8; unknown fields, keys named twice and \`null\` are refused with their path. A number that a double cannot
  hold becomes text with all its digits. Money is in minor units (分), times are ISO 8601.
- **Answers** are \`Cache-Control: no-store\` and carry \`X-Request-Id\`: yours, where it is 8 to 128 plain characters.`;

const TAGS = [
  { name: 'capture', description: '留资: leads in.' },
  { name: 'imports', description: '导入: files of leads, and what became of every row.' },
  { name: 'leads', description: '线索: reading and working leads.' },
  { name: 'tasks', description: '跟进任务: follow-ups, deadlines, what an adviser has to do.' },
  { name: 'customers', description: '客户: one person, all that is known.' },
  { name: 'quarantine', description: '隔离: what could not be used, to be corrected.' },
  { name: 'reviews', description: '审核: what a human should look at.' },
  { name: 'privacy', description: '隐私: consents, erasure, do-not-process.' },
  { name: 'delivery', description: '推送: endpoints, and what each was sent.' },
  { name: 'configuration', description: '配置: sources, channels, keys, policy.' },
  { name: 'directory', description: '组织: regions, stores and advisers, to whom leads are given.' },
  { name: 'operations', description: '运维: health, metrics, audit.' },
  { name: 'reference', description: 'What this document and its codes mean.' },
];

/** Collects every route that is registered from here on and makes the OpenAPI 3.1 document of them: `app.swagger()`. */
export function describeApi(app: App, version: string): void {
  const facts = new Map<string, RouteFacts>();
  app.addHook('onRoute', (route) => {
    for (const method of [route.method].flat())
      facts.set(`${method.toLowerCase()} ${pathOf(route.url)}`, factsOf(route));
  });
  void app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'clew', version, description: DESCRIPTION, license: { name: 'MIT', identifier: 'MIT' } },
      servers: [{ url: '/', description: 'This service' }],
      tags: TAGS,
    },
    hideUntagged: true,
    transformObject: (made) => {
      if (!('openapiObject' in made)) throw new Error('the document is OpenAPI 3');
      return finishDocument(made.openapiObject as OpenApiDocument, facts) as typeof made.openapiObject;
    },
  });
}

/** GET /openapi.json, the same text that is committed. */
export function serveDocument(app: App): void {
  let text: string | null = null;
  app.get('/openapi.json', {
    schema: { tags: ['reference'], summary: 'This document' },
    handler: async (_request, reply) => {
      text ??= documentText(app);
      return reply.type('application/json').send(text);
    },
  });
}

/** The document as `openapi/openapi.json` holds it; the app is ready. */
export function documentText(app: App): string {
  return `${JSON.stringify(app.swagger(), null, 2)}\n`;
}

function factsOf({ config, schema }: RouteOptions): RouteFacts {
  return {
    scope: config?.scope ?? 'public',
    idempotent: config?.idempotent === true,
    problems: config?.problems ?? [],
    body: schema?.body !== undefined && !('content' in (schema.body as object)), // else no JSON
    query: schema?.querystring !== undefined,
    params: schema?.params !== undefined,
  };
}

/** `/v1/leads/:id` as OpenAPI writes it. */
function pathOf(url: string): string {
  return url.replace(/:([A-Za-z0-9_]+)/g, '{$1}');
}
