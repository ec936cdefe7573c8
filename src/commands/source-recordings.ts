import { setTimeout as sleep } from 'node:timers/promises';
import type { Sight } from '../domain/sight.ts';
import type { Vault } from '../domain/vault.ts';
import { forgetRecordingsIn, MOST_RECORDED, startRecordingIn } from '../flows/source-recordings.ts';
import { recordingItem } from '../http/views/recording.ts';
import type { Db } from '../store/database.ts';
import { listRecordedPushes, type RecordedPush, remainingOf } from '../store/recordings.ts';
import { answer, type Command, type Given, type Io, JSON_FLAG, wholeOf } from './command.ts';
import { openVault } from './open-vault.ts';
import { sourceOf } from './source-input.ts';
import { type Session, withDatabase } from './with-database.ts';

const COUNT = 20;
const POLL_MS = 500;
const DRAIN_MS = 5_000; // between Ctrl-C and the end at the latest
const MASKED: Sight = { kind: 'masked', why: 'scope_missing' };

const capture: Command = {
  name: 'sources capture',
  summary: 'Keep the next pushes of a source whole, those that are refused too.',
  positionals: ['SOURCE'],
  flags: {
    count: { value: 'N', description: `How many of the next pushes [${COUNT}].` },
    wait: { description: 'Print each as it comes, until all have come or Ctrl-C, which ends the recording.' },
    ...JSON_FLAG,
  },
  details: () =>
    'Secrets are cut and phones masked. Running processes record within CLEW_KEY_CACHE_SECONDS; what was recorded is kept for 7 days.\n',
  run: (given, io) =>
    withDatabase(io, async (session) => {
      const { database, act, config } = session;
      const count = wholeOf(given, 'count') ?? COUNT;
      const { id, name } = await sourceOf(database.db, given.positionals[0]);
      const vault = await openVault(database.db, config, io);
      const before = await listRecordedPushes(database.db, vault, id, MOST_RECORDED);
      await database.db.transaction().execute((tx) => startRecordingIn(tx, act, id, count));
      const said = `the next ${count} pushes of ${name} are recorded`;
      if (given.flags['wait'] !== true) return answer(given, io, { source_id: id, count }, [said]);
      io.stderr(`${said}; Ctrl-C ends it\n`);
      await follow(session, given, io, { vault, sourceId: id, seen: new Set(before.map((push) => push.id)) });
      return 0;
    }),
};

const recordings: Command = {
  name: 'sources recordings',
  summary: 'Print the pushes of a source that were recorded, oldest first.',
  positionals: ['SOURCE'],
  flags: {
    limit: { value: 'N', description: `At most so many, the newest [${COUNT}].` },
    forget: { description: 'Forget them instead, and record no more.' },
    ...JSON_FLAG,
  },
  run: (given, io) =>
    withDatabase(io, async ({ database: { db }, act, config }) => {
      const { id, name } = await sourceOf(db, given.positionals[0]);
      if (given.flags['forget'] === true) {
        const forgotten = await db.transaction().execute((tx) => forgetRecordingsIn(tx, act, id));
        return answer(given, io, { forgotten }, [`${forgotten} recorded pushes of ${name} are forgotten`]);
      }
      const vault = await openVault(db, config, io);
      const pushes = await listRecordedPushes(db, vault, id, wholeOf(given, 'limit') ?? COUNT);
      if (pushes.length === 0) return answer(given, io, [], ['nothing is recorded']);
      const oldestFirst = [...pushes].reverse();
      const items = oldestFirst.map((push) => recordingItem(push, MASKED));
      return answer(given, io, items, oldestFirst.map(linesOf));
    }),
};

export const sourceRecordingCommands: readonly Command[] = [capture, recordings];

/** Prints what is recorded as it comes, until nothing more is to come or the process is told to stop. */
async function follow(
  { database: { db }, act }: Session,
  given: Given,
  io: Io,
  { vault, sourceId, seen }: { readonly vault: Vault; readonly sourceId: string; readonly seen: Set<string> },
): Promise<void> {
  const told = new AbortController();
  let over: () => void = () => undefined;
  const released = new Promise<void>((resolve) => {
    over = resolve;
  });
  const stopping = io.onStop(DRAIN_MS, () => {
    told.abort();
    return released;
  });
  try {
    await printComing(db, vault, { sourceId, seen, signal: told.signal }, (push) => {
      io.stdout(
        given.flags['json'] === true ? `${JSON.stringify(recordingItem(push, MASKED))}\n` : `${linesOf(push)}\n`,
      );
    });
    if (told.signal.aborted) await db.transaction().execute((tx) => startRecordingIn(tx, act, sourceId, 0));
  } finally {
    stopping.release();
    over();
  }
}

async function printComing(
  db: Db,
  vault: Vault,
  { sourceId, seen, signal }: { readonly sourceId: string; readonly seen: Set<string>; readonly signal: AbortSignal },
  print: (push: RecordedPush) => void,
): Promise<void> {
  for (;;) {
    const left = await remainingOf(db, sourceId); // before the look: what made it none is seen by it
    const found = await listRecordedPushes(db, vault, sourceId, MOST_RECORDED);
    for (const push of [...found].reverse()) {
      if (seen.has(push.id)) continue;
      seen.add(push.id);
      print(push);
    }
    if (left <= 0 || signal.aborted) return;
    await sleep(POLL_MS, undefined, { signal }).catch(() => undefined);
  }
}

/** A recorded push as plain lines, without its secrets and phones. */
function linesOf(push: RecordedPush): string {
  const { received_at, verdict, method, path, query, headers, body, body_bytes } = recordingItem(push, MASKED);
  return [
    `${received_at}  ${verdict}  ${push.id}`,
    `${method} ${path}${query === '' ? '' : `?${query}`}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    '',
    body ?? `(${body_bytes} bytes that are no text)`,
    '',
  ].join('\n');
}
