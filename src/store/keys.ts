import type { Selectable } from 'kysely';
import type { Instant } from '../domain/instant.ts';
import type { ApiKey, KeyGrant, KeyScope } from '../domain/key.ts';
import { rulesOf } from '../domain/source.ts';
import type { Db } from './database.ts';
import type { ApiKeyTable } from './tables.ts';

const COLUMNS = [
  'api_key.id',
  'api_key.name',
  'api_key.prefix',
  'api_key.scopes',
  'api_key.source_id',
  'api_key.stores',
  'api_key.adviser',
  'api_key.rate_limit',
  'api_key.created_by',
  'api_key.created_at',
  'api_key.expires_at',
  'api_key.revoked_at',
] as const;
type Row = Omit<Selectable<ApiKeyTable>, 'hash'>;

/** Writes a key; `hash` is the SHA-256 of its secret. */
export async function insertKey(db: Db, key: ApiKey, hash: Buffer): Promise<void> {
  await db
    .insertInto('api_key')
    .values({
      id: key.id,
      name: key.name,
      prefix: key.prefix,
      hash,
      scopes: [...key.scopes],
      source_id: key.sourceId,
      stores: key.stores === null ? null : [...key.stores],
      adviser: key.adviser,
      rate_limit: key.rateLimit,
      created_by: key.createdBy,
      created_at: new Date(key.createdAt),
      expires_at: key.expiresAt === null ? null : new Date(key.expiresAt),
      revoked_at: key.revokedAt === null ? null : new Date(key.revokedAt),
    })
    .execute();
}

/** Finds a key by the SHA-256 of its secret, with its source, in one query; revoked and expired ones too. */
export async function findKeyByHash(db: Db, hash: Buffer): Promise<KeyGrant | null> {
  const row = await db
    .selectFrom('api_key')
    .innerJoin('source', 'source.id', 'api_key.source_id')
    .select(COLUMNS)
    .select(['source.name as source_name', 'source.kind', 'source.state', 'source.channel'])
    .select(['source.defaults', 'source.settings'])
    .where('hash', '=', hash)
    .executeTakeFirst();
  if (row === undefined) return null;
  const { kind } = row;
  const rules = rulesOf({
    id: row.source_id,
    kind,
    channel: row.channel,
    defaults: row.defaults,
    settings: row.settings,
  });
  // Whoever has a key is told of a conflict, whatever the kind of the source.
  const source = { ...rules, conflicts: 'answer', name: row.source_name, kind, state: row.state } as const;
  return { ...keyOf(row), source };
}

/** Reads one key by its id. */
export async function findKey(db: Db, id: string): Promise<ApiKey | null> {
  const row = await db.selectFrom('api_key').select(COLUMNS).where('id', '=', id).executeTakeFirst();
  return row === undefined ? null : keyOf(row);
}

/** All keys, newest first: they are configuration, tens and not thousands. */
export async function listKeys(db: Db): Promise<readonly ApiKey[]> {
  const rows = await db
    .selectFrom('api_key')
    .select(COLUMNS)
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .execute();
  return rows.map(keyOf);
}

/** Marks a key revoked unless it is; answers whether this call did it. */
export async function markKeyRevoked(db: Db, id: string, at: Instant): Promise<boolean> {
  const result = await db
    .updateTable('api_key')
    .set({ revoked_at: new Date(at) })
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

function keyOf(row: Row): ApiKey {
  return {
    id: row.id,
    name: row.name,
    prefix: row.prefix,
    scopes: row.scopes as KeyScope[],
    sourceId: row.source_id,
    stores: row.stores,
    adviser: row.adviser,
    rateLimit: row.rate_limit,
    createdBy: row.created_by,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    revokedAt: row.revoked_at,
  };
}
