import type { Instant } from '../domain/instant.ts';
import type { Fields } from '../domain/submission.ts';
import type { Vault } from '../domain/vault.ts';
import { plain, texts } from './column.ts';
import { readPhone } from './sealed-phone.ts';
import type { Session } from './session.ts';

/** A touch as what moves, voids or erases it needs to know it. */
export interface HeldTouch {
  readonly id: string;
  readonly customerId: string; // as written
  readonly leadId: string; // as written
  readonly identityId: string;
  readonly store: string | null;
  readonly fields: Fields;
  readonly phone: string | null; // E.164
  readonly voided: boolean;
  readonly occurredAt: Instant;
  readonly receivedAt: Instant;
}

interface Row {
  id: string;
  customer_id: string;
  lead_id: string;
  identity_id: string;
  store: string | null;
  fields: Fields | null;
  phone: string | null;
  voided: boolean;
  occurred_at: number;
  received_at: number;
}

const SELECT = `select t.id, t.customer_id, t.lead_id, t.identity_id, t.store, coalesce(t.fields, s.fields) as fields, s.phone,
    t.voided_at is not null as voided, t.occurred_at, t.received_at
  from touch t left join submission s on s.id = t.submission_id`;
const OF_FAMILY = {
  name: 'touches_of_family',
  text: `${SELECT} where t.customer_id = any($1::uuid[]) order by t.occurred_at, t.received_at, t.id`,
};

/** Every touch of a family, voided ones too, in the order of events. */
export async function touchesOf(
  session: Session,
  vault: Vault,
  family: readonly string[],
): Promise<readonly HeldTouch[]> {
  const rows = await session.run<Row>(OF_FAMILY, [plain(family)]);
  return rows.map((row) => ({
    id: row.id,
    customerId: row.customer_id,
    leadId: row.lead_id,
    identityId: row.identity_id,
    store: row.store,
    fields: row.fields ?? {},
    phone: readPhone(vault, row.phone),
    voided: row.voided,
    occurredAt: row.occurred_at,
    receivedAt: row.received_at,
  }));
}

/** Where touches go: another customer, another lead; `cycle` null keeps the cycle. */
export interface TouchMove {
  readonly touchId: string;
  readonly customerId: string;
  readonly leadId: string;
  readonly cycle: number | null;
}

const MOVE_TOUCHES = {
  name: 'move_touches',
  text: `update touch t set customer_id = u.customer_id, lead_id = u.lead_id, cycle = coalesce(u.cycle, t.cycle)
    from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::integer[]) u(id, customer_id, lead_id, cycle) where t.id = u.id`,
};
const MOVE_SUBMISSIONS = {
  name: 'move_submissions',
  text: `update submission s set customer_id = u.customer_id, lead_id = u.lead_id
    from unnest($1::uuid[], $2::uuid[], $3::uuid[]) u(touch_id, customer_id, lead_id)
    where s.customer_id = any($4::uuid[]) and s.touch_id = u.touch_id returning s.id, s.customer_id`,
};
const MOVE_CONSENTS = {
  name: 'move_consents',
  text: `update consent c set customer_id = u.customer_id from unnest($1::uuid[], $2::uuid[]) u(submission_id, customer_id)
    where c.customer_id = any($3::uuid[]) and c.submission_id = u.submission_id`,
};
const MOVE_SUGGESTIONS = {
  name: 'move_suggestions',
  text: `update suggestion g set customer_id = u.customer_id from unnest($1::uuid[], $2::uuid[]) u(submission_id, customer_id)
    where g.customer_id = any($3::uuid[]) and g.submission_id = u.submission_id and g.state = 'open' and g.kind <> 'merge'`,
};

/** Moves touches with the submissions that spoke of them, their consents and their open reviews; ids stay. */
export async function moveTouches(
  session: Session,
  moves: readonly TouchMove[],
  family: readonly string[],
): Promise<void> {
  if (moves.length === 0) return;
  const [ids, customers, leads] = [
    plain(moves.map((move) => move.touchId)),
    plain(moves.map((move) => move.customerId)),
    plain(moves.map((move) => move.leadId)),
  ];
  await session.run(MOVE_TOUCHES, [ids, customers, leads, plain(moves.map((move) => move.cycle))]);
  const from = plain(family);
  const spoken = await session.run<{ id: string; customer_id: string }>(MOVE_SUBMISSIONS, [
    ids,
    customers,
    leads,
    from,
  ]);
  const [submissions, owners] = [plain(spoken.map((row) => row.id)), plain(spoken.map((row) => row.customer_id))];
  await session.run(MOVE_CONSENTS, [submissions, owners, from]);
  await session.run(MOVE_SUGGESTIONS, [submissions, owners, from]);
}

const MOVE_LEADS = {
  name: 'move_leads',
  text: 'update lead set customer_id = $2 where id = any($1::uuid[])',
};

/** Moves leads to another customer. */
export async function moveLeads(session: Session, leadIds: readonly string[], customerId: string): Promise<void> {
  if (leadIds.length > 0) await session.run(MOVE_LEADS, [plain(leadIds), customerId]);
}

const REDATE = { name: 'redate_lead', text: 'update lead set created_at = $2 where id = $1' };

/** Sets when a lead was created: the earlier of two that became one, or back. */
export async function redateLead(session: Session, leadId: string, createdAt: Instant): Promise<void> {
  await session.run(REDATE, [leadId, new Date(createdAt)]);
}

const MOVE_IDENTITIES = {
  name: 'move_identities',
  text: 'update identity set customer_id = $2 where id = any($1::uuid[]) and customer_id = any($3::uuid[])',
};

/** Gives identities of a family to another customer; the caller has locked them. */
export async function moveIdentities(
  session: Session,
  ids: readonly string[],
  customerId: string,
  family: readonly string[],
): Promise<void> {
  if (ids.length > 0) await session.run(MOVE_IDENTITIES, [plain(ids), customerId, plain(family)]);
}

const FLAG = {
  name: 'flag_after_close',
  text: `update touch set flags = case
        when occurred_at > $3 then array_append(flags, 'after_close') else array_remove(flags, 'after_close') end
    where customer_id = any($1::uuid[]) and lead_id = any($2::uuid[])
      and (occurred_at > $3) is distinct from ('after_close' = any(flags))`,
};

/** Flags the touches of leads that occurred after they were closed, and no others; `closedAt` null: they are not closed. */
export async function flagAfterClose(
  session: Session,
  family: readonly string[],
  leadIds: readonly string[],
  closedAt: Instant | null,
): Promise<void> {
  const moment = closedAt === null ? 'infinity' : new Date(closedAt);
  await session.run(FLAG, [plain(family), plain(leadIds), moment]);
}

const UNFLAG_REVIEW = {
  name: 'finish_reviews',
  text: `update suggestion set state = 'done', actor = $3, updated_at = $4
    where kind = $1 and subject = any($2::text[]) and state = 'open'`,
};

/** Closes the open suggestions of a kind about the subjects given: somebody has done what they suggest. */
export async function finishSuggestions(
  session: Session,
  kind: 'merge' | 'possible_number_reuse' | 'invalid_touched',
  subjects: readonly string[],
  { actor, at }: { readonly actor: string; readonly at: Instant },
): Promise<void> {
  if (subjects.length > 0) await session.run(UNFLAG_REVIEW, [kind, texts(subjects), actor, new Date(at)]);
}

const HOLDERS = {
  name: 'identity_holders',
  text: 'select id, customer_id from identity where customer_id = any($1::uuid[])',
};

/** The identities of a family, each with the customer that it is written to. */
export async function identityHolders(
  session: Session,
  family: readonly string[],
): Promise<readonly { readonly id: string; readonly customerId: string }[]> {
  const rows = await session.run<{ id: string; customer_id: string }>(HOLDERS, [plain(family)]);
  return rows.map((row) => ({ id: row.id, customerId: row.customer_id }));
}

const WITH_DEALS = {
  name: 'leads_with_deals',
  text: 'select distinct lead_id from deal where customer_id = any($1::uuid[])',
};

/** Leads on which a family has a deal. */
export async function leadsWithDeals(session: Session, family: readonly string[]): Promise<readonly string[]> {
  return (await session.run<{ lead_id: string }>(WITH_DEALS, [plain(family)])).map((row) => row.lead_id);
}
