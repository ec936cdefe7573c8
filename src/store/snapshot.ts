import type { Db, Tx } from './database.ts';

/** Runs reads that belong together on one state of the database: nothing changes between them. */
export async function snapshot<T>(db: Db, read: (tx: Tx) => Promise<T>): Promise<T> {
  return db.transaction().setIsolationLevel('repeatable read').setAccessMode('read only').execute(read);
}
