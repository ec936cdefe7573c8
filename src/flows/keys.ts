import { createHash } from 'node:crypto';
import { Fault } from '../domain/fault.ts';
import type { Instant } from '../domain/instant.ts';
import { type ApiKey, isKeyScope, KEY_SCOPES, type KeyScope } from '../domain/key.ts';
import { lockAdvisory } from '../store/advisory.ts';
import type { Db, Tx } from '../store/database.ts';
import { findKey, findKeyByHash, insertKey, listKeys, markKeyRevoked } from '../store/keys.ts';
import { findSource, findSourceByName, insertSource } from '../store/sources.ts';
import { type Act, auditAct } from './act.ts';

/** What a new key may do; what is left out is unbounded. */
export interface KeyInput {
  readonly name: string;
  readonly scopes: readonly string[];
  readonly sourceId?: string | null; // none: the REST source of the key's name, made where there is none
  readonly stores?: readonly string[] | null;
  readonly adviser?: string | null;
  readonly rateLimit?: number | null; // requests a minute
  readonly expiresAt?: Instant | null;
}

/** A new key with its secret, which is shown this once and kept nowhere. */
export interface CreatedKey {
  readonly key: ApiKey;
  readonly secret: string;
}

/** Makes a key of 256 bits of chance; throws a Fault (`body_invalid`, `not_found`, `state_conflict`). */
export async function createKey(db: Db, act: Act, input: KeyInput): Promise<CreatedKey> {
  return db.transaction().execute((tx) => createKeyIn(tx, act, input));
}

/** As `createKey`, in a transaction that does more. */
export async function createKeyIn(tx: Tx, act: Act, input: KeyInput): Promise<CreatedKey> {
  const secret = `clew_${Buffer.from(act.chance(32)).toString('base64url')}`;
  return { key: await writeKey(tx, act, input, secret), secret };
}

/** Revokes a key, at once for this process's next look-up; revoking it again changes nothing. Throws `not_found`. */
export async function revokeKey(db: Db, act: Act, id: string): Promise<ApiKey> {
  return db.transaction().execute((tx) => revokeKeyIn(tx, act, id));
}

/** What became of the admin key of the configuration. */
export type AdminKeyState = 'made' | 'unchanged' | 'revoked';

/**
 * Sees to it that the configured admin key exists with every scope, and that an earlier one no longer works. A key that
 * somebody revoked stays so.
 */
export async function ensureAdminKey(db: Db, act: Act, secret: string): Promise<AdminKeyState> {
  return db.transaction().execute(async (tx) => {
    await lockAdvisory(tx, 'deployment'); // replicas that start together find each other's row
    const present = await findKeyByHash(tx, hashOf(secret));
    if (present !== null) return present.revokedAt === null ? 'unchanged' : 'revoked';
    for (const key of await listKeys(tx)) {
      if (key.createdBy === act.actor && key.name === ADMIN && key.revokedAt === null)
        await revokeKeyIn(tx, act, key.id);
    }
    await writeKey(tx, act, { name: ADMIN, scopes: KEY_SCOPES }, secret);
    return 'made';
  });
}

const ADMIN = 'admin';

/** What is stored of a secret: it has 256 bits of chance, so a fast hash is enough. */
export function hashOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}

async function writeKey(tx: Tx, act: Act, input: KeyInput, secret: string): Promise<ApiKey> {
  const key: ApiKey = {
    id: act.newId(),
    name: checkCode('name', input.name, 100),
    prefix: secret.slice(0, 11), // `clew_` and 36 of 256 bits
    scopes: checkScopes(input.scopes),
    sourceId: await sourceFor(tx, act, input),
    stores: input.stores?.map((store) => checkCode('stores', store, 64)) ?? null,
    adviser: input.adviser == null ? null : checkCode('adviser', input.adviser, 64),
    rateLimit: checkRateLimit(input.rateLimit ?? null),
    createdBy: act.actor,
    createdAt: act.at,
    expiresAt: checkExpiry(input.expiresAt ?? null, act.at),
    revokedAt: null,
  };
  await insertKey(tx, key, hashOf(secret));
  const { id, name, prefix, scopes, sourceId, stores, adviser, rateLimit, expiresAt } = key;
  const detail = {
    name,
    prefix,
    scopes,
    source_id: sourceId,
    stores,
    adviser,
    rate_limit: rateLimit,
    expires_at: expiresAt,
  };
  await auditAct(tx, act, 'key.created', { kind: 'key', id }, detail);
  return key;
}

/** As `revokeKey`, in a transaction that does more. */
export async function revokeKeyIn(tx: Tx, act: Act, id: string): Promise<ApiKey> {
  const revoked = await markKeyRevoked(tx, id, act.at);
  const key = await findKey(tx, id);
  if (key === null) throw new Fault('not_found', null, `there is no key ${id}`);
  if (revoked) await auditAct(tx, act, 'key.revoked', { kind: 'key', id }, { name: key.name, prefix: key.prefix });
  return key;
}

/** The source that submissions by the key come from: a named one, or the REST source of the key's name. */
async function sourceFor(tx: Tx, act: Act, input: KeyInput): Promise<string> {
  if (input.sourceId != null) {
    const source = await findSource(tx, input.sourceId);
    if (source === null) throw new Fault('not_found', 'source_id', `there is no source ${input.sourceId}`);
    return source.id;
  }
  const { name } = input;
  const plain = { channel: null, defaults: {}, settings: {}, secrets: null, credentials: null };
  const made = await insertSource(tx, { id: act.newId(), name, kind: 'rest', ...plain, at: act.at });
  if (made !== null) {
    await auditAct(tx, act, 'source.created', { kind: 'source', id: made.id }, { name, kind: 'rest', for: 'key' });
    return made.id;
  }
  // A key made anew under the name of an old one goes on with its source: repeats are known by it.
  const present = await findSourceByName(tx, name);
  if (present?.kind === 'rest') return present.id;
  throw new Fault(
    'state_conflict',
    'name',
    `a source that is not of kind rest has the name ${name}: name one by source_id`,
  );
}

function checkScopes(scopes: readonly string[]): readonly KeyScope[] {
  const known = scopes.filter(isKeyScope);
  const unknown = scopes.find((scope) => !isKeyScope(scope));
  if (unknown === undefined && known.length > 0) return [...new Set(known)];
  throw new Fault('body_invalid', 'scopes', `scopes must be one or more of ${KEY_SCOPES.join(', ')}`);
}

function checkCode(path: string, text: string, most: number): string {
  if (text.trim() === text && text.length >= 1 && text.length <= most) return text;
  throw new Fault('body_invalid', path, `${path} must have 1 to ${most} characters, without blanks around them`);
}

function checkRateLimit(limit: number | null): number | null {
  if (limit === null || (Number.isInteger(limit) && limit >= 1 && limit <= 1_000_000_000)) return limit;
  throw new Fault('body_invalid', 'rate_limit', 'rate_limit must be a whole number of requests a minute, at least 1');
}

function checkExpiry(expiresAt: Instant | null, now: Instant): Instant | null {
  if (expiresAt === null || expiresAt > now) return expiresAt;
  throw new Fault('body_invalid', 'expires_at', 'expires_at must be in the future');
}
