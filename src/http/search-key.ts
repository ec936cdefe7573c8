import type { FastifyRequest } from 'fastify';
import { isUuid } from '../domain/id.ts';
import { wechatId } from '../domain/identity.ts';
import { parsePhone } from '../domain/phone.ts';
import type { Identity } from '../domain/submission.ts';
import type { Db } from '../store/database.ts';
import { findSource, findSourceByName } from '../store/sources.ts';
import { grantOf, requireScope } from './actor.ts';
import { type Problem, problem } from './problem.ts';
import { isProblemCode } from './problem-codes.ts';
import type { SearchBody } from './schemas/search.ts';

/** What a search goes by. */
export type SearchKey =
  | { readonly kind: 'identities'; readonly identities: readonly Identity[] }
  | { readonly kind: 'external'; readonly sourceId: string; readonly externalId: string }
  | { readonly kind: 'ids'; readonly ids: readonly string[] };

const WAYS = ['phone', 'wechat', 'wecom', 'external_id', 'ids'] as const;

/** Reads the body of a search; throws the phone's own refusal, `body_invalid`, and `scope_missing` for another source. */
export async function readSearch(
  db: Db,
  request: FastifyRequest,
  body: SearchBody,
  region: string,
): Promise<SearchKey> {
  const named = WAYS.filter((way) => body[way] !== undefined);
  if (named.length !== 1) throw oneOfThem(named);
  const { phone, wechat, wecom, external_id, ids, source } = body;
  if (source !== undefined && external_id === undefined) {
    throw invalid('/source', 'not_allowed', 'belongs beside external_id only');
  }
  if (phone !== undefined) return { kind: 'identities', identities: phoneIdentities(String(phone), region) };
  if (wechat !== undefined) return { kind: 'identities', identities: [wechatIdentity(wechat)] };
  if (wecom !== undefined) {
    const { corp_id, external_user_id } = wecom;
    const identity = { kind: 'wecom', namespace: String(corp_id), value: String(external_user_id) } as const;
    return { kind: 'identities', identities: [identity] };
  }
  if (ids !== undefined) return { kind: 'ids', ids: [...new Set(ids.map((id) => id.toLowerCase()))] };
  const externalId = String(external_id).trim();
  return { kind: 'external', sourceId: await sourceFor(db, request, source), externalId };
}

/** Every number of a cell that holds several; a cell that gives none is refused as a capture would be. */
function phoneIdentities(typed: string, region: string): readonly Identity[] {
  const verdict = parsePhone(typed, region);
  switch (verdict.kind) {
    case 'phone':
      return [verdict.e164, ...verdict.others].map((value) => ({ kind: 'phone', namespace: '', value }));
    case 'other_identity':
      return [{ kind: 'wechat', namespace: '', value: verdict.wechat }];
    case 'empty':
      throw refused('phone_empty', 'Send the number of a person.');
    case 'refused':
      throw refused(verdict.code, verdict.hint);
  }
}

function refused(code: string, hint: string): Problem {
  const errors = [{ path: '/phone', code, message: 'cannot be used', hint }];
  return problem(isProblemCode(code) ? code : 'phone_invalid', { hint, errors });
}

function wechatIdentity(typed: string): Identity {
  const value = wechatId(typed);
  if (value === null) throw invalid('/wechat', 'format', 'is no WeChat id');
  return { kind: 'wechat', namespace: '', value };
}

/** The source of the key, or another one that is named by its id or name. */
async function sourceFor(db: Db, request: FastifyRequest, named: string | undefined): Promise<string> {
  const { source: own } = grantOf(request);
  if (named === undefined || named === own.id || named === own.name) return own.id;
  requireScope(request, 'ops', '/source');
  const source = (isUuid(named) ? await findSource(db, named) : null) ?? (await findSourceByName(db, named));
  if (source === null) throw invalid('/source', 'not_listed', 'is no id or name of a source');
  return source.id;
}

function oneOfThem(named: readonly string[]): Problem {
  const ways = WAYS.join(', ');
  if (named.length === 0) return invalid('', 'too_few', `must name one of ${ways}`);
  const errors = named.slice(1).map((way) => ({
    path: `/${way}`,
    code: 'not_allowed',
    message: `only one of ${ways} can be asked for at once`,
  }));
  return problem('body_invalid', { errors });
}

function invalid(path: string, code: string, message: string): Problem {
  return problem('body_invalid', { errors: [{ path, code, message }] });
}
