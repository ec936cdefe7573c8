import { codeOf } from '../domain/reason.ts';
import { mentions, type Personal, scrubFields } from '../domain/scrub.ts';
import { auditOf, keysOfSubmissions, reviewedIds } from '../store/erase.ts';
import {
  erasableTouches,
  eraseAnswers,
  eraseAudit,
  eraseSubmissions,
  eraseTouches,
  forgetKeys,
} from '../store/erase-writes.ts';
import type { Session } from '../store/session.ts';
import type { Call } from './call.ts';
import type { FoundPerson } from './erase-find.ts';
import type { LockedPerson } from './lock-people.ts';

const OWN_WORDS: readonly string[] = ['lead.note', 'lead.named']; // what a person wrote, and by what they are found elsewhere

/** The rows that hold a person among other things. */
export interface Scrubbed {
  readonly family: readonly string[];
  readonly person: LockedPerson;
  readonly found: FoundPerson;
  readonly receiptDays: number; // of the policy, for keys whose expiry it has set
}

/** Takes a person out of submissions, touches, keys of the ledger and the audit; what is counted by stays. */
export async function scrubRows(session: Session, call: Call, scrubbed: Scrubbed): Promise<void> {
  const { family, person, found, receiptDays } = scrubbed;
  const { submissions, personal } = found;
  const named = (text: string | null): boolean => text !== null && mentions(personal, text);
  const keys = [
    ...(await keysOfSubmissions(session, submissions, receiptDays)),
    ...(await eraseAnswers(session, family)),
  ];
  await forgetKeys(
    session,
    keys.filter(({ key }) => named(key)),
  );
  await eraseSubmissions(
    session,
    submissions.map(({ id, receivedAt, fields }) => ({ id, receivedAt, fields: scrubFields(fields, personal) })),
    call,
  );
  const touches = await erasableTouches(session, family);
  await eraseTouches(
    session,
    touches.map((touch) => ({
      id: touch.id,
      fields: touch.fields === null ? null : scrubFields(touch.fields, personal),
      void_reason: codeOf(touch.void_reason),
      campaign: named(touch.campaign) ? null : touch.campaign,
    })),
  );
  const submissionIds = submissions.map(({ id }) => id);
  const ids = [
    ...(await reviewedIds(session, family, submissionIds)),
    ...submissionIds,
    ...family,
    ...person.leads.map(({ id }) => id),
    ...touches.map(({ id }) => id),
  ];
  await scrubAudit(session, ids, person, personal);
}

/** Who read or changed what, when and why stays, unless it names the person; what was written in own words goes. */
async function scrubAudit(
  session: Session,
  ids: readonly string[],
  { customer }: LockedPerson,
  personal: Personal,
): Promise<void> {
  const entries = await auditOf(session, ids, customer.createdAt);
  const scrubbed = entries.map(({ id, action, reason, detail }) => {
    const own = OWN_WORDS.includes(action) || mentions(personal, JSON.stringify(detail));
    return { id, reason: reason !== null && mentions(personal, reason) ? null : reason, detail: own ? {} : detail };
  });
  await eraseAudit(session, scrubbed);
}
