import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Db } from '../store/database.ts';
import { type Named, namedBy } from '../store/named-by.ts';
import { problem } from './problem.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Fields of query or body that name something by its id or code, or as `ref:` and its external_ref. */
    refs?: Readonly<Record<string, Named>>;
  }
}

const REF = 'ref:';
const PATHS: readonly (readonly [string, string, Named])[] = [
  ['/v1/leads/:id', 'id', 'lead'],
  ['/v1/tasks/:id', 'id', 'task'],
  ['/v1/advisers/:code', 'code', 'adviser'],
  ['/v1/stores/:code', 'code', 'store'],
];

/** Longest value of a path: `ref:` and an external_ref of 200 characters. */
export const LONGEST_PARAM = REF.length + 200;

/**
 * Lets whoever calls name leads, tasks, advisers and stores by what they call them themselves: `ref:` and the external_ref, in
 * the path and in the fields that a route declares. Everything behind it knows ids and codes only.
 */
export function readExternalRefs(app: FastifyInstance, db: Db): void {
  app.addHook('onRoute', (route) => {
    const path = PATHS.find(([url]) => route.url === url || route.url.startsWith(`${url}/`));
    const fields = Object.entries(route.config?.refs ?? {});
    if (path === undefined && fields.length === 0) return;
    const others = route.preValidation === undefined ? [] : [route.preValidation].flat();
    const resolve = async (request: FastifyRequest): Promise<void> => {
      if (path !== undefined) await resolvePath(db, request, path[1], path[2]);
      for (const [field, named] of fields) await resolveField(db, request, field, named);
    };
    route.preValidation = [resolve, ...others];
  });
}

async function resolvePath(db: Db, request: FastifyRequest, param: string, named: Named): Promise<void> {
  const params = request.params as Record<string, unknown>;
  const ref = refOf(params[param]);
  if (ref === null) return;
  const id = await namedBy(db, named, ref);
  if (id === null) throw problem('not_found', { detail: `There is no ${named} of this external_ref.` });
  params[param] = id;
}

async function resolveField(db: Db, request: FastifyRequest, field: string, named: Named): Promise<void> {
  const [holder, code] =
    request.method === 'GET' ? [request.query, 'query_invalid' as const] : [request.body, 'body_invalid' as const];
  if (typeof holder !== 'object' || holder === null) return;
  const fields = holder as Record<string, unknown>;
  const ref = Object.hasOwn(fields, field) ? refOf(fields[field]) : null;
  if (ref === null) return;
  const id = await namedBy(db, named, ref);
  if (id === null) {
    const message = `is the external_ref of no ${named}`;
    throw problem(code, { errors: [{ path: `/${field}`, code: 'unknown_ref', message }] });
  }
  fields[field] = id;
}

function refOf(value: unknown): string | null {
  return typeof value === 'string' && value.startsWith(REF) ? value.slice(REF.length) : null;
}
