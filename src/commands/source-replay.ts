import { pino } from 'pino';
import { Registry } from 'prom-client';
import { parseInstant } from '../domain/instant.ts';
import { createIntake } from '../flows/intake.ts';
import { REPLAYED_FROM, type Replay, type ReplayDeps, replayPushes } from '../flows/replay-pushes.ts';
import { createSeedSource } from '../flows/seed.ts';
import { leadCorrector } from '../http/correct-lead.ts';
import { LeadBody } from '../http/schemas/lead.ts';
import type { ReplayAnswer } from '../http/schemas/source-replay.ts';
import { createValidators } from '../http/validators.ts';
import { replayAnswer } from '../http/views/replay.ts';
import { createMapper } from '../webhooks/mapping.ts';
import {
  answer,
  type Command,
  CommandError,
  type Given,
  type Io,
  JSON_FLAG,
  listOf,
  textOf,
  wholeOf,
} from './command.ts';
import { openCapture } from './open-capture.ts';
import { wakeOthers } from './open-deliveries.ts';
import { openVault } from './open-vault.ts';
import { createReleases, type Releases } from './releases.ts';
import { sourceOf } from './source-input.ts';
import { type Session, withDatabase } from './with-database.ts';

const LIMIT = 100;

const replay: Command = {
  name: 'sources replay',
  summary: 'Read stored pushes of a source again by its map as it is now.',
  positionals: ['SOURCE'],
  flags: {
    from: { value: 'WHERE', description: `One of ${REPLAYED_FROM.join(', ')} [quarantine].` },
    since: { value: 'TIME', description: 'Only those received since, such as 2026-06-01T00:00:00+08:00.' },
    id: { value: 'IDS', multiple: true, description: 'Only these recordings or entries, with commas between.' },
    limit: { value: 'N', description: `At most so many [${LIMIT}].` },
    'dry-run': { description: 'Tell what would come of it, and write nothing.' },
    ...JSON_FLAG,
  },
  details: () =>
    [
      'recordings: taken in without asking for their signature again; whoever replays them vouches for them.',
      'quarantine: open entries that another map, a resumed source or a repaired database may mend.',
      'kept: what was taken already is only compared, field by field; it needs --dry-run.',
      '',
    ].join('\n'),
  run: (given, io) =>
    withDatabase(io, async (session) => {
      const { id, name } = await sourceOf(session.database.db, given.positionals[0]);
      const asked = askedOf(given, id);
      const releases = createReleases(pino({ level: 'silent' }));
      try {
        const parts = await open(session, io, releases);
        const done = await session.database.db
          .transaction()
          .execute((tx) => replayPushes({ ...parts, db: tx }, session.act, asked));
        const told = replayAnswer(asked, done, { kind: 'masked', why: 'scope_missing' });
        return answer(given, io, told, linesOf(name, told));
      } finally {
        await releases.all();
      }
    }),
};

export const sourceReplayCommands: readonly Command[] = [replay];

async function open({ config, database }: Session, io: Io, releases: Releases): Promise<Omit<ReplayDeps, 'db'>> {
  const log = pino({ level: 'silent' });
  const vault = await openVault(database.db, config, io);
  const seeds = createSeedSource();
  const { wake } = wakeOthers(database, log, releases);
  const around = { io, log, releases, running: 'share', draining: () => false, fail: () => undefined } as const;
  const parts = { database, vault, seeds, registry: new Registry(), wake };
  const capture = openCapture({ ...config, ingestConnections: 1 }, parts, around);
  const mapper = createMapper();
  releases.add('field maps', mapper.close);
  const intake = createIntake({
    db: database.db,
    vault,
    capture,
    seeds,
    mapper,
    clock: io.now,
    sourceSeconds: config.keyCacheSeconds,
    failed: (_what, error) => io.stderr(`clew: ${error instanceof Error ? error.message : String(error)}\n`),
  });
  const correct = leadCorrector(config, createValidators().body(LeadBody), intake.evaluate);
  return { ...intake, vault, correct, region: config.defaultRegion };
}

function askedOf(given: Given, sourceId: string): Replay {
  const named = textOf(given, 'from') ?? 'quarantine';
  const from = REPLAYED_FROM.find((one) => one === named);
  if (from === undefined) throw new CommandError(2, `--from must be one of ${REPLAYED_FROM.join(', ')}`);
  const text = textOf(given, 'since');
  const since = text === undefined ? null : parseInstant(text);
  if (text !== undefined && since === null) {
    throw new CommandError(2, `--since must be a time such as 2026-06-01T00:00:00+08:00, not ${JSON.stringify(text)}`);
  }
  const ids = listOf(given, 'id').map((id) => id.toLowerCase());
  const mode = given.flags['dry-run'] === true ? 'dry_run' : 'real';
  return { sourceId, from, mode, since, ids: ids.length === 0 ? null : ids, limit: wholeOf(given, 'limit') ?? LIMIT };
}

function linesOf(name: string, told: ReplayAnswer): readonly string[] {
  const counts = Object.entries(told.results).map(([result, times]) => `${times} ${result}`);
  const verb = told.dry_run ? 'would be read' : 'were read';
  return [
    `${told.count} of ${told.from} of ${name} ${verb} again${counts.length === 0 ? '' : `: ${counts.join(', ')}`}`,
    ...told.items.flatMap(({ id, results, code, changes = [] }) => [
      `  ${id}  ${results.join(', ')}${code === null ? '' : ` (${code})`}`,
      ...changes.map(({ path, before, after }) => `    ${path}: ${JSON.stringify(before)} → ${JSON.stringify(after)}`),
    ]),
    ...(told.more ? ['there are more: run it again with --since or a larger --limit'] : []),
  ];
}
