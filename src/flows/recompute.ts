import type { EventDraft } from '../domain/event.ts';
import type { Lead } from '../domain/lead.ts';
import { channelsOf, ratedTouches, rateFromHistory } from '../domain/rating-history.ts';
import { recomputePerson } from '../domain/recompute.ts';
import { readAliases, readCustomers, upsertCustomers } from '../store/customer-rows.ts';
import { readFollowUps } from '../store/follow-ups.ts';
import { readHistory } from '../store/history.ts';
import { readLeads, upsertLeads } from '../store/lead-rows.ts';
import { readPolicy } from '../store/rules.ts';
import { markCustomersDue } from '../store/score-due.ts';
import type { Session } from '../store/session.ts';
import type { Call } from './call.ts';
import { idsOf } from './ids.ts';
import { tell } from './tell.ts';
import { tellRatings } from './tell-ratings.ts';

/**
 * Recomputes the values and ratings of customers whose locks are held, from the touches that stand; used after a void, split,
 * unmerge, or an update that changed the kind of a touch. Tells what is rated otherwise than before.
 */
export async function recompute(session: Session, call: Call, customerIds: readonly string[]): Promise<void> {
  const { at, vault, seeds } = call;
  const aliases = await readAliases(session, customerIds);
  const roots = [...new Set(customerIds.map((id) => aliases.get(id) ?? id))];
  const customers = await readCustomers(session, roots);
  const leads = await readLeads(session, vault, roots);
  const history = await readHistory(session, roots);
  const followUps = await readFollowUps(session, roots);
  const policy = await readPolicy(session);
  const events: EventDraft[] = [];
  const recomputed = customers.map((known) => {
    const own = <T extends { readonly root: string }>(rows: readonly T[]) =>
      rows.filter(({ root }) => root === known.id);
    const before = own(leads).map(({ lead }) => lead);
    const person = recomputePerson(known, before, own(history), at);
    const touches = ratedTouches(own(history));
    const rated = rateFromHistory(person.leads, touches, own(followUps), policy);
    const told = tellRatings(before, rated, known.id, at, idsOf(seeds, at, known.id));
    events.push(...told.events);
    return { customer: { ...person.customer, channels: channelsOf(touches) }, leads: told.leads };
  });
  await upsertCustomers(
    session,
    recomputed.map(({ customer }) => customer),
    at,
  );
  const changed: readonly Lead[] = recomputed.flatMap((person) => person.leads);
  await upsertLeads(session, vault, changed);
  await tell(session, call, policy.version, events);
  await markCustomersDue(session, roots, at);
}
