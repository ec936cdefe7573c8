import { type IngestConnection, openIngestConnection } from '../store/session.ts';
import { createDirectoryBook } from './directory-book.ts';
import type { Lane } from './ingest-resiliently.ts';

/** Lanes over connections of their own, each opened at first use and again after it broke; `close` ends them all. */
export function createLanes(
  url: string,
  count: number,
  commits: 'durable' | 'relaxed' = 'durable',
): { readonly lanes: readonly Lane[]; readonly close: () => Promise<void> } {
  const open: (Promise<IngestConnection> | null)[] = Array.from({ length: count }, () => null);
  const directory = createDirectoryBook();
  const lanes = open.map((_, index) => ({
    directory,
    connection: async (): Promise<IngestConnection> => {
      const current = open[index] ?? null;
      if (current !== null) {
        const connection = await current.catch(() => null);
        if (connection?.usable()) return connection;
      }
      const fresh = openIngestConnection(url, commits);
      open[index] = fresh;
      return fresh;
    },
  }));
  const close = async (): Promise<void> => {
    await Promise.all(
      open.map(async (connection) => {
        const opened = await connection?.catch(() => null);
        await opened?.end().catch(() => {}); // already gone is as good as ended
      }),
    );
  };
  return { lanes, close };
}
