import type { EraseItem } from '../channels/channel.ts';
import type { Bounds } from '../domain/bounds.ts';
import type { Instant } from '../domain/instant.ts';
import { personalOf, scrubFields } from '../domain/scrub.ts';
import type { Vault } from '../domain/vault.ts';
import { insertAudit } from '../store/audit.ts';
import type { Db, Tx } from '../store/database.ts';
import type { ErasableSubmission } from '../store/erase.ts';
import { erasableTouches, eraseSubmissions, eraseTouches } from '../store/erase-writes.ts';
import { forgetProofs, sourcesOfTouches, submissionsUnder, touchesMadeBy } from '../store/external-rows.ts';
import { eraseImportRows, lockUnfinishedImports } from '../store/import-erase.ts';
import { cancelFetches } from '../store/lead-fetches.ts';
import { letWork } from '../store/let-work.ts';
import { findByExternalId } from '../store/search.ts';
import { sessionOf } from '../store/session.ts';
import { erasedAmong, familyOf, lockIdentities } from '../store/whereabouts.ts';
import type { Call } from './call.ts';
import { eraseCustomer } from './erase-customer.ts';
import { idsOf } from './ids.ts';
import { lockPeople } from './lock-people.ts';
import type { SeedSource } from './seed.ts';
import type { LoadedSource } from './source-book.ts';
import { voidTouch } from './void-touch.ts';

/** What erasing needs. */
export interface EraseLeadDeps {
  readonly db: Db;
  readonly vault: Vault;
  readonly seeds: SeedSource;
  readonly clock: () => Instant;
}

const REASON = 'platform_deleted';
const EVERYTHING: Bounds = { stores: null, adviser: null };
const NOBODY = '00000000-0000-0000-0000-000000000000'; // whose bucket the ids of what names no customer take

/**
 * Erases a lead that its platform has deleted. A person who came by this source only is erased whole; of anybody else the touch
 * of this lead is voided and what it brought is forgotten. What is still to be fetched of it never comes in. An unknown id, and
 * the same again, change nothing.
 */
export async function eraseLead(deps: EraseLeadDeps, { source }: LoadedSource, item: EraseItem): Promise<void> {
  const { db, vault, seeds, clock } = deps;
  const at = clock();
  const { externalId } = item;
  await cancelFetches(db, source.id, externalId, at); // before: what is captured from here on finds itself cancelled
  const call: Call = { actor: `source:${source.name}`, requestId: null, at, vault, seeds };
  await db.transaction().execute(async (tx) => {
    await letWork(tx);
    await lockUnfinishedImports(sessionOf(tx)); // before people, as erasing one whole does
    const hit = await findByExternalId(tx, source.id, externalId);
    if (hit === null) {
      const strays = await submissionsUnder(sessionOf(tx), vault, { sourceId: source.id, externalId, family: [] });
      return scrub(tx, call, { sourceId: source.id, family: [], submissions: strays });
    }
    const family = await lockFamily(tx, call, hit.root);
    const named = { sourceId: source.id, externalId, family };
    const sources = await sourcesOfTouches(sessionOf(tx), family);
    const erased = (await erasedAmong(sessionOf(tx), family)).size > 0;
    if (erased || sources.some((id) => id !== source.id)) {
      const under = await submissionsUnder(sessionOf(tx), vault, named);
      const ids = under.map(({ id }) => id);
      const touches = erased ? [] : await touchesMadeBy(sessionOf(tx), family, ids);
      for (const touchId of touches) await voidTouch(tx, call, EVERYTHING, touchId, REASON);
    } else {
      await eraseCustomer(tx, call, EVERYTHING, hit.root, { reason: REASON, later: 'new_customer' });
    }
    // Of somebody erased whole only what came to no customer is left.
    const submissions = await submissionsUnder(sessionOf(tx), vault, named);
    await scrub(tx, call, { sourceId: source.id, family, submissions });
  });
}

/** Locks a person as erasing them would; answers the family, root first. */
async function lockFamily(tx: Tx, call: Call, customerId: string): Promise<readonly string[]> {
  const session = sessionOf(tx);
  await lockIdentities(session, await familyOf(session, customerId));
  const root = (await lockPeople(tx, call.vault, [customerId], call.at)).get(customerId)?.customer.id ?? customerId;
  return familyOf(session, root);
}

interface Scrubbed {
  readonly sourceId: string;
  readonly family: readonly string[];
  readonly submissions: readonly ErasableSubmission[];
}

/** Takes the person out of submissions and out of the touches that they made, deletes their bodies, and says so in the audit. */
async function scrub(tx: Tx, call: Call, { sourceId, family, submissions }: Scrubbed): Promise<void> {
  if (submissions.length === 0) return;
  const session = sessionOf(tx);
  const personal = personalOf(
    submissions.flatMap(({ fields: { person } }) => [person?.name, person?.email, person?.street]),
    submissions.flatMap(({ phone, phoneTyped }) => [phone, phoneTyped]),
  );
  const ids = submissions.map(({ id }) => id);
  const made = new Set(family.length === 0 ? [] : await touchesMadeBy(session, family, ids));
  const touches = made.size === 0 ? [] : (await erasableTouches(session, family)).filter(({ id }) => made.has(id));
  await eraseTouches(
    session,
    touches.map((touch) => ({ ...touch, fields: touch.fields === null ? null : scrubFields(touch.fields, personal) })),
  );
  await forgetProofs(session, family, ids);
  await eraseImportRows(session, ids);
  await eraseSubmissions(
    session,
    submissions.map(({ id, receivedAt, fields }) => ({ id, receivedAt, fields: scrubFields(fields, personal) })),
    call,
  );
  const nextId = idsOf(call.seeds, call.at, family[0] ?? NOBODY);
  const { actor, requestId, at } = call;
  const entry = { at, actor, requestId, action: 'submission.erased', subjectKind: 'submission', reason: REASON };
  const detail = { source_id: sourceId };
  await insertAudit(
    tx,
    ids.map((subjectId) => ({ ...entry, id: nextId(), subjectId, detail })),
  );
}
