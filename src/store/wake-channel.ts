import { sql } from 'kysely';
import pg from 'pg';
import type { Db } from './database.ts';

const CHANNEL = 'clew_deliveries';

/** Tells every process that listens that deliveries or endpoints may have changed. */
export async function notifyDeliveries(db: Db): Promise<void> {
  await sql`select pg_notify(${CHANNEL}, '')`.execute(db);
}

/** A connection that hears what other processes tell. */
export interface Listening {
  readonly end: () => Promise<void>;
}

/** Listens until ended, and again after a lost connection; `heard` is called for every notice, and after each reconnection. */
export function listenForDeliveries(url: string, heard: () => void, againAfterMs: number): Listening {
  let ended = false;
  let client: pg.Client | null = null;
  let timer: NodeJS.Timeout | undefined;

  async function open(): Promise<void> {
    const next = new pg.Client({
      connectionString: url,
      application_name: 'clew-listen',
      connectionTimeoutMillis: 5_000,
      keepAlive: true,
      keepAliveInitialDelayMillis: 5_000,
    });
    client = next;
    next.on('error', () => {}); // its end follows
    next.once('end', again);
    next.on('notification', heard);
    await next.connect();
    await next.query(`listen ${CHANNEL}`);
    heard(); // what was told meanwhile was not heard
  }

  function again(): void {
    if (ended || timer !== undefined) return;
    timer = setTimeout(() => {
      timer = undefined;
      if (!ended) open().catch(again);
    }, againAfterMs);
  }

  open().catch(again);
  return {
    end: async () => {
      ended = true;
      clearTimeout(timer);
      await client?.end().catch(() => {}); // a connection that is gone has ended
    },
  };
}
