import pg from 'pg';

/** A lock that a test holds on a table, and who waits for it. */
export interface HeldTable {
  /** The process id of a session that waits for a lock, once there is one. */
  readonly waiting: () => Promise<number>;
  /** Ends a session of the database. */
  readonly terminate: (pid: number) => Promise<void>;
  readonly query: (text: string) => Promise<readonly Record<string, unknown>[]>;
  readonly release: () => Promise<void>;
}

/** Locks a table until it is released. */
export async function holdTable(
  url: string,
  table: string,
  mode: 'exclusive' | 'access exclusive',
): Promise<HeldTable> {
  const [holder, other] = [new pg.Client({ connectionString: url }), new pg.Client({ connectionString: url })];
  await Promise.all([holder.connect(), other.connect()]);
  await holder.query(`begin; lock table ${table} in ${mode} mode`);
  const query: HeldTable['query'] = async (text) => (await other.query(text)).rows;
  return {
    query,
    waiting: async () => {
      for (;;) {
        const [row] = await query(
          `select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
        );
        if (row !== undefined) return row['pid'] as number;
      }
    },
    terminate: async (pid) => void (await query(`select pg_terminate_backend(${pid})`)),
    release: async () => {
      await Promise.all([holder.end(), other.end()]);
    },
  };
}
