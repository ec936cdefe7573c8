import type { Directory } from '../domain/directory.ts';
import type { EventDraft } from '../domain/event.ts';
import { findOwner } from '../domain/find-owner.ts';
import type { Instant } from '../domain/instant.ts';
import { isLive, isOpen, type Lead, sleepsAt } from '../domain/lead.ts';
import type { Customer } from '../domain/person.ts';
import { guardsOf, type Place } from '../domain/place.ts';
import type { PolicyVersion } from '../domain/policy.ts';
import { poolChain } from '../domain/pool-chain.ts';
import { standingAddress } from '../domain/profile.ts';
import { countGiven, type Staffing } from '../domain/staffing.ts';
import type { Tx } from '../store/database.ts';
import { upsertLeads } from '../store/lead-rows.ts';
import { writePools } from '../store/pools.ts';
import { sessionOf } from '../store/session.ts';
import type { Call } from './call.ts';
import { handLeadOver } from './hand-over.ts';
import { idsOf } from './ids.ts';
import { readStaffing } from './read-staffing.ts';
import { tell } from './tell.ts';

/** A lead whose customer is locked. */
export interface ToGive {
  readonly lead: Lead;
  readonly customer: Customer;
}

/** How leads are given anew: to somebody, or (`to` null) in turn through the wheels of their stores. */
export interface Anew {
  readonly directory: Directory;
  readonly policy: PolicyVersion;
  readonly to: string | null;
  readonly reason: 'drained' | 'reassigned';
}

/** Gives locked leads to somebody, in their order, and writes them; those that nobody can have wait in their pool. */
export async function giveAnew(
  tx: Tx,
  call: Call,
  leads: readonly ToGive[],
  anew: Anew,
): Promise<{ readonly given: number; readonly pooled: number }> {
  const session = sessionOf(tx);
  const { directory, policy, to } = anew;
  const { at } = call;
  const chains = leads.map(({ lead, customer }) =>
    poolChain(directory, lead.store, standingAddress(customer.profile)?.city ?? null),
  );
  const places = to === null ? new Set(chains.flat()) : new Set<Place>();
  const asked = { places, guards: [...guardsOf(directory, places)].sort(), advisers: to === null ? [] : [to] };
  const together = <T>(send: () => T): T => send();
  const staffing = await readStaffing(session, directory, asked, { lock: true, at, together });
  const changed: Lead[] = [];
  const events: EventDraft[] = [];
  let given = 0;
  for (const [index, { lead, customer }] of leads.entries()) {
    const found = whom(staffing, chains[index] ?? [], lead, anew, at);
    if (found.adviser === null && lead.owner === null) continue; // it waits on
    if (found.adviser !== null) given += 1;
    const handing = { owner: found.adviser, store: lead.store, reason: anew.reason, ...found };
    const nextId = idsOf(call.seeds, at, customer.id);
    const told = handLeadOver(lead, customer.id, handing, { at, policy: policy.document, directory, nextId });
    changed.push(told.lead);
    events.push(...told.events);
  }
  await upsertLeads(session, call.vault, changed);
  await writePools(session, staffing, at);
  await tell(session, call, policy.version, events);
  return { given, pooled: changed.length - given };
}

/** Whether a lead is to be worked now: open, and not only because no sweep has put it to sleep yet. */
export function isOpenNow(lead: Lead, at: Instant, { document }: PolicyVersion): boolean {
  return isLive(lead) && isOpen(lead.state) && at < sleepsAt(lead, document.dormant_after_days);
}

function whom(
  staffing: Staffing,
  chain: readonly Place[],
  lead: Lead,
  { to, policy }: Anew,
  at: Instant,
): ReturnType<typeof findOwner> {
  if (to !== null) {
    countGiven(staffing, to);
    return { adviser: to, pool: null, passedOver: [] };
  }
  const { cool_down_hours: coolDownHours, off_shift } = policy.document.assignment;
  const { takenFrom, skill } = lead;
  return findOwner(staffing, chain, { at, takenFrom, coolDownHours, skill }, off_shift);
}
