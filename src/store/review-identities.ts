import type { Identity } from '../domain/submission.ts';
import type { Vault } from '../domain/vault.ts';
import type { Db } from './database.ts';

/** An identity with the customer on whom it stands. */
export interface HeldIdentity extends Pick<Identity, 'kind' | 'value'> {
  readonly customerId: string;
}

/** The identities of customers in clear, oldest first; of an alias those that still name it. */
export async function identitiesOfCustomers(
  db: Db,
  vault: Vault,
  customerIds: readonly string[],
): Promise<readonly HeldIdentity[]> {
  if (customerIds.length === 0) return [];
  const rows = await db
    .selectFrom('identity')
    .select(['kind', 'value', 'sealed', 'customer_id'])
    .where('customer_id', 'in', customerIds)
    .orderBy('created_at')
    .orderBy('id')
    .execute();
  return rows.map(({ kind, value, sealed, customer_id }) => ({
    kind: kind as Identity['kind'],
    value: sealed === null ? value : vault.openText(sealed),
    customerId: customer_id,
  }));
}
