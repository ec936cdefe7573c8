import { canonicalJson } from '../domain/canonical.ts';
import type { EventDraft } from '../domain/event.ts';
import type { Lead } from '../domain/lead.ts';
import type { PolicyVersion } from '../domain/policy.ts';
import type { Rating } from '../domain/rating.ts';
import { ratedTouches, rateFromHistory } from '../domain/rating-history.ts';
import { readAliases } from '../store/customer-rows.ts';
import type { Tx } from '../store/database.ts';
import { readDirectory } from '../store/directory.ts';
import { readFollowUps } from '../store/follow-ups.ts';
import { readHistory } from '../store/history.ts';
import { readLeads, upsertLeads } from '../store/lead-rows.ts';
import { findOpenLeads } from '../store/open-lead-pages.ts';
import { readPolicy } from '../store/rules.ts';
import { sessionOf } from '../store/session.ts';
import type { Call } from './call.ts';
import { idsOf } from './ids.ts';
import { lockPeople } from './lock-people.ts';
import { tell } from './tell.ts';
import { tellRatings } from './tell-ratings.ts';

/** Which leads one step looks at, and whether it writes. */
export interface RerunStep {
  readonly after: string | null; // the id of a lead; null: from the first
  readonly size: number;
  readonly mode: 'write' | 'dry_run';
}

/** A lead that is rated otherwise by the present policy. */
export interface Rerated {
  readonly leadId: string;
  readonly from: Rating | null;
  readonly to: Rating | null;
  readonly rule: string;
}

/** What one step came to: open leads looked at, those rated otherwise, and after which lead to go on; null at the end. */
export interface RerunDone {
  readonly policyVersion: number;
  readonly looked: number;
  readonly changes: readonly Rerated[];
  readonly next: string | null;
}

interface Pair {
  readonly before: Lead;
  readonly rated: Lead;
  readonly root: string;
}

/** Rates open leads again by the present policy, from their whole history; the same again changes nothing. A dry run takes no lock. */
export async function rerunRatings(tx: Tx, call: Call, { after, size, mode }: RerunStep): Promise<RerunDone> {
  const { leads, next } = await findOpenLeads(tx, after, size);
  const customerIds = [...new Set(leads.map(({ customerId }) => customerId))];
  if (mode === 'write' && customerIds.length > 0) await lockPeople(tx, call.vault, customerIds, call.at);
  const policy = await readPolicy(sessionOf(tx));
  const pairs = await rateAgain(tx, call, customerIds, new Set(leads.map(({ id }) => id)), policy);
  if (mode === 'write') await write(tx, call, policy, pairs.filter(isOther));
  const changes = pairs.flatMap(({ before, rated }) =>
    before.rating === rated.rating
      ? []
      : [{ leadId: rated.id, from: before.rating, to: rated.rating, rule: rated.ratingFacts?.rule ?? '' }],
  );
  return { policyVersion: policy.version, looked: leads.length, changes, next };
}

async function rateAgain(
  tx: Tx,
  { vault }: Call,
  customerIds: readonly string[],
  wanted: ReadonlySet<string>,
  policy: PolicyVersion,
): Promise<readonly Pair[]> {
  const session = sessionOf(tx);
  const aliases = await readAliases(session, customerIds);
  const roots = [...new Set(customerIds.map((id) => aliases.get(id) ?? id))];
  const leads = groupByRoot(await readLeads(session, vault, roots));
  const history = groupByRoot(await readHistory(session, roots));
  const followUps = groupByRoot(await readFollowUps(session, roots));
  return roots.flatMap((root) => {
    const before = (leads.get(root) ?? []).map(({ lead }) => lead);
    const touches = ratedTouches(history.get(root) ?? []);
    const rated = rateFromHistory(before, touches, followUps.get(root) ?? [], policy);
    return before.flatMap((lead, i) => (wanted.has(lead.id) ? [{ before: lead, rated: rated[i] ?? lead, root }] : []));
  });
}

/** Whether there is something to write; that a later version says the same is nothing. */
function isOther({ before, rated }: Pair): boolean {
  const said = (lead: Lead): string => canonicalJson([lead.rating, { ...lead.ratingFacts, policyVersion: 0 }]);
  return said(before) !== said(rated);
}

async function write(tx: Tx, call: Call, policy: PolicyVersion, pairs: readonly Pair[]): Promise<void> {
  const session = sessionOf(tx);
  const directory = await readDirectory(session);
  const around = { at: call.at, policy: policy.document.follow_up, directory };
  const events: EventDraft[] = [];
  const leads = pairs.flatMap(({ before, rated, root }) => {
    const lead = { ...rated, version: rated.version + 1, updatedAt: Math.max(rated.updatedAt, call.at) };
    const told = tellRatings([before], [lead], root, { ...around, nextId: idsOf(call.seeds, call.at, root) });
    events.push(...told.events);
    return told.leads;
  });
  await upsertLeads(session, call.vault, leads);
  await tell(session, call, policy.version, events);
}

function groupByRoot<T extends { readonly root: string }>(rows: readonly T[]): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const group = groups.get(row.root);
    if (group === undefined) groups.set(row.root, [row]);
    else group.push(row);
  }
  return groups;
}
