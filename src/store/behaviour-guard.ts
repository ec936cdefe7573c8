import { texts } from './column.ts';
import type { Session } from './session.ts';

const KNOWN = {
  name: 'known_behaviour_subjects',
  text: `select s as subject, l.store, l.owner from unnest($1::text[]) s join lead l on l.id = substr(s, 6)::uuid and l.hidden is null
    union all
    select s, l.store, l.owner from unnest($2::text[]) s join customer c on c.id = substr(s, 10)::uuid and c.erased_at is null
      left join lead l on l.customer_id = c.id and l.hidden is null`,
};

/** Where the leads are that a subject names. */
export interface SubjectPlace {
  readonly subject: string;
  readonly store: string | null;
  readonly owner: string | null;
}

/** Those of the `lead:…` and `customer:…` subjects that exist and were not erased, once for each of their leads. */
export async function knownSubjects(session: Session, subjects: readonly string[]): Promise<readonly SubjectPlace[]> {
  const leads = subjects.filter((subject) => subject.startsWith('lead:'));
  const customers = subjects.filter((subject) => subject.startsWith('customer:'));
  if (leads.length + customers.length === 0) return [];
  return session.run<SubjectPlace>(KNOWN, [texts(leads), texts(customers)]);
}

const SUPPRESSED = {
  name: 'suppressed_tokens',
  text: 'select token from suppression where token = any($1::text[])',
};

/** Those of the keyed hashes that are on the do-not-process list. */
export async function suppressedTokens(session: Session, tokens: readonly string[]): Promise<ReadonlySet<string>> {
  if (tokens.length === 0) return new Set();
  const rows = await session.run<{ token: string }>(SUPPRESSED, [texts(tokens)]);
  return new Set(rows.map(({ token }) => token));
}
