import { identityKey } from '../domain/identity.ts';
import { mentions, type Personal } from '../domain/scrub.ts';
import type { Vault } from '../domain/vault.ts';
import type { Tx } from '../store/database.ts';
import { identitiesOf } from '../store/identity-rows.ts';
import { barFromImports, eraseImportCells, eraseImportRows } from '../store/import-erase.ts';
import { sessionOf } from '../store/session.ts';

/** What of imports is to be erased: the root customer, its submissions, and what names the person for certain. */
export interface ErasedFromImports {
  readonly root: string;
  readonly submissionIds: readonly string[];
  readonly named: Personal; // numbers and ids; a name alone may be somebody else's
  readonly unfinished: readonly string[]; // imports that are locked
}

/** Takes a person out of kept rows of imports, and lets no later row of those that have not ended bring the person back. */
export async function eraseImports(tx: Tx, vault: Vault, erased: ErasedFromImports): Promise<void> {
  const session = sessionOf(tx);
  const identities = await identitiesOf(session, vault, [erased.root]);
  const tokens = new Set(identities.map(({ identity }) => vault.token(identityKey(identity))));
  await barFromImports(session, erased.unfinished, [...tokens]);
  await eraseImportRows(session, erased.submissionIds);
  await eraseImportCells(tx, vault, (text) => mentions(erased.named, text));
}
