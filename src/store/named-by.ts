import { sql } from 'kysely';
import type { Db } from './database.ts';
import { leadOfExternalRef } from './lead-ref.ts';

/** What another system can have its own name for. */
export type Named = 'lead' | 'task' | 'adviser' | 'store';

/** The id or code of what has an external_ref; null: nothing has. A lead may be one that was merged away. */
export async function namedBy(db: Db, named: Named, externalRef: string): Promise<string | null> {
  switch (named) {
    case 'lead':
      return leadOfExternalRef(db, externalRef);
    case 'task':
      return taskOfExternalRef(db, externalRef);
    case 'adviser':
    case 'store':
      return codeOfExternalRef(db, named, externalRef);
  }
}

async function taskOfExternalRef(db: Db, externalRef: string): Promise<string | null> {
  const { rows } = await sql<{
    id: string;
  }>`select task->>'id' as id from lead where task->>'externalRef' = ${externalRef}
    union all select id::text from task where external_ref = ${externalRef} limit 1`.execute(db);
  return rows[0]?.id ?? null;
}

async function codeOfExternalRef(db: Db, table: 'adviser' | 'store', externalRef: string): Promise<string | null> {
  const row = await db.selectFrom(table).select('code').where('external_ref', '=', externalRef).executeTakeFirst();
  return row?.code ?? null;
}
