import { sql } from 'kysely';
import type { Instant } from '../domain/instant.ts';
import type { Db } from './database.ts';

/** Whether something is still to be sent of what was recorded from a moment on and before another. */
export async function isDueWithin(db: Db, from: Instant, to: Instant): Promise<boolean> {
  const { rows } = await sql<{ due: boolean }>`select exists (
    select from delivery_due where created_at >= ${new Date(from)} and created_at < ${new Date(to)}) as due`.execute(
    db,
  );
  return rows[0]?.due === true;
}

/** When the oldest of what is still to be sent was recorded, of that before a moment; else that moment. */
export async function oldestDueBefore(db: Db, before: Instant): Promise<Instant> {
  const { rows } = await sql<{ at: Instant | null }>`
    select min(created_at) as at from delivery_due where created_at < ${new Date(before)}`.execute(db);
  return rows[0]?.at ?? before;
}
