import type { Config } from '../config.ts';
import type { Vault } from '../domain/vault.ts';
import { migrate } from '../store/migrate.ts';
import { ensurePartitions } from '../store/partitions.ts';
import { ensurePolicy } from '../store/policies.ts';
import { type OpenDatabase, openDatabase } from './open-database.ts';
import { openVault } from './open-vault.ts';
import { type Surroundings, step } from './surroundings.ts';

/** What every process of a deployment works on. */
export interface Deployment {
  readonly database: OpenDatabase;
  readonly vault: Vault;
}

/** Opens the database, brings its schema up and makes its partitions, policy and keys, in order. */
export async function openDeployment(config: Config, around: Surroundings): Promise<Deployment> {
  const { io, log, releases } = around;
  const database = await openDatabase(config, around.running, log);
  releases.add('database', database.close);
  void database.ended.then((said) => around.fail(new Error(`the own PostgreSQL has ended: ${said}`)));
  const migrated = await step(around, () => migrate(database.pool, new URL('migrations/', io.root)));
  if (migrated.applied.length > 0) log.info(migrated, 'schema.migrated');
  await step(around, () => makePartitions(database, around));
  await step(around, () => ensurePolicy(database.db, io.now()));
  const vault = await step(around, () => openVault(database.db, config, io));
  return { database, vault };
}

const LOCK_NOT_AVAILABLE = '55P03';

async function makePartitions({ db }: OpenDatabase, { io, log }: Surroundings): Promise<void> {
  try {
    const made = await ensurePartitions(db, io.now());
    if (made.length > 0) log.info({ made }, 'partitions.made');
  } catch (error) {
    if ((error as { readonly code?: string }).code !== LOCK_NOT_AVAILABLE) throw error;
    log.warn(
      'partitions are made later: somebody reads or locks the whole table, and the default partition takes the rows',
    );
  }
}
