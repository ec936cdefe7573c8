import { sql } from 'kysely';
import type { Instant } from '../domain/instant.ts';
import type { Db } from './database.ts';

/** One entry of the audit: what is not an event of a lead (reads, keys, configuration). Its detail holds no secret. */
export interface AuditEntry {
  readonly id: string;
  readonly at: Instant;
  readonly actor: string;
  readonly action: string;
  readonly subjectKind: string;
  readonly subjectId: string | null;
  readonly reason: string | null;
  readonly detail: Readonly<Record<string, unknown>>;
  readonly requestId: string | null;
}

/** Which entries to list, newest first; `before` is the place of the last one already seen. */
export interface AuditFilter {
  readonly actor?: string;
  readonly action?: string;
  readonly subjectId?: string;
  readonly from?: Instant; // inclusive
  readonly to?: Instant; // exclusive
  readonly before?: { readonly at: Instant; readonly id: string };
  readonly limit: number;
}

/** Writes entries, in the transaction of what they tell of. */
export async function insertAudit(db: Db, entries: readonly AuditEntry[]): Promise<void> {
  if (entries.length === 0) return;
  await db
    .insertInto('audit')
    .values(
      entries.map((entry) => ({
        id: entry.id,
        at: new Date(entry.at),
        actor: entry.actor,
        action: entry.action,
        subject_kind: entry.subjectKind,
        subject_id: entry.subjectId,
        reason: entry.reason,
        detail: JSON.stringify(entry.detail),
        request_id: entry.requestId,
      })),
    )
    .execute();
}

/** Lists entries, newest first. */
export async function listAudit(db: Db, filter: AuditFilter): Promise<readonly AuditEntry[]> {
  let query = db.selectFrom('audit').selectAll().orderBy('at', 'desc').orderBy('id', 'desc').limit(filter.limit);
  if (filter.actor !== undefined) query = query.where('actor', '=', filter.actor);
  if (filter.action !== undefined) query = query.where('action', '=', filter.action);
  if (filter.subjectId !== undefined) {
    // A reading of several names them in its detail.
    const { subjectId } = filter;
    query = query.where(
      sql<boolean>`(subject_id = ${subjectId} or subject_id is null and detail->'ids' ? ${subjectId})`,
    );
  }
  if (filter.from !== undefined) query = query.where(sql<boolean>`at >= ${new Date(filter.from)}`);
  if (filter.to !== undefined) query = query.where(sql<boolean>`at < ${new Date(filter.to)}`);
  if (filter.before !== undefined) {
    query = query.where(sql<boolean>`(at, id) < (${new Date(filter.before.at)}, ${filter.before.id}::uuid)`);
  }
  const rows = await query.execute();
  return rows.map((row) => ({
    id: row.id,
    at: row.at,
    actor: row.actor,
    action: row.action,
    subjectKind: row.subject_kind,
    subjectId: row.subject_id,
    reason: row.reason,
    detail: row.detail as Readonly<Record<string, unknown>>,
    requestId: row.request_id,
  }));
}
