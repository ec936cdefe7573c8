import type { Selectable } from 'kysely';
import type { Lead, LeadState } from '../domain/lead.ts';
import type { Origin } from '../domain/origin.ts';
import type { RatingFacts } from '../domain/rating.ts';
import type { OpenTask } from '../domain/task.ts';
import type { Vault } from '../domain/vault.ts';
import { plain } from './column.ts';
import { readPhone, writePhone } from './sealed-phone.ts';
import type { Session } from './session.ts';
import { type Column, replacing, setWrite } from './set-write.ts';
import type { LeadTable } from './tables.ts';

/** A row of `lead` as it is read. */
export type LeadRow = Selectable<LeadTable>;

/** The lead of a row. */
export function leadOf(row: LeadRow, vault: Vault): Lead {
  return {
    id: row.id,
    customerId: row.customer_id,
    scope: row.scope,
    phone: readPhone(vault, row.phone),
    state: row.state,
    stateAt: row.state_at,
    priorState: row.prior_state as LeadState | null,
    reason: row.reason,
    dormantBy: row.dormant_by,
    closedAt: row.closed_at,
    cycle: row.cycle,
    cycleStartedAt: row.cycle_started_at,
    store: row.store,
    owner: row.owner,
    ownerSince: row.owner_since,
    formerOwner: row.former_owner,
    formerStore: row.former_store,
    ownerTaken: row.owner_taken,
    takenFrom: row.taken_from as Lead['takenFrom'],
    pooledSince: row.pooled_since,
    skill: row.skill,
    closer: row.closer,
    closerStore: row.closer_store,
    repurchaseOf: row.repurchase_of,
    previousLead: row.previous_lead,
    mergedInto: row.merged_into,
    hidden: row.hidden,
    rating: row.rating,
    ratingFacts: row.rating_facts as RatingFacts | null,
    firstSource: row.first_source as Origin | null,
    lastSource: row.last_source as Origin | null,
    touchCount: row.touch_count,
    lastActivityAt: row.last_activity_at,
    lastReceivedAt: row.last_received_at,
    eventSequence: row.event_sequence,
    flags: row.flags,
    task: row.task as OpenTask | null,
    taskStepAt: row.task_step_at,
    externalRef: row.external_ref,
    version: row.version,
    createdAt: row.created_at,
    recordedAt: row.recorded_at,
    updatedAt: row.updated_at,
  };
}

const READ = {
  name: 'read_leads',
  text: `select l.*, f.root from (
      select id as root, id as member from unnest($1::uuid[]) id
      union all select customer_id, alias_id from customer_alias where customer_id = any($1::uuid[])
    ) f join lead l on l.customer_id = f.member`,
};

/** Every lead of the root customers given, those of their aliases too, each with its root. */
export async function readLeads(
  session: Session,
  vault: Vault,
  roots: readonly string[],
): Promise<readonly { readonly root: string; readonly lead: Lead }[]> {
  const rows = await session.run<LeadRow & { root: string }>(READ, [plain(roots)]);
  return rows.map((row) => ({ root: row.root, lead: leadOf(row, vault) }));
}

const COLUMNS: readonly Column<Lead>[] = [
  ['id', 'uuid', (lead) => lead.id],
  ['customer_id', 'uuid', (lead) => lead.customerId],
  ['scope', 'text', (lead) => lead.scope],
  ['phone', 'text', (lead) => lead.phone],
  ['state', 'code', (lead) => lead.state],
  ['state_at', 'timestamptz', (lead) => lead.stateAt],
  ['prior_state', 'code', (lead) => lead.priorState],
  ['reason', 'text', (lead) => lead.reason],
  ['dormant_by', 'code', (lead) => lead.dormantBy],
  ['closed_at', 'timestamptz', (lead) => lead.closedAt],
  ['cycle', 'integer', (lead) => lead.cycle],
  ['cycle_started_at', 'timestamptz', (lead) => lead.cycleStartedAt],
  ['store', 'text', (lead) => lead.store],
  ['owner', 'text', (lead) => lead.owner],
  ['owner_since', 'timestamptz', (lead) => lead.ownerSince],
  ['former_owner', 'text', (lead) => lead.formerOwner],
  ['former_store', 'text', (lead) => lead.formerStore],
  ['owner_taken', 'boolean', (lead) => lead.ownerTaken],
  ['taken_from', 'jsonb', (lead) => lead.takenFrom],
  ['pooled_since', 'timestamptz', (lead) => lead.pooledSince],
  ['skill', 'text', (lead) => lead.skill],
  ['closer', 'text', (lead) => lead.closer],
  ['closer_store', 'text', (lead) => lead.closerStore],
  ['repurchase_of', 'uuid', (lead) => lead.repurchaseOf],
  ['previous_lead', 'uuid', (lead) => lead.previousLead],
  ['merged_into', 'uuid', (lead) => lead.mergedInto],
  ['hidden', 'text', (lead) => lead.hidden],
  ['rating', 'text', (lead) => lead.rating],
  ['rating_facts', 'jsonb', (lead) => lead.ratingFacts],
  ['first_source', 'jsonb', (lead) => lead.firstSource],
  ['last_source', 'jsonb', (lead) => lead.lastSource],
  ['touch_count', 'integer', (lead) => lead.touchCount],
  ['last_activity_at', 'timestamptz', (lead) => lead.lastActivityAt],
  ['last_received_at', 'timestamptz', (lead) => lead.lastReceivedAt],
  ['event_sequence', 'integer', (lead) => lead.eventSequence],
  ['flags', 'list', (lead) => lead.flags],
  ['task', 'jsonb', (lead) => lead.task],
  ['task_due_at', 'timestamptz', (lead) => lead.task?.dueAt ?? null],
  ['task_step_at', 'timestamptz', (lead) => lead.taskStepAt],
  ['external_ref', 'text', (lead) => lead.externalRef],
  ['version', 'integer', (lead) => lead.version],
  ['created_at', 'timestamptz', (lead) => lead.createdAt],
  ['recorded_at', 'timestamptz', (lead) => lead.recordedAt],
  ['updated_at', 'timestamptz', (lead) => lead.updatedAt],
];
// Set once: only split and unmerge move a lead.
const FIXED = ['id', 'customer_id', 'scope', 'created_at', 'recorded_at'];
const UPSERT = setWrite('lead', COLUMNS, replacing(COLUMNS, 'id', FIXED));

/** Writes leads as they are now, new and known alike, in one statement. */
export async function upsertLeads(session: Session, vault: Vault, leads: readonly Lead[]): Promise<void> {
  const rows =
    vault.atRest === 'all' ? leads.map((lead) => ({ ...lead, phone: writePhone(vault, lead.phone) })) : leads;
  await UPSERT.write(session, rows);
}
