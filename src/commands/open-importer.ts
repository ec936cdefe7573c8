import type { Config } from '../config.ts';
import { logFault } from '../domain/log-fault.ts';
import type { Vault } from '../domain/vault.ts';
import { createImporter, type Importer } from '../flows/importer.ts';
import { createLanes } from '../flows/lanes.ts';
import type { Evaluate } from '../flows/read-push.ts';
import type { SeedSource } from '../flows/seed.ts';
import { collectSooner } from './collect-sooner.ts';
import type { OpenDatabase } from './open-database.ts';
import type { Surroundings } from './surroundings.ts';

/** What imports are worked on with. */
export interface ImporterParts {
  readonly database: OpenDatabase;
  readonly vault: Vault;
  readonly seeds: SeedSource;
  readonly evaluate: Evaluate;
  readonly busy: () => boolean;
  readonly only: string | null;
}

/** Opens an importer over a connection of its own. */
export function openImporter(
  config: Config,
  { database, ...parts }: ImporterParts,
  { io, log, releases }: Pick<Surroundings, 'io' | 'log' | 'releases'>,
): Importer {
  const { lanes, close } = createLanes(database.url, 1);
  const [lane] = lanes;
  if (lane === undefined) throw new Error('no lane was made');
  releases.add('import lane', close);
  const importer = createImporter({
    ...parts,
    db: database.db,
    clock: io.now,
    chance: io.chance,
    lane,
    region: config.defaultRegion,
    maxRows: config.importMaxRows,
    batchRows: config.ingestBatchMax,
    now: collectSooner,
    failed: ({ importId, row }, error) =>
      log.error({ import_id: importId, row, fault: logFault(error) }, 'import.row_failed'),
    report: (line) => log.info(line, 'import.ended'),
  });
  releases.add('importer', importer.close);
  return importer;
}
