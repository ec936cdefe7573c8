import type { Import } from '../domain/import.ts';
import { seedOf } from '../domain/sides.ts';
import { type OwnedTouch, readHistory } from '../store/history.ts';
import { familiesOf, type WrittenRow } from '../store/import-revert.ts';
import {
  closeQuarantine,
  dropIdentities,
  forgetStatements,
  identitiesOfMembers,
  type MadeIdentity,
  type RowKey,
  releaseKeys,
} from '../store/import-revert-traces.ts';
import { readLeads, upsertLeads } from '../store/lead-rows.ts';
import type { Session } from '../store/session.ts';
import type { Call } from './call.ts';
import { importKey } from './import-key.ts';

/**
 * Takes back what rows left beside touches: their keys, so that the file can be run again, quarantine, consents, reviews, and the
 * identities that they gave to persons who are known by more. To be called after the touches were voided.
 */
export async function revertTraces(
  session: Session,
  call: Call,
  reverted: Import,
  roots: readonly string[],
  written: readonly WrittenRow[],
): Promise<void> {
  await releaseKeys(
    session,
    written.flatMap((row) => keysOf(reverted, row)),
  );
  await closeQuarantine(session, written, call);
  const members = (await familiesOf(session, roots)).map(({ member }) => member);
  const ids = written.map((row) => row.submission_id);
  await forgetStatements(session, members, ids, call);
  await takeIdentities(session, call, roots, ids);
}

function keysOf(reverted: Import, written: WrittenRow): readonly RowKey[] {
  const own: RowKey = { kind: 'request', key: `${importKey(reverted)}#${written.row}`, written };
  const { external_id: external } = written;
  return external === null ? [own] : [own, { kind: 'external', key: external, written }];
}

/** A person who is left with nothing keeps the identity: a new submission is theirs again. */
async function takeIdentities(
  session: Session,
  call: Call,
  roots: readonly string[],
  submissionIds: readonly string[],
): Promise<void> {
  const history = (await readHistory(session, roots)).filter(({ voided }) => !voided);
  const known = new Set(history.map(({ root }) => root));
  const family = (await familiesOf(session, roots)).filter(({ root }) => known.has(root));
  const rootOf = new Map(family.map(({ root, member }) => [member, root]));
  const members = [...rootOf.keys()];
  const made = new Set(submissionIds.map((id) => seedOf(id)));
  const gone = (await identitiesOfMembers(session, call.vault, members)).filter(
    (identity) => made.has(seedOf(identity.id)) && !isNamed(identity, rootOf.get(identity.customerId), history),
  );
  await dropIdentities(
    session,
    members,
    gone.map(({ id }) => id),
  );
  const numbers = new Set(gone.flatMap(({ kind, value }) => (kind === 'phone' ? [value] : [])));
  const affected = [...new Set(gone.flatMap(({ customerId }) => rootOf.get(customerId) ?? []))];
  if (numbers.size === 0) return;
  const leads = (await readLeads(session, call.vault, affected)).map(({ lead }) => lead);
  await upsertLeads(
    session,
    call.vault,
    leads.filter(({ phone }) => phone !== null && numbers.has(phone)).map((lead) => ({ ...lead, phone: null })),
  );
}

/** Whether another touch came by it, or anything else of the person came after it and may have named it too. */
function isNamed({ id, createdAt }: MadeIdentity, root: string | undefined, history: readonly OwnedTouch[]): boolean {
  const own = history.filter((touch) => touch.root === root);
  return own.some(
    ({ identityId, spoken }) => identityId === id || spoken.some(({ receivedAt }) => receivedAt > createdAt),
  );
}
