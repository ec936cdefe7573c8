import type { Vault } from '../domain/vault.ts';
import { plain, texts } from './column.ts';
import type { Db, Tx } from './database.ts';
import { openCells } from './import-rows.ts';
import { type Session, sessionOf } from './session.ts';

const LOCK = {
  name: 'lock_unfinished_imports',
  text: `select id from import where state in ('uploading','waiting','checking','running','previewed') order by id for update`,
};

/**
 * Holds every import that may still bring rows until the transaction ends; before people are locked, as whoever works on an
 * import does it. What such a worker writes afterwards finds whom this transaction has erased.
 */
export async function lockUnfinishedImports(session: Session): Promise<readonly string[]> {
  return (await session.run<{ id: string }>(LOCK, [])).map(({ id }) => id);
}

const REMEMBER = {
  name: 'remember_import_erased',
  text: `insert into import_erased (import_id, token) select i, k from unnest($1::uuid[]) i cross join unnest($2::text[]) k
    on conflict do nothing`,
};
const PREVIEWS = {
  name: 'drop_import_previews',
  text: 'update import set preview = null where id = any($1::uuid[]) and preview is not null',
};

/** Lets no later row of these imports bring back who has one of these identities, given as keyed hashes; previews go. */
export async function barFromImports(
  session: Session,
  importIds: readonly string[],
  tokens: readonly string[],
): Promise<void> {
  if (importIds.length === 0) return;
  await session.run(PREVIEWS, [plain(importIds)]);
  if (tokens.length > 0) await session.run(REMEMBER, [plain(importIds), texts(tokens)]);
}

const ERASED = { name: 'import_erased', text: 'select token from import_erased where import_id = $1' };

/** Keyed hashes of the identities that no row of an import may bring back; read it while the import is held. */
export async function erasedTokens(session: Session, importId: string): Promise<ReadonlySet<string>> {
  return new Set((await session.run<{ token: string }>(ERASED, [importId])).map(({ token }) => token));
}

/** Forgets whom an import that has ended was kept from. */
export async function forgetErasedTokens(db: Db, importId: string): Promise<void> {
  await db.deleteFrom('import_erased').where('import_id', '=', importId).execute();
}

const OF_SUBMISSIONS = {
  name: 'erase_import_rows',
  // The request id of a submission that an import wrote says which row it was; no index of submissions is needed.
  text: `update import_row r set cells = null, before = null
    from submission s where s.id = any($1::uuid[]) and r.submission_id = s.id
      and s.request_id ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}#[0-9]{1,9}$'
      and r.import_id = split_part(s.request_id, '#', 1)::uuid and r.row = split_part(s.request_id, '#', 2)::integer`,
};

/** Takes the person out of the rows that wrote these submissions; to be called before their request ids are erased. */
export async function eraseImportRows(session: Session, submissionIds: readonly string[]): Promise<void> {
  if (submissionIds.length > 0) await session.run(OF_SUBMISSIONS, [plain(submissionIds)]);
}

const PAGE = 1_000; // rows opened at once: some 300 KB

/** Empties the kept cells of refused rows that name a person, as `named` tells from their text. */
export async function eraseImportCells(tx: Tx, vault: Vault, named: (text: string) => boolean): Promise<void> {
  const session = sessionOf(tx);
  let after: { readonly import_id: string; readonly row: number } | null = null;
  for (;;) {
    const page: readonly KeptCells[] = await readCells(session, after);
    const hit = page.filter(({ cells }) => named(openCells(vault, cells).join('\n')));
    if (hit.length > 0) {
      await session.run(EMPTY, [plain(hit.map((row) => row.import_id)), plain(hit.map(({ row }) => row))]);
    }
    after = page.at(-1) ?? null;
    if (page.length < PAGE) return;
  }
}

interface KeptCells {
  readonly import_id: string;
  readonly row: number;
  readonly cells: Buffer;
}

const CELLS = {
  name: 'import_cells',
  text: `select import_id, row, cells from import_row
    where code is not null and cells is not null and (import_id, row) > ($1::uuid, $2::integer)
    order by import_id, row limit ${PAGE}`,
};
const EMPTY = {
  name: 'empty_import_cells',
  text: `update import_row r set cells = null, before = null from unnest($1::uuid[], $2::integer[]) u(import_id, row)
    where r.import_id = u.import_id and r.row = u.row`,
};
const FIRST = { import_id: '00000000-0000-0000-0000-000000000000', row: 0 };

function readCells(
  session: Session,
  after: Pick<KeptCells, 'import_id' | 'row'> | null,
): Promise<readonly KeptCells[]> {
  const { import_id: importId, row } = after ?? FIRST;
  return session.run<KeptCells>(CELLS, [importId, row]);
}
