import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { type Instant, parseInstant } from '../domain/instant.ts';
import { type FieldError, problem } from './problem.ts';

const MOST = 200;

/** The part of a query that every list has. */
export const pageQuery = {
  limit: Type.Optional(
    Type.Integer({ minimum: 1, maximum: MOST, default: 50, description: '每页条数.', examples: [50] }),
  ),
  cursor: Type.Optional(
    Type.String({ maxLength: 500, description: '游标: next_cursor of the page before, with the same filters.' }),
  ),
};

/** An optional moment of a query. */
export function queryMoment(description: string) {
  return Type.Optional(
    Type.String({
      maxLength: 40,
      description: `${description} ISO 8601; a date is the beginning of that day; without a zone it is Asia/Shanghai.`,
      examples: ['2026-06-01'],
    }),
  );
}

/** Reads moments of a query by name; throws `query_invalid` naming those that are none. */
export function readMoments<K extends string>(
  query: { readonly [Name in K]?: string | undefined },
  names: readonly K[],
): { readonly [Name in K]?: Instant } {
  const errors: FieldError[] = [];
  const found: { [Name in K]?: Instant } = {};
  for (const name of names) {
    const text = query[name];
    if (text === undefined) continue;
    // An unescaped `+08:00` arrives with a blank for the plus.
    const at = parseInstant(text.replace(/^(.*T.*) (\d{2}:?\d{2})$/, '$1+$2'));
    if (at === null) errors.push({ path: `/${name}`, code: 'format', message: 'must be a date or time in ISO 8601' });
    else found[name] = at;
  }
  if (errors.length > 0) throw problem('query_invalid', { errors });
  return found;
}

const PERSONAL: Readonly<Record<string, string>> = { phone: 'phone', mobile: 'phone', tel: 'phone', wechat: 'wechat' };

/** Refuses a phone or WeChat id in the query, which proxies write into their logs; `search` is where it belongs. */
export function refusePersonalQuery(search: string): (request: FastifyRequest) => Promise<void> {
  return async ({ query }) => {
    const named = Object.keys(query as object).filter((name) => Object.hasOwn(PERSONAL, name.toLowerCase()));
    if (named.length === 0) return;
    const errors = named.map((name) => ({
      path: `/${name}`,
      code: 'personal_in_address',
      message: 'does not belong in an address, which is written into logs',
      hint: `Send it in the body: POST ${search} { "${PERSONAL[name.toLowerCase()]}": … }`,
    }));
    throw problem('query_invalid', { errors, hint: `Use POST ${search}.` });
  };
}

/** Lets a parameter that may be repeated be a list when it stands there once. */
export function repeatable(...names: readonly string[]): (request: FastifyRequest) => Promise<void> {
  return async ({ query }) => {
    const values = query as Record<string, unknown>;
    for (const name of names) if (typeof values[name] === 'string') values[name] = [values[name]];
  };
}
