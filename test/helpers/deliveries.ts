import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import type { DeliveryState } from '../../src/domain/delivery.ts';
import type { EventDraft } from '../../src/domain/event.ts';
import type { Instant } from '../../src/domain/instant.ts';
import { newId } from '../../src/flows/new-id.ts';
import type { Db } from '../../src/store/database.ts';
import { deliveryIdSql } from '../../src/store/delivery-id.ts';
import { insertEndpoint, type NewEndpoint } from '../../src/store/endpoints.ts';
import { insertEvents } from '../../src/store/event-rows.ts';
import { upsertLeads } from '../../src/store/lead-rows.ts';
import { sessionOf } from '../../src/store/session.ts';
import { aLead } from './lead.ts';
import { testVault } from './vault.ts';

export const id = (at: Instant = Date.now()): string => newId(at, randomBytes);

/** An endpoint that wants everything and is never called; its secrets cannot be opened. */
export async function anEndpoint(db: Db, over: Partial<NewEndpoint> = {}): Promise<string> {
  const endpoint: NewEndpoint = {
    id: id(),
    description: 'a receiver',
    url: 'https://receiver.example/hook',
    events: ['*'],
    filter: { channels: null, stores: null, sources: null, ratings: null },
    ordered: true,
    settings: {},
    secrets: '',
    headers: null,
    at: Date.now(),
    ...over,
  };
  return (await insertEndpoint(db, endpoint)).id;
}

/** An event of a lead, or of its customer where the lead is null. */
export function anEvent(over: Partial<EventDraft> & { readonly at?: Instant } = {}): EventDraft {
  const { at = Date.now(), ...rest } = over;
  const leadId = rest.leadId === undefined ? id(at) : rest.leadId;
  const customerId = rest.customerId === undefined ? id(at) : rest.customerId;
  return {
    id: id(at),
    type: 'lead.touched',
    subjectKind: leadId === null ? 'customer' : 'lead',
    subjectId: leadId ?? customerId ?? id(at),
    customerId,
    leadId,
    sequence: leadId === null ? null : 1,
    occurredAt: at,
    submissionId: null,
    rule: null,
    data: {},
    ...rest,
  };
}

/** Writes a lead of a customer. */
export async function writeLead(db: Db, leadId: string, customerId: string): Promise<void> {
  const lead = aLead({ id: leadId, customerId, scope: leadId });
  await db.transaction().execute((tx) => upsertLeads(sessionOf(tx), testVault(), [lead]));
}

/** Writes events recorded at a moment, with their deliveries. */
export async function tellAll(db: Db, events: readonly EventDraft[], at: Instant): Promise<void> {
  const told = { actor: 'key:test', requestId: null, policyVersion: 1, recordedAt: at };
  await db.transaction().execute((tx) =>
    insertEvents(
      sessionOf(tx),
      events.map((event) => ({ event, ...told })),
    ),
  );
}

/** The id of the delivery of an event to an endpoint. */
export async function deliveryIdOf(db: Db, eventId: string, endpointId: string): Promise<string> {
  const made = sql.raw(deliveryIdSql('e', 'p'));
  const { rows } = await sql<{ id: string }>`
    select ${made} as id from (select ${eventId}::uuid as e, ${endpointId}::uuid as p) x`.execute(db);
  return rows[0]?.id ?? '';
}

export interface Fate {
  readonly state: DeliveryState;
  readonly reason?: string;
  readonly at: Instant;
  readonly attempts?: number; // rows of `attempt`, from number 1
}

/** Lets a delivery have come to a state, with its attempts and a body, as settling would. */
export async function settleAs(db: Db, deliveryId: string, { state, reason, at, attempts = 0 }: Fate): Promise<void> {
  const final = state !== 'pending' && state !== 'parked';
  const failed = final && state !== 'delivered';
  const when = new Date(at);
  await sql`update delivery set state = ${state}, reason = ${reason ?? null}, attempts = ${attempts},
    last_attempt_at = ${attempts > 0 ? when : null}, last_status = ${attempts > 0 ? 500 : null},
    settled_at = ${final ? when : null}, failed_at = ${failed ? when : null} where id = ${deliveryId}`.execute(db);
  if (final) await sql`delete from delivery_due where delivery_id = ${deliveryId}`.execute(db);
  else {
    await sql`update delivery_due set blocking = blocking and ${state === 'pending'}, attempts = ${attempts}, claims = ${attempts},
      first_attempt_at = ${when}, due_at = ${new Date(at + 3_600_000)} where delivery_id = ${deliveryId}`.execute(db);
  }
  if (attempts === 0) return;
  await sql`insert into attempt (delivery_id, created_at, number, endpoint_id, at, duration, result, status, excerpt)
    select d.id, d.created_at, n, d.endpoint_id, ${when}, 12, 'http_500', 500, 'answer ' || n
    from delivery d, generate_series(1, ${attempts}) n where d.id = ${deliveryId}`.execute(db);
}

/** Keeps the bytes that a delivery sends. */
export async function keepBody(db: Db, deliveryId: string, body: string): Promise<void> {
  await sql`insert into delivery_body (delivery_id, created_at, content_type, body, sealed)
    select id, created_at, 'application/json', ${Buffer.from(body)}, false from delivery where id = ${deliveryId}`.execute(
    db,
  );
}

/** A row of the queue, or undefined. */
export function dueOf(db: Db, deliveryId: string) {
  return db.selectFrom('delivery_due').selectAll().where('delivery_id', '=', deliveryId).executeTakeFirst();
}
