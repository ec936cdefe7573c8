import type { Bounds } from '../domain/bounds.ts';
import { type Directory, isWorking } from '../domain/directory.ts';
import { type EventDraft, leadEvent } from '../domain/event.ts';
import { Fault } from '../domain/fault.ts';
import type { Instant } from '../domain/instant.ts';
import { isOpen, type Lead } from '../domain/lead.ts';
import { giveTo } from '../domain/owner-change.ts';
import { taskGiven } from '../domain/task-touch.ts';
import { tellFacts } from '../domain/tell-facts.ts';
import type { Tx } from '../store/database.ts';
import { readDirectory } from '../store/directory.ts';
import { upsertLeads } from '../store/lead-rows.ts';
import { readPolicy } from '../store/rules.ts';
import { sessionOf } from '../store/session.ts';
import type { Call } from './call.ts';
import type { LeadChange } from './change-state.ts';
import { idsOf } from './ids.ts';
import { lockLead } from './lock-lead.ts';
import { settleMoment } from './moment.ts';
import { requireOwn } from './own.ts';
import { refuse } from './refuse.ts';
import { tell } from './tell.ts';

/** Whom a lead is given to; `store` undefined: it stays. */
export interface OwnerInput {
  readonly owner: string | null;
  readonly store: string | null | undefined;
  readonly occurredAt: Instant | null; // null: now
  readonly known: 'must be' | 'may be'; // whether the directory has to name an active owner
}

/**
 * Gives a lead to an adviser, or to nobody, by hand; the same again changes nothing. Throws Fault `not_found`, `gone`,
 * `other_store`, `state_conflict` (won, lost and invalid leads have nobody to follow them up) and `out_of_order`.
 */
export async function assignOwner(
  tx: Tx,
  call: Call,
  bounds: Bounds,
  leadId: string,
  input: OwnerInput,
): Promise<LeadChange> {
  const session = sessionOf(tx);
  const { person, lead } = await lockLead(tx, call, leadId);
  requireOwn(bounds, lead);
  const policy = await readPolicy(session);
  const { moment, flags } = settleMoment(input.occurredAt, call.at, policy.document.clock_skew_seconds);
  const customerId = person.customer.id;
  const store = input.store === undefined ? lead.store : input.store;
  const directory = await readDirectory(session);
  requireKnown(directory, input);
  const changed = giveTo(lead, { owner: input.owner, store, occurredAt: moment, at: call.at });
  if (changed === null) return { lead, customerId, changed: false, deal: null, flags };
  if (['won', 'lost', 'invalid'].includes(lead.state)) {
    const message = `A lead that is ${lead.state} has nobody to follow it up.`;
    throw new Fault('state_conflict', null, message, { state: lead.state });
  }
  const given = pooled(changed, directory, call.at);
  if (given.assigned && moment < lead.stateAt) return refuse(lead, { kind: 'out_of_order' });
  const nextId = idsOf(call.seeds, call.at, customerId);
  const owned = tellOwner(given.lead, lead, given.assigned, customerId, moment, nextId);
  const moved = owned.lead.owner !== lead.owner;
  const worked = moved
    ? taskGiven(owned.lead, call.at, nextId(), policy.document, directory)
    : { lead: owned.lead, facts: [] };
  const tasked = tellFacts(worked, customerId, { occurredAt: call.at, submissionId: null, nextId });
  const told = { lead: tasked.lead, events: [...owned.events, ...tasked.events] };
  await upsertLeads(session, call.vault, [told.lead]);
  await tell(session, call, policy.version, told.events);
  return { lead: told.lead, customerId, changed: true, deal: null, flags };
}

/** Throws `body_invalid` for an owner or a store that the directory does not have. */
function requireKnown(directory: Directory, { owner, store, known }: OwnerInput): void {
  if (known === 'may be' || !isWorking(directory)) return;
  if (owner !== null && directory.advisers.get(owner)?.active !== true) {
    throw new Fault('body_invalid', '/owner', 'There is no such adviser who is active.');
  }
  if (store != null && directory.stores.get(store)?.active !== true) {
    throw new Fault('body_invalid', '/store', 'There is no such store that is active.');
  }
}

/** What nobody has any more waits in the pool, where leads are given to anybody. */
function pooled<T extends { readonly lead: Lead }>(given: T, directory: Directory, at: Instant): T {
  const { lead } = given;
  const waits = lead.owner === null && lead.pooledSince === null && isOpen(lead.state) && isWorking(directory);
  return waits ? { ...given, lead: { ...lead, pooledSince: at } } : given;
}

function tellOwner(
  lead: Lead,
  before: Lead,
  assigned: boolean,
  customerId: string,
  occurredAt: Instant,
  nextId: () => string,
): { readonly lead: Lead; readonly events: readonly EventDraft[] } {
  const common = { occurredAt, submissionId: null, rule: 'owner.by_hand' };
  const { owner, store } = lead;
  const data = { owner, store, former_owner: before.owner, former_store: before.store, state: lead.state };
  const change = leadEvent(lead, customerId, { ...common, id: nextId(), type: 'lead.owner_changed', data });
  if (!assigned) return { lead: change.lead, events: [change.event] };
  const state = leadEvent(change.lead, customerId, {
    ...common,
    id: nextId(),
    type: 'lead.state_changed',
    data: { from: before.state, to: lead.state, reason: null, owner, store, cycle: lead.cycle },
  });
  return { lead: state.lead, events: [change.event, state.event] };
}
