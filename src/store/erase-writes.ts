import type { Instant } from '../domain/instant.ts';
import type { Fields } from '../domain/submission.ts';
import { eraseBehaviours } from './behaviour-links.ts';
import { jsons, plain, texts, times } from './column.ts';
import type { LedgerRow } from './erase.ts';
import type { Session, Statement } from './session.ts';

const SUBMISSIONS = {
  name: 'erase_submissions',
  // Without its touch, a later submission under the same external id cannot be taken for news about an erased person.
  text: `update submission s set fields = u.fields, phone = null, phone_typed = null, external_id = null, touch_id = null,
      fingerprint = '', request_id = null
    from unnest($1::uuid[], $2::jsonb[]) u(id, fields) where s.id = u.id`,
};
const RAW = {
  name: 'erase_raw_bodies',
  text: `delete from raw_body r using unnest($1::uuid[], $2::timestamptz[]) u(id, at)
    where r.submission_id = u.id and r.received_at = u.at`,
};
const QUARANTINE = {
  name: 'erase_quarantine',
  text: `update quarantine set keys = '[]', state = case when state = 'open' then 'dismissed' else state end,
      resolved_at = coalesce(resolved_at, $2), actor = coalesce(actor, $3) where submission_id = any($1::uuid[])`,
};

/** Takes the person out of submissions, and deletes their raw bodies. */
export async function eraseSubmissions(
  session: Session,
  submissions: readonly { readonly id: string; readonly receivedAt: Instant; readonly fields: Fields }[],
  { at, actor }: { readonly at: Instant; readonly actor: string },
): Promise<void> {
  if (submissions.length === 0) return;
  const ids = plain(submissions.map(({ id }) => id));
  await session.run(SUBMISSIONS, [ids, jsons(submissions.map(({ fields }) => fields))]);
  await session.run(RAW, [ids, times(submissions.map(({ receivedAt }) => receivedAt))]);
  await session.run(QUARANTINE, [ids, new Date(at), actor]);
}

const TOUCHES = {
  name: 'erase_touches',
  text: `update touch t set fields = u.fields, noise_key = '', void_reason = u.void_reason, campaign = u.campaign
    from unnest($1::uuid[], $2::jsonb[], $3::text[], $4::text[]) u(id, fields, void_reason, campaign) where t.id = u.id`,
};
const READ_TOUCHES = {
  name: 'erasable_touches',
  text: 'select id, fields, void_reason, campaign from touch where customer_id = any($1::uuid[])',
};

/** What of a touch can name a person. */
export interface ErasableTouch {
  readonly id: string;
  readonly fields: Fields | null;
  readonly void_reason: string | null;
  readonly campaign: string | null;
}

/** Every touch of a family. */
export async function erasableTouches(session: Session, family: readonly string[]): Promise<readonly ErasableTouch[]> {
  return session.run<ErasableTouch>(READ_TOUCHES, [plain(family)]);
}

/** Writes touches without the person. */
export async function eraseTouches(session: Session, touches: readonly ErasableTouch[]): Promise<void> {
  if (touches.length === 0) return;
  await session.run(TOUCHES, [
    plain(touches.map(({ id }) => id)),
    jsons(touches.map(({ fields }) => fields)),
    texts(touches.map((touch) => touch.void_reason)),
    texts(touches.map(({ campaign }) => campaign)),
  ]);
}

const OF_FAMILY: Readonly<Record<'identity' | 'consent' | 'task' | 'event' | 'deal' | 'merge', Statement>> = {
  identity: { name: 'erase_identities', text: 'delete from identity where customer_id = any($1::uuid[])' },
  consent: { name: 'erase_consents', text: 'update consent set proof = null where customer_id = any($1::uuid[])' },
  task: {
    name: 'erase_tasks',
    text: `update task set content = null, external_ref = null where customer_id = any($1::uuid[])
      or lead_id in (select id from lead where customer_id = any($1::uuid[]))`,
  },
  event: {
    name: 'erase_task_names',
    // What another system calls a task may name the person; nothing else of an event can.
    text: `update event set data = data - 'external_ref' where customer_id = any($1::uuid[])
      and type like 'task.%' and data ? 'external_ref'`,
  },
  deal: { name: 'erase_deals', text: 'update deal set reason = null where customer_id = any($1::uuid[])' },
  merge: {
    name: 'erase_merges',
    text: `update merge set record = '{}', reason = null where survivor_id = any($1::uuid[]) or absorbed_id = any($1::uuid[])`,
  },
};
const CUSTOMERS = {
  name: 'erase_customers',
  text: `update customer set profile = '{}', erased_at = $2, updated_at = $2, version = version + 1 where id = any($1::uuid[])`,
};
const SUGGESTIONS = {
  name: 'erase_suggestions',
  text: `update suggestion set state = 'dismissed', actor = $2, updated_at = $3
    where state = 'open' and (customer_id = any($1::uuid[]) or other_customer_id = any($1::uuid[]))`,
};
const ANSWERS = {
  name: 'erase_answers',
  text: `update receipt set answer = '{"erased": true}' where answer is not null and answer->>'customer_id' = any($1::text[])
    returning source_id, kind, key`,
};

/** Takes the person out of everything that is written to a family: identities go, the rest keeps what is counted. */
export async function eraseFamily(
  session: Session,
  family: readonly string[],
  { at, actor }: { readonly at: Instant; readonly actor: string },
): Promise<void> {
  const ids = plain(family);
  await eraseBehaviours(session, family);
  for (const statement of Object.values(OF_FAMILY)) await session.run(statement, [ids]);
  await session.run(CUSTOMERS, [ids, new Date(at)]);
  await session.run(SUGGESTIONS, [ids, actor, new Date(at)]);
}

/** Empties the answers that were kept about a family, and says under which keys. */
export async function eraseAnswers(session: Session, family: readonly string[]): Promise<readonly LedgerRow[]> {
  return session.run<LedgerRow>(ANSWERS, [texts(family)]);
}

const KEYS = {
  name: 'erase_receipts',
  text: `delete from receipt r using unnest($1::uuid[], $2::text[], $3::text[]) u(source_id, kind, key)
    where r.source_id = u.source_id and r.kind = u.kind and r.key = u.key`,
};

/** Forgets keys of the ledger that name the person themselves. */
export async function forgetKeys(session: Session, keys: readonly LedgerRow[]): Promise<void> {
  if (keys.length === 0) return;
  await session.run(KEYS, [
    plain(keys.map((key) => key.source_id)),
    plain(keys.map((key) => key.kind)),
    texts(keys.map(({ key }) => key)),
  ]);
}

const AUDIT = {
  name: 'erase_audit',
  text: `update audit a set reason = u.reason, detail = u.detail
    from unnest($1::uuid[], $2::text[], $3::jsonb[]) u(id, reason, detail) where a.id = u.id`,
};

/** Writes entries of the audit without the person. */
export async function eraseAudit(
  session: Session,
  entries: readonly { readonly id: string; readonly reason: string | null; readonly detail: object }[],
): Promise<void> {
  if (entries.length === 0) return;
  await session.run(AUDIT, [
    plain(entries.map(({ id }) => id)),
    texts(entries.map(({ reason }) => reason)),
    jsons(entries.map(({ detail }) => detail)),
  ]);
}
