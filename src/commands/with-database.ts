import { pino } from 'pino';
import { type Config, load } from '../config.ts';
import type { Act } from '../flows/act.ts';
import { newId } from '../flows/new-id.ts';
import { type MigrationReport, migrate } from '../store/migrate.ts';
import type { Io } from './command.ts';
import { type OpenDatabase, openDatabase } from './open-database.ts';

/** What a short command works with. */
export interface Session {
  readonly config: Config;
  readonly database: OpenDatabase;
  readonly migrated: MigrationReport;
  readonly act: Act;
}

/** Opens the database of the configuration, brings its schema up, lets a command use it, and closes it. */
export async function withDatabase<T>(io: Io, use: (session: Session) => Promise<T>): Promise<T> {
  const config = load(io.env);
  const log = pino({ level: 'silent' });
  const database = await openDatabase({ ...config, dbPoolMax: 2 }, 'share', log);
  try {
    const migrated = await migrate(database.pool, new URL('migrations/', io.root));
    return await use({ config, database, migrated, act: commandLineAct(io) });
  } finally {
    await database.close();
  }
}

function commandLineAct(io: Io): Act {
  const at = io.now();
  return { actor: 'cli', at, requestId: null, newId: () => newId(at, io.chance), chance: io.chance };
}
