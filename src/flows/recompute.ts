import type { EventDraft } from '../domain/event.ts';
import type { Lead } from '../domain/lead.ts';
import { channelsOf, ratedTouches, rateFromHistory } from '../domain/rating-history.ts';
import { recomputePerson } from '../domain/recompute.ts';
import type { OpenTask } from '../domain/task.ts';
import { readAliases, readCustomers, upsertCustomers } from '../store/customer-rows.ts';
import { readDirectory } from '../store/directory.ts';
import { readFollowUps } from '../store/follow-ups.ts';
import { readHistory } from '../store/history.ts';
import { readLeads, upsertLeads } from '../store/lead-rows.ts';
import { readPolicy } from '../store/rules.ts';
import { markCustomersDue } from '../store/score-due.ts';
import type { Session } from '../store/session.ts';
import type { Call } from './call.ts';
import { idsOf } from './ids.ts';
import { settleTasks } from './settle-tasks.ts';
import { tell } from './tell.ts';
import { tellRatings } from './tell-ratings.ts';

const NONE: ReadonlyMap<string, OpenTask | null> = new Map();

/**
 * Recomputes the values and ratings of customers whose locks are held, from the touches that stand; used after a void, split,
 * unmerge, or an update that changed the kind of a touch. Tells what is rated otherwise than before; leads that were `parted` get
 * the task that they had before they were one, else the one that they have to have by that rating.
 */
export async function recompute(
  session: Session,
  call: Call,
  customerIds: readonly string[],
  parted: ReadonlyMap<string, OpenTask | null> = NONE,
): Promise<void> {
  const { at, vault, seeds } = call;
  const aliases = await readAliases(session, customerIds);
  const roots = [...new Set(customerIds.map((id) => aliases.get(id) ?? id))];
  const customers = await readCustomers(session, roots);
  const leads = await readLeads(session, vault, roots);
  const history = await readHistory(session, roots);
  const followUps = await readFollowUps(session, roots);
  const policy = await readPolicy(session);
  const directory = await readDirectory(session);
  const { document } = policy;
  const events: EventDraft[] = [];
  const recomputed = customers.map((known) => {
    const own = <T extends { readonly root: string }>(rows: readonly T[]) =>
      rows.filter(({ root }) => root === known.id);
    const before = own(leads).map(({ lead }) => lead);
    const person = recomputePerson(known, before, own(history), at);
    const touches = ratedTouches(own(history));
    const rated = rateFromHistory(person.leads, touches, own(followUps), policy);
    const nextId = idsOf(seeds, at, known.id);
    const told = tellRatings(before, rated, known.id, { at, policy: document.follow_up, directory, nextId });
    const by = { at, policy: document, directory, customerOf: () => known.id, nextId, former: parted };
    const tasked = settleTasks({ ...told, leads: told.leads.filter(({ id }) => parted.has(id)) }, by);
    events.push(...tasked.events);
    const kept = told.leads.filter(({ id }) => !parted.has(id));
    return { customer: { ...person.customer, channels: channelsOf(touches) }, leads: [...kept, ...tasked.leads] };
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
