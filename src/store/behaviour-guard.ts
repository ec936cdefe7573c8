import { texts } from './column.ts';
import type { Session } from './session.ts';

const KNOWN = {
  name: 'known_behaviour_subjects',
  text: `select s from unnest($1::text[]) s where exists (select from lead where id = substr(s, 6)::uuid and hidden is null)
    union all
    select s from unnest($2::text[]) s where exists (select from customer where id = substr(s, 10)::uuid and erased_at is null)`,
};

/** Those of the `lead:…` and `customer:…` subjects that exist and were not erased. */
export async function knownSubjects(session: Session, subjects: readonly string[]): Promise<ReadonlySet<string>> {
  const leads = subjects.filter((subject) => subject.startsWith('lead:'));
  const customers = subjects.filter((subject) => subject.startsWith('customer:'));
  if (leads.length + customers.length === 0) return new Set();
  const rows = await session.run<{ s: string }>(KNOWN, [texts(leads), texts(customers)]);
  return new Set(rows.map(({ s }) => s));
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
