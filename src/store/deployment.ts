import type { Db } from './database.ts';

/** What a deployment fixes at its first start. */
export type DeploymentKey = 'identity_key' | 'at_rest';

/** Reads one fixed value; null before the first start. */
export async function readDeployment(db: Db, key: DeploymentKey): Promise<string | null> {
  const row = await db.selectFrom('deployment').select('value').where('key', '=', key).executeTakeFirst();
  return row?.value ?? null;
}

/** Fixes a value unless another process was first, and answers the one that holds. */
export async function fixDeployment(db: Db, key: DeploymentKey, value: string): Promise<string> {
  await db
    .insertInto('deployment')
    .values({ key, value })
    .onConflict((it) => it.doNothing())
    .execute();
  return (await readDeployment(db, key)) ?? value;
}

/** Replaces a value that is still what the caller read: the same secret, sealed under a newer key. */
export async function replaceDeployment(db: Db, key: DeploymentKey, old: string, value: string): Promise<void> {
  await db.updateTable('deployment').set({ value }).where('key', '=', key).where('value', '=', old).execute();
}
