import { setTimeout as wait } from 'node:timers/promises';
import type { ImportAnswer, ImportDetail } from '../http/schemas/import.ts';
import { answer, CommandError, type Exit, type Given, type Io } from './command.ts';
import type { ImportAsked, LocalFile, RemoteService } from './import-asked.ts';
import { endImport } from './import-end.ts';
import { hasEnded } from './import-ended.ts';
import { type ProgressLine, progressLine } from './import-progress.ts';
import { ServiceAway, type ServiceClient, serviceClient } from './import-service.ts';
import { interruptible } from './interruptible.ts';

const STOP_MS = 10_000;
const LOOK_MS = 1_000;
const AWAY_MOST = 60; // looks in a row: a service that starts anew is back within a minute
const REASON = { 'access-reason': 'import errors for correction' };

/** Imports a file by a running service: its workers read it. */
export async function importRemotely(given: Given, io: Io, asked: ImportAsked, service: RemoteService): Promise<Exit> {
  const client = serviceClient(service, Buffer.from(io.chance(16)).toString('hex'));
  const progress = progressLine(io);
  try {
    return await interruptible(io, STOP_MS, async (stopped) => {
      const id = asked.resume ?? (await upload(io, client, progress, asked, stopped));
      if (id === null) return 2;
      const address = `${service.url}/v1/imports/${id}`;
      const again = `clew import --resume ${id} --url ${service.url}`;
      if (!asked.watch) {
        const json = await client.get<ImportDetail>(`/v1/imports/${id}`);
        return answer(given, io, json, [`import ${id} is there: ${address}`, `watch it: ${again}`]);
      }
      const detail = await watch(client, progress, id, stopped);
      if (detail !== null) return end(given, io, asked, client, detail);
      io.stderr(`clew: no longer watching; the import goes on: ${address}\nwatch it again: ${again}\n`);
      return 1;
    });
  } finally {
    await client.close();
  }
}

/** Sends the file and answers the id of its import; null: it was told to stop before the file was there. */
async function upload(
  io: Io,
  client: ServiceClient,
  progress: ProgressLine,
  { file, query, map }: ImportAsked,
  stopped: AbortSignal,
): Promise<string | null> {
  const sent = file as LocalFile; // there is one wherever nothing is resumed
  const search = new URLSearchParams(
    Object.entries(query).map(([name, value]) => [name, String(value)] as [string, string]),
  );
  const fields: Readonly<Record<string, string>> = map === null ? {} : { field_map: JSON.stringify(map) };
  try {
    const told = { file: sent, fields, stopped, sent: (bytes: number) => progress.upload(bytes, sent.bytes) };
    return (await client.upload<ImportAnswer>(`/v1/imports?${search}`, told)).id;
  } catch (error) {
    if (!stopped.aborted) throw await withNames(client, error, query.source);
    io.stderr('clew: stopped while the file was on its way: nothing was imported\n');
    return null;
  } finally {
    progress.end();
  }
}

/** Names the sources that there are where the one that was named is none, and the key may see them. */
async function withNames(client: ServiceClient, error: unknown, source: string | undefined): Promise<unknown> {
  if (source === undefined || !(error instanceof CommandError) || !/source is no id or name/.test(error.message))
    return error;
  const page = await client
    .get<{ readonly items: readonly { readonly name: string }[] }>('/v1/sources')
    .catch(() => null);
  if (page === null) return error;
  const names = page.items.map(({ name }) => name).join(', ');
  return new CommandError(2, `there is no source ${source}; there are: ${names}`, { cause: error });
}

/** Follows an import to its end; null: it was told to stop. */
async function watch(
  client: ServiceClient,
  progress: ProgressLine,
  id: string,
  stopped: AbortSignal,
): Promise<ImportDetail | null> {
  let away = 0;
  try {
    while (!stopped.aborted) {
      try {
        const detail = await client.get<ImportDetail>(`/v1/imports/${id}`);
        away = 0;
        progress.rows(detail);
        if (hasEnded(detail.state)) return detail;
      } catch (error) {
        away += 1;
        if (!(error instanceof ServiceAway)) throw error;
        if (away > AWAY_MOST) {
          throw new CommandError(1, `${error.message}; the import goes on there: watch it again with --resume ${id}`, {
            cause: error,
          });
        }
      }
      await wait(LOOK_MS, undefined, { signal: stopped }).catch(() => undefined);
    }
    return null;
  } finally {
    progress.end();
  }
}

function end(given: Given, io: Io, asked: ImportAsked, client: ServiceClient, detail: ImportDetail): Promise<Exit> {
  const path = `/v1/imports/${detail.id}`;
  const encoding = detail.reading?.encoding === 'gb18030' ? 'gb18030' : 'utf-8-bom'; // what their spreadsheet wrote it reads
  return endImport(given, io, asked, {
    detail,
    errors: async () => {
      const { masked } = await client.get<ImportDetail>(path, REASON);
      return { masked: masked !== null, bytes: await client.stream(`${path}/errors.csv?encoding=${encoding}`, REASON) };
    },
  });
}
