import type { Instant } from '../domain/instant.ts';
import type { Tx } from './database.ts';

/** Marks an open entry dismissed; answers whether this call did it. */
export async function dismissEntry(tx: Tx, id: string, actor: string, at: Instant): Promise<boolean> {
  const row = await tx
    .updateTable('quarantine')
    .set({ state: 'dismissed', actor, resolved_at: new Date(at) })
    .where('id', '=', id)
    .where('state', '=', 'open')
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}
