import { type RawBuilder, type Selectable, sql } from 'kysely';
import {
  DEFAULT_ENDPOINT_SETTINGS,
  type Endpoint,
  type EndpointFilter,
  type EndpointSettings,
  type EndpointState,
  type PausedReason,
} from '../domain/endpoint.ts';
import { likeOf } from '../domain/event-pattern.ts';
import type { Instant } from '../domain/instant.ts';
import type { Db, Tx } from './database.ts';
import type { EndpointTable } from './tables-delivery.ts';

type Row = Selectable<EndpointTable>;

/** An endpoint as sending needs it: its secrets and headers as they are stored, sealed. */
export interface SendingRow {
  readonly endpoint: Endpoint;
  readonly secrets: string;
  readonly headers: string | null; // null: it has none
}

/** Settings as they are given: what is left out stays, null is as by default. */
export type GivenSettings = { readonly [S in keyof EndpointSettings]?: EndpointSettings[S] | null };

/** What a new endpoint consists of. */
export interface NewEndpoint {
  readonly id: string;
  readonly description: string;
  readonly url: string;
  readonly events: readonly string[];
  readonly filter: EndpointFilter;
  readonly ordered: boolean;
  readonly settings: GivenSettings;
  readonly secrets: string; // sealed
  readonly headers: string | null; // sealed
  readonly at: Instant;
}

/** What of an endpoint can change; `filter` is replaced whole, `settings` one by one. */
export interface EndpointChange {
  readonly description?: string;
  readonly url?: string;
  readonly state?: EndpointState;
  readonly pausedReason?: PausedReason | null;
  readonly events?: readonly string[];
  readonly filter?: EndpointFilter;
  readonly ordered?: boolean;
  readonly settings?: GivenSettings;
  readonly secrets?: string; // sealed
  readonly headers?: string | null; // sealed
}

/** Which endpoints a list shows. */
export interface EndpointSelection {
  readonly states: readonly EndpointState[];
}

/** All that were not deleted. */
export const PRESENT_ENDPOINTS: EndpointSelection = { states: ['active', 'paused'] };

/** Writes an endpoint, active, and answers it. */
export async function insertEndpoint(db: Db, endpoint: NewEndpoint): Promise<Endpoint> {
  const { id, description, url, ordered, secrets, headers } = endpoint;
  const row = await db
    .insertInto('endpoint')
    .values({
      id,
      description,
      url,
      state: 'active',
      ...eventColumns(endpoint.events),
      ...filterColumns(endpoint.filter),
      ordered,
      settings: merged(endpoint.settings),
      secrets,
      headers,
      created_at: new Date(endpoint.at),
      updated_at: new Date(endpoint.at),
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  return endpointOf(row);
}

/** Writes a change and the next version, and answers the endpoint as it is then. The caller holds its lock. */
export async function changeEndpoint(tx: Tx, id: string, change: EndpointChange, at: Instant): Promise<Endpoint> {
  const { pausedReason, events, filter, settings, ...plain } = change;
  const row = await tx
    .updateTable('endpoint')
    .set((it) => ({
      ...plain,
      ...(pausedReason === undefined ? {} : { paused_reason: pausedReason }),
      ...(events === undefined ? {} : eventColumns(events)),
      ...(filter === undefined ? {} : filterColumns(filter)),
      ...(settings === undefined ? {} : { settings: merged(settings, sql.ref('settings')) }),
      version: it('version', '+', 1),
      updated_at: new Date(at),
    }))
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();
  return endpointOf(row);
}

/** Reads an endpoint with what is sealed and locks it until the transaction ends; null when there is none. */
export async function lockEndpoint(tx: Tx, id: string): Promise<SendingRow | null> {
  const row = await tx.selectFrom('endpoint').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
  return row === undefined ? null : sendingRowOf(row);
}

/** Reads one endpoint, a deleted one too; null when there is none. */
export async function findEndpoint(db: Db, id: string): Promise<Endpoint | null> {
  return (await findSendingRow(db, id))?.endpoint ?? null;
}

/** Reads one endpoint with what is sealed, a deleted one too; null when there is none. */
export async function findSendingRow(db: Db, id: string): Promise<SendingRow | null> {
  const row = await db.selectFrom('endpoint').selectAll().where('id', '=', id).executeTakeFirst();
  return row === undefined ? null : sendingRowOf(row);
}

/** Endpoints, oldest first, with what is sealed: they are configuration, tens and not thousands. */
export async function listEndpoints(db: Db, { states }: EndpointSelection): Promise<readonly SendingRow[]> {
  const rows = await db
    .selectFrom('endpoint')
    .selectAll()
    .where('state', 'in', states)
    .orderBy('created_at')
    .orderBy('id')
    .execute();
  return rows.map(sendingRowOf);
}

/** All active endpoints with what is sealed. */
export function readSendingRows(db: Db): Promise<readonly SendingRow[]> {
  return listEndpoints(db, { states: ['active'] });
}

/** What is stored is what was given, so that a default that changes later changes here too; null gives one back. */
function merged(given: GivenSettings, stored = sql`'{}'::jsonb`): RawBuilder<string> {
  return sql`jsonb_strip_nulls(${stored} || ${JSON.stringify(given)}::jsonb)`;
}

function eventColumns(events: readonly string[]): Pick<Row, 'events' | 'patterns'> {
  return { events: [...events], patterns: events.map(likeOf) };
}

function filterColumns(filter: EndpointFilter): Pick<Row, 'channels' | 'stores' | 'sources' | 'ratings'> {
  const column = (values: readonly string[] | null) => (values === null ? null : [...values]);
  return {
    channels: column(filter.channels),
    stores: column(filter.stores),
    sources: column(filter.sources),
    ratings: column(filter.ratings),
  };
}

function sendingRowOf(row: Row): SendingRow {
  return { endpoint: endpointOf(row), secrets: row.secrets, headers: row.headers };
}

function endpointOf(row: Row): Endpoint {
  return {
    id: row.id,
    description: row.description,
    url: row.url,
    state: row.state,
    pausedReason: row.paused_reason,
    events: row.events,
    filter: { channels: row.channels, stores: row.stores, sources: row.sources, ratings: row.ratings },
    ordered: row.ordered,
    settings: { ...DEFAULT_ENDPOINT_SETTINGS, ...(row.settings as Partial<EndpointSettings>) },
    version: row.version,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
