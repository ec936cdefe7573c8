import type { ImportDetail } from '../http/schemas/import.ts';
import { answer, type Exit, type Given, type Io } from './command.ts';
import type { ImportAsked } from './import-asked.ts';
import { errorsPath, writeErrorsFile } from './import-errors-file.ts';
import { importReport } from './import-report.ts';

/** What is known of an import that has ended, and where its refused rows come from. */
export interface EndedImport {
  readonly detail: ImportDetail;
  readonly errors: () => Promise<{ readonly masked: boolean; readonly bytes: AsyncIterable<Uint8Array> }>;
}

interface ErrorsFile {
  readonly path: string;
  readonly masked: boolean;
}

/** Writes the errors file, prints the report, and answers 0 where all rows are in, 1 where some are not, 2 where nothing was done. */
export async function endImport(
  given: Given,
  io: Io,
  asked: ImportAsked,
  { detail, errors }: EndedImport,
): Promise<Exit> {
  const written = detail.rows.failed === 0 ? null : await errorsFile(io, asked, detail, errors);
  answer(given, io, { ...detail, errors_file: written }, [
    ...importReport(detail),
    ...(written === null ? [] : errorsLines(asked, detail, written)),
  ]);
  const { fault, rows } = detail;
  if (fault !== null) {
    const what = rows.done === 0 ? 'the file was refused' : `the import was given up after ${rows.done} rows`;
    io.stderr(`clew: ${what} (${fault.code}): ${fault.detail} ${fault.hint}\n`);
  }
  return exitOf(detail, io);
}

function exitOf({ state, rows, dry_run: dryRun }: ImportDetail, io: Io): Exit {
  switch (state) {
    case 'completed':
    case 'previewed':
      return rows.failed === 0 ? 0 : 1;
    case 'cancelled':
    case 'reverted':
      io.stderr(`clew: the import was ${state}\n`);
      return rows.done === 0 || dryRun ? 2 : 1;
    case 'failed':
      return rows.done === 0 || dryRun ? 2 : 1;
    case 'uploading':
    case 'waiting':
    case 'checking':
    case 'running':
    case 'reverting':
      return 1;
  }
}

async function errorsFile(
  io: Io,
  asked: ImportAsked,
  detail: ImportDetail,
  errors: EndedImport['errors'],
): Promise<ErrorsFile | null> {
  const wanted = errorsPath(asked, detail);
  try {
    const { masked, bytes } = await errors();
    return { masked, path: await writeErrorsFile(wanted, asked.file?.path ?? null, bytes) };
  } catch (error) {
    const why = (error as { readonly code?: string }).code ?? (error instanceof Error ? error.message : String(error));
    io.stderr(
      `clew: the errors file ${wanted} cannot be written (${why}): name another with --errors and --resume ${detail.id}\n`,
    );
    return null;
  }
}

function errorsLines(asked: ImportAsked, { rows }: ImportDetail, { path, masked }: ErrorsFile): readonly string[] {
  const refused = `${rows.failed} ${rows.failed === 1 ? 'row was' : 'rows were'} refused: ${path} holds them`;
  if (masked) return [`${refused}, masked: it cannot be corrected. A key with pii:read gets them in full.`];
  const words = ['clew', 'import', path, ...asked.again].map(shellWord);
  return [`${refused}, with the reasons. Correct them there, then: ${words.join(' ')}`];
}

function shellWord(word: string): string {
  return /^[\p{L}\p{N}./:@%+=,_-]+$/u.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
