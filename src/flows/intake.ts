import type { Instant } from '../domain/instant.ts';
import type { Vault } from '../domain/vault.ts';
import type { Db } from '../store/database.ts';
import type { Mapper } from '../webhooks/outbound.ts';
import type { Capture } from './capture.ts';
import { eraseLead } from './erase-lead.ts';
import type { IngestDeps } from './ingest-push.ts';
import type { SeedSource } from './seed.ts';
import { createSourceBook, type SourceBook } from './source-book.ts';

/** What reads leads of sources and takes them in, wherever they come from: pushed, or fetched. */
export interface Intake extends IngestDeps {
  readonly book: SourceBook;
}

/** What an intake is built with. */
export interface IntakeDeps {
  readonly db: Db;
  readonly vault: Vault;
  readonly capture: Capture;
  readonly seeds: SeedSource;
  readonly mapper: Mapper; // of the expressions of field maps
  readonly clock: () => Instant;
  readonly sourceSeconds: number; // how old what is known of the sources may be
  readonly failed: (what: 'sources' | 'field_map' | 'channel', error: unknown) => void;
}

/** Builds an intake; it holds nothing that has to be closed. */
export function createIntake({ db, vault, capture, seeds, mapper, clock, sourceSeconds, failed }: IntakeDeps): Intake {
  return {
    db,
    capture,
    clock,
    book: createSourceBook({
      db,
      vault,
      clock,
      seconds: sourceSeconds,
      failed: (error) => failed('sources', error),
    }),
    evaluate: async (expression, record) => {
      const mapped = await mapper.evaluate(expression, record);
      if (mapped.kind === 'mapped') return mapped.value;
      if (mapped.code !== 'mapping_empty') failed('field_map', new Error(`${mapped.code}: ${mapped.detail}`));
      return null;
    },
    failed,
    erase: (loaded, item) => eraseLead({ db, vault, seeds, clock }, loaded, item),
  };
}
