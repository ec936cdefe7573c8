import type { Vault } from '../domain/vault.ts';
import { plain } from './column.ts';
import { ERASABLE_COLUMNS, type ErasableRow, type ErasableSubmission, erasableOf } from './erase.ts';
import type { Session } from './session.ts';

const UNDER = {
  name: 'submissions_under_external_id',
  // What the key stands for with all that it completed, what updated it, and what was kept aside under the same id.
  text: `with recursive mine as (
      select s.id, s.completes from receipt r join submission s on s.id = r.submission_id
        where r.source_id = $1 and r.kind = 'external' and r.key = $2
      union select s.id, s.completes from mine join submission s on s.id = mine.completes
    ), found as (
      select id from mine
      union select s.id from submission s where s.customer_id = any($3::uuid[]) and s.source_id = $1 and s.external_id = $2
      union select s.id from submission s where s.customer_id is null and s.source_id = $1 and s.external_id = $2
    ) select ${ERASABLE_COLUMNS} from found join submission s on s.id = found.id where s.external_id is not null`,
};

/** Every submission that came under the platform's id of a lead and still holds something; `family` is whom it came to. */
export async function submissionsUnder(
  session: Session,
  vault: Vault,
  lead: { readonly sourceId: string; readonly externalId: string; readonly family: readonly string[] },
): Promise<readonly ErasableSubmission[]> {
  const rows = await session.run<ErasableRow>(UNDER, [lead.sourceId, lead.externalId, plain(lead.family)]);
  return rows.map((row) => erasableOf(row, vault));
}

const SOURCES = {
  name: 'sources_of_touches',
  text: 'select distinct source_id from touch where customer_id = any($1::uuid[])',
};

/** The sources that the touches of a family came by, voided ones too. */
export async function sourcesOfTouches(session: Session, family: readonly string[]): Promise<readonly string[]> {
  return (await session.run<{ source_id: string }>(SOURCES, [plain(family)])).map((row) => row.source_id);
}

const TOUCHES = {
  name: 'touches_of_submissions',
  text: 'select id from touch where customer_id = any($1::uuid[]) and submission_id = any($2::uuid[])',
};

/** The touches of a family that submissions made: not those that they only repeated. */
export async function touchesMadeBy(
  session: Session,
  family: readonly string[],
  submissionIds: readonly string[],
): Promise<readonly string[]> {
  const rows = await session.run<{ id: string }>(TOUCHES, [plain(family), plain(submissionIds)]);
  return rows.map((row) => row.id);
}

const PROOFS = {
  name: 'forget_proofs',
  text: 'update consent set proof = null where customer_id = any($1::uuid[]) and submission_id = any($2::uuid[])',
};

/** Forgets what submissions brought as proof of consent: it may name the person. */
export async function forgetProofs(
  session: Session,
  family: readonly string[],
  submissionIds: readonly string[],
): Promise<void> {
  await session.run(PROOFS, [plain(family), plain(submissionIds)]);
}
