import { sql } from 'kysely';
import type { Instant } from '../domain/instant.ts';
import { DEFAULT_POLICY, type Policy } from '../domain/policy.ts';
import type { Db, Tx } from './database.ts';

/** A version of the policy as it was set: never changed, never deleted. */
export interface SetPolicy {
  readonly version: number;
  readonly document: Policy;
  readonly reason: string;
  readonly actor: string;
  readonly createdAt: Instant;
}

/** Makes the default policy version 1 of a database that has none; any number of processes may do so at once. */
export async function ensurePolicy(db: Db, at: Instant): Promise<void> {
  await sql`insert into policy (version, document, reason, actor, created_at)
    select 1, ${JSON.stringify(DEFAULT_POLICY)}::jsonb, 'defaults', 'clew', ${new Date(at)}
    where not exists (select from policy) on conflict (version) do nothing`.execute(db);
}

/** The newest version, which is the active one; null before the first start. */
export async function activePolicy(db: Db): Promise<SetPolicy | null> {
  const row = await db.selectFrom('policy').selectAll().orderBy('version', 'desc').limit(1).executeTakeFirst();
  return row === undefined ? null : policyOf(row);
}

/** One version. */
export async function findPolicy(db: Db, version: number): Promise<SetPolicy | null> {
  const row = await db.selectFrom('policy').selectAll().where('version', '=', version).executeTakeFirst();
  return row === undefined ? null : policyOf(row);
}

/** Versions, newest first; `before` is the last one already seen. */
export async function listPolicies(db: Db, before: number | null, limit: number): Promise<readonly SetPolicy[]> {
  let query = db.selectFrom('policy').selectAll().orderBy('version', 'desc').limit(limit);
  if (before !== null) query = query.where('version', '<', before);
  return (await query.execute()).map(policyOf);
}

/** Writes a version; answers whether it did: somebody else may have taken the number, whose transaction is waited for. */
export async function insertPolicy(tx: Tx, policy: SetPolicy): Promise<boolean> {
  const row = await tx
    .insertInto('policy')
    .values({
      version: policy.version,
      document: JSON.stringify(policy.document),
      reason: policy.reason,
      actor: policy.actor,
      created_at: new Date(policy.createdAt),
    })
    .onConflict((it) => it.column('version').doNothing())
    .returning('version')
    .executeTakeFirst();
  return row !== undefined;
}

interface Row {
  readonly version: number;
  readonly document: object;
  readonly reason: string;
  readonly actor: string;
  readonly created_at: Instant;
}

/** Numbers that an old document does not name have their defaults, as the rules take them. */
function policyOf({ version, document, reason, actor, created_at }: Row): SetPolicy {
  return { version, document: { ...DEFAULT_POLICY, ...document }, reason, actor, createdAt: created_at };
}
