import type { Selectable } from 'kysely';
import type { Instant } from '../domain/instant.ts';
import type { Source, SourceSettings, SourceState } from '../domain/source.ts';
import type { Db, Tx } from './database.ts';
import type { SourceTable } from './tables.ts';

type Row = Selectable<SourceTable>;

/** What a new source consists of; `secrets` is sealed. */
export interface NewSource {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  readonly channel: string | null;
  readonly defaults: Source['defaults'];
  readonly settings: SourceSettings;
  readonly secrets: string | null;
  readonly credentials: string | null; // sealed
  readonly at: Instant;
}

/** What of a source can change. */
export interface SourceChange {
  readonly name?: string;
  readonly state?: SourceState;
  readonly channel?: string | null;
  readonly defaults?: Source['defaults'];
  readonly settings?: SourceSettings;
  readonly secrets?: string;
  readonly credentials?: string | null;
}

/** Writes a source, and answers it; null when its name is taken. */
export async function insertSource(db: Db, source: NewSource): Promise<Source | null> {
  const row = await db
    .insertInto('source')
    .values({
      id: source.id,
      name: source.name,
      kind: source.kind,
      state: 'active',
      channel: source.channel,
      defaults: JSON.stringify(source.defaults),
      settings: JSON.stringify(source.settings),
      secrets: source.secrets,
      credentials: source.credentials,
      created_at: new Date(source.at),
      updated_at: new Date(source.at),
    })
    .onConflict((it) => it.column('name').doNothing())
    .returningAll()
    .executeTakeFirst();
  return row === undefined ? null : sourceOf(row);
}

/** Writes a change and the next version, and answers the source as it is then. The caller holds its lock. */
export async function changeSource(tx: Tx, id: string, change: SourceChange, at: Instant): Promise<Source> {
  const { defaults, settings, ...plain } = change;
  const row = await tx
    .updateTable('source')
    .set((it) => ({
      ...plain,
      ...(defaults === undefined ? {} : { defaults: JSON.stringify(defaults) }),
      ...(settings === undefined ? {} : { settings: JSON.stringify(settings) }),
      version: it('version', '+', 1),
      updated_at: new Date(at),
    }))
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();
  return sourceOf(row);
}

/** Reads a source with its sealed secrets and locks it until the transaction ends; null when there is none. */
export async function lockSource(tx: Tx, id: string): Promise<SealedSource | null> {
  const row = await tx.selectFrom('source').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
  return row === undefined ? null : sealedSource(row);
}

/** A source with what is sealed of it. */
export interface SealedSource {
  readonly source: Source;
  readonly secrets: string | null;
  readonly credentials: string | null;
}

/** All sources of kinds that are pushed to, with what is sealed of them. */
export async function listSealedSources(db: Db): Promise<readonly SealedSource[]> {
  const rows = await db.selectFrom('source').selectAll().where('kind', 'not in', ['rest', 'csv']).execute();
  return rows.map(sealedSource);
}

function sealedSource(row: Row): SealedSource {
  return { source: sourceOf(row), secrets: row.secrets, credentials: row.credentials };
}

/** Reads one source by its id. */
export async function findSource(db: Db, id: string): Promise<Source | null> {
  const row = await db.selectFrom('source').selectAll().where('id', '=', id).executeTakeFirst();
  return row === undefined ? null : sourceOf(row);
}

/** Reads one source by its name. */
export async function findSourceByName(db: Db, name: string): Promise<Source | null> {
  const row = await db.selectFrom('source').selectAll().where('name', '=', name).executeTakeFirst();
  return row === undefined ? null : sourceOf(row);
}

/** All sources by name: they are configuration, tens and not thousands. */
export async function listSources(db: Db): Promise<readonly Source[]> {
  return (await db.selectFrom('source').selectAll().orderBy('name').execute()).map(sourceOf);
}

function sourceOf(row: Row): Source {
  return {
    id: row.id,
    name: row.name,
    kind: row.kind,
    state: row.state,
    channel: row.channel,
    defaults: row.defaults,
    settings: row.settings,
    hasSecret: row.secrets !== null,
    hasCredentials: row.credentials !== null,
    version: row.version,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
