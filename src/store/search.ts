import { sql } from 'kysely';
import { identityKey } from '../domain/identity.ts';
import type { Identity } from '../domain/submission.ts';
import type { Vault } from '../domain/vault.ts';
import type { Db } from './database.ts';
import { storedValue } from './identity-rows.ts';

/** The root customers that identities name; none where nobody has one. */
export async function findByIdentities(
  db: Db,
  vault: Vault,
  identities: readonly Identity[],
): Promise<readonly string[]> {
  const stored = identities.map((identity) =>
    storedValue(vault, { identity, token: vault.token(identityKey(identity)) }),
  );
  const { rows } = await sql<{ root: string }>`
    select distinct coalesce(a.customer_id, i.customer_id) as root
    from unnest(${stored}::text[], ${identities.map(({ kind }) => kind)}::text[],
      ${identities.map(({ namespace }) => namespace)}::text[]) u(value, kind, namespace)
    join identity i on i.value = u.value and i.kind = u.kind and i.namespace = u.namespace
    left join customer_alias a on a.alias_id = i.customer_id`.execute(db);
  return rows.map(({ root }) => root);
}

/** What the platform's id of a lead stands for at a source. */
export interface ExternalHit {
  readonly leadId: string;
  readonly root: string;
}

/** The lead and root customer that an external id of a source led to; null where it is unknown, or came to no lead. */
export async function findByExternalId(db: Db, sourceId: string, externalId: string): Promise<ExternalHit | null> {
  const { rows } = await sql<{ lead_id: string; root: string }>`
    select coalesce(t.lead_id, s.lead_id) as lead_id, coalesce(a.customer_id, t.customer_id, s.customer_id) as root
    from receipt r
    join submission s on s.id = r.submission_id
    left join touch t on t.id = s.touch_id
    left join customer_alias a on a.alias_id = coalesce(t.customer_id, s.customer_id)
    where r.source_id = ${sourceId} and r.kind = 'external' and r.key = ${externalId}
      and coalesce(t.lead_id, s.lead_id) is not null`.execute(db);
  const [row] = rows;
  return row === undefined ? null : { leadId: row.lead_id, root: row.root };
}
