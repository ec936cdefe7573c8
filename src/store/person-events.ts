import { type RawBuilder, sql } from 'kysely';
import { membersOf, partnersOf } from './customer-read.ts';
import type { Db } from './database.ts';

/** Under which ids of customers something may have been written about a person, and which are their own. */
export interface Traces {
  readonly family: readonly string[]; // root first
  readonly all: readonly string[]; // with those they were ever merged with
}

/** The traces of a customer, whose id may be that of an alias. */
export async function tracesOf(db: Db, customerId: string): Promise<Traces> {
  const row = await db
    .selectFrom('customer_alias')
    .select('customer_id')
    .where('alias_id', '=', customerId)
    .executeTakeFirst();
  const family = await membersOf(db, row?.customer_id ?? customerId);
  return { family, all: [...family, ...(await partnersOf(db, family))] };
}

/** SQL for the events (id, recorded_at) of one lead, through the index of customers; ends in a condition. */
export async function eventsOfLead(db: Db, leadId: string): Promise<RawBuilder<unknown>> {
  const lead = await db.selectFrom('lead').select('customer_id').where('id', '=', leadId).executeTakeFirst();
  const traces = lead === undefined ? [] : (await tracesOf(db, lead.customer_id)).all;
  return sql`select e.id, e.recorded_at from event e where e.customer_id = any(${traces}::uuid[]) and e.lead_id = ${leadId}`;
}

/** SQL for the events (id, recorded_at) that tell of a person, under whatever id they were written; ends in a condition. */
export async function eventsOfCustomer(db: Db, customerId: string): Promise<RawBuilder<unknown>> {
  return eventsOfTraces(await tracesOf(db, customerId));
}

/** The same of traces that are known. */
export function eventsOfTraces({ family, all }: Traces): RawBuilder<unknown> {
  return sql`select e.id, e.recorded_at from event e where e.customer_id = any(${all}::uuid[])
    and (e.customer_id = any(${family}::uuid[])
      or e.lead_id in (select l.id from lead l where l.customer_id = any(${family}::uuid[])))`;
}
