import type { Bounds } from '../domain/bounds.ts';
import type { Directory } from '../domain/directory.ts';
import { whyNot } from '../domain/eligible.ts';
import { Fault } from '../domain/fault.ts';
import type { Lead } from '../domain/lead.ts';
import type { Customer } from '../domain/person.ts';
import { guardOfAdviser, placesOf } from '../domain/place.ts';
import { poolChain } from '../domain/pool-chain.ts';
import { standingAddress } from '../domain/profile.ts';
import type { Tx } from '../store/database.ts';
import { readDirectory } from '../store/directory.ts';
import { upsertLeads } from '../store/lead-rows.ts';
import { readPolicy } from '../store/rules.ts';
import { sessionOf } from '../store/session.ts';
import type { Call } from './call.ts';
import type { LeadChange } from './change-state.ts';
import { isOpenNow } from './give-anew.ts';
import { handLeadOver } from './hand-over.ts';
import { idsOf } from './ids.ts';
import { lockLead } from './lock-lead.ts';
import { readStaffing } from './read-staffing.ts';
import { tell } from './tell.ts';

/**
 * Gives a pooled lead to the adviser who asks for it; of any number at once one wins. Throws Fault `not_found`, `gone`,
 * `other_store`, `already_claimed`, and `state_conflict` with why: not_pooled, not_in_pool, or why the adviser cannot have it.
 */
export async function claimLead(tx: Tx, call: Call, bounds: Bounds, leadId: string, code: string): Promise<LeadChange> {
  const session = sessionOf(tx);
  const { person, lead } = await lockLead(tx, call, leadId);
  const [directory, policy] = [await readDirectory(session), await readPolicy(session)];
  const { document } = policy;
  const pool = { lead, customer: person.customer };
  if (!mayClaim(bounds, pool, directory)) {
    throw new Fault('other_store', null, 'The lead waits in the pool of another store.');
  }
  const open = isOpenNow(lead, call.at, policy);
  if (open && lead.owner !== null) throw new Fault('already_claimed', null, `${lead.owner} has the lead.`);
  if (!open || lead.pooledSince === null) throw conflict('The lead waits in no pool.', 'not_pooled');
  const adviser = directory.advisers.get(code);
  if (adviser === undefined || !isOfPool(directory, pool, code)) {
    throw conflict('The adviser takes no leads of this pool.', 'not_in_pool');
  }
  const guard = guardOfAdviser(adviser);
  const asked = { places: [], guards: guard === null ? [] : [guard], advisers: [code] };
  const together = <T>(send: () => T): T => send();
  const staffing = await readStaffing(session, directory, asked, { lock: true, at: call.at, together });
  const { cool_down_hours: coolDownHours } = document.assignment;
  const { takenFrom, skill } = lead;
  const why = whyNot(adviser, staffing, { at: call.at, takenFrom, coolDownHours, skill });
  // Whoever asks for it works, whatever the shifts say.
  if (why !== null && why !== 'off_shift') throw conflict('The adviser cannot be given the lead now.', why);
  const customerId = person.customer.id;
  const handing = { owner: code, store: lead.store, reason: 'claimed', pool: null, passedOver: [] };
  const nextId = idsOf(call.seeds, call.at, customerId);
  const claimed = handLeadOver(lead, customerId, handing, { at: call.at, policy: document, directory, nextId });
  await upsertLeads(session, call.vault, [claimed.lead]);
  await tell(session, call, policy.version, claimed.events);
  return { lead: claimed.lead, customerId, changed: true, deal: null, flags: [] };
}

function conflict(message: string, why: string): Fault {
  return new Fault('state_conflict', null, message, { why });
}

interface InPool {
  readonly lead: Lead;
  readonly customer: Customer;
}

/** Whether an adviser takes leads of the pool: of its store, or (in none) of the region of the customer's city, or of HQ. */
function isOfPool(directory: Directory, { lead, customer }: InPool, code: string): boolean {
  const places = placesOf(directory);
  const chain = poolChain(directory, lead.store, standingAddress(customer.profile)?.city ?? null);
  return chain.some((place) => places.get(place)?.some((one) => one.code === code));
}

/** A key of a store claims what waits there; one of an adviser what waits in a pool of theirs. */
function mayClaim({ stores, adviser }: Bounds, pool: InPool, directory: Directory): boolean {
  const { store } = pool.lead;
  if (stores === null && adviser === null) return true;
  if (store !== null && stores?.includes(store) === true) return true;
  return adviser !== null && isOfPool(directory, pool, adviser);
}
