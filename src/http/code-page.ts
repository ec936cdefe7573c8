import type { CodePage } from '../store/directory-rows.ts';
import { pageOf, readCursor } from './cursor.ts';

/** A question for a page of a list by code. */
export interface CodeQuestion {
  readonly list: string;
  readonly limit?: number;
  readonly cursor?: string;
}

/** A page of a list that is ordered by code, of what `read` finds; throws `cursor_invalid`. */
export async function codePage<T extends { readonly code: string }, A>(
  asked: CodeQuestion,
  read: (page: CodePage) => Promise<readonly T[]>,
  answer: (row: T) => A,
): Promise<{ readonly items: A[]; readonly next_cursor: string | null }> {
  const { limit = 50, cursor, ...question } = asked;
  const after = readCursor(question, cursor, 0, (code) => code.length >= 1 && code.length <= 64)?.id ?? null;
  const rows = await read({ after, limit: limit + 1 });
  const { items, next } = pageOf(question, rows, limit, ({ code }) => ({ keys: [], id: code }));
  return { items: items.map(answer), next_cursor: next };
}
