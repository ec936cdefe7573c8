import { SOURCE_KINDS, type Source } from '../domain/source.ts';
import {
  createSource,
  pauseSource,
  ROTATION_OVERLAP_SECONDS,
  resumeSource,
  rotateSourceSecret,
} from '../flows/sources.ts';
import { sourceAnswer } from '../http/views/source.ts';
import { listSources } from '../store/sources.ts';
import { answer, type Command, type Given, idOf, JSON_FLAG, textOf, wholeOf } from './command.ts';
import { columns } from './help.ts';
import { required } from './keys.ts';
import { openVault } from './open-vault.ts';
import { withDatabase } from './with-database.ts';

const create: Command = {
  name: 'sources create',
  summary: 'Make a source and print its secret, which is shown this once.',
  positionals: [],
  flags: {
    name: { value: 'NAME', description: 'What the source is called.' },
    kind: { value: 'KIND', description: `One of ${Object.keys(SOURCE_KINDS).join(', ')}.` },
    channel: { value: 'CODE', description: 'The channel of submissions that name none.' },
    store: { value: 'CODE', description: 'The store of submissions that name none.' },
    'completes-later': { description: 'Keep submissions without identity until it arrives.' },
    'update-semantics': { description: 'Take one external id sent again with other content as an update.' },
    ...JSON_FLAG,
  },
  run: (given, io) =>
    withDatabase(io, async ({ config, database, act }) => {
      const vault = await openVault(database.db, config, io);
      const store = textOf(given, 'store');
      const { source, secret } = await createSource(database.db, vault, act, {
        name: required(given, 'name'),
        kind: required(given, 'kind'),
        channel: textOf(given, 'channel') ?? null,
        defaults: store === undefined ? {} : { store },
        settings: settingsOf(given),
      });
      return answer(given, io, { ...sourceAnswer(source), secret }, [
        `made source ${source.name} (${source.id}); its secret is not shown again:`,
        secret,
      ]);
    }),
};

const list: Command = {
  name: 'sources list',
  summary: 'List all sources by name.',
  positionals: [],
  flags: JSON_FLAG,
  run: (given, io) =>
    withDatabase(io, async ({ database }) => {
      const sources = await listSources(database.db);
      const rows = sources.map((source) => [source.id, `${source.kind}  ${source.state}  ${source.name}`] as const);
      return answer(given, io, sources.map(sourceAnswer), rows.length === 0 ? ['no sources'] : [columns(rows)]);
    }),
};

const pause: Command = {
  name: 'sources pause',
  summary: 'Stop a source: what comes by it is refused.',
  positionals: ['ID'],
  flags: JSON_FLAG,
  run: (given, io) =>
    withDatabase(io, async ({ database, act }) => {
      const source = await pauseSource(database.db, act, idOf(given.positionals[0]));
      return answer(given, io, sourceAnswer(source), [`source ${source.name} is paused`]);
    }),
};

const resume: Command = {
  name: 'sources resume',
  summary: 'Let a paused source go on.',
  positionals: ['ID'],
  flags: JSON_FLAG,
  run: (given, io) =>
    withDatabase(io, async ({ database, act }) => {
      const source = await resumeSource(database.db, act, idOf(given.positionals[0]));
      return answer(given, io, sourceAnswer(source), [`source ${source.name} is active`]);
    }),
};

const rotate: Command = {
  name: 'sources rotate',
  summary: 'Give a source a new secret; the one before works on for a while.',
  positionals: ['ID'],
  flags: {
    overlap: { value: 'SECONDS', description: `How long the former secret still works [${ROTATION_OVERLAP_SECONDS}].` },
    ...JSON_FLAG,
  },
  run: (given, io) =>
    withDatabase(io, async ({ config, database, act }) => {
      const vault = await openVault(database.db, config, io);
      const overlap = wholeOf(given, 'overlap') ?? ROTATION_OVERLAP_SECONDS;
      const rotated = await rotateSourceSecret(database.db, vault, act, idOf(given.positionals[0]), { overlap });
      const { source, secret } = rotated;
      return answer(given, io, { ...sourceAnswer(source), secret }, [
        `source ${source.name} has a new secret, which is not shown again:`,
        secret,
      ]);
    }),
};

export const sourceCommands: readonly Command[] = [create, list, pause, resume, rotate];

function settingsOf(given: Given): Source['settings'] {
  return {
    ...(given.flags['completes-later'] === true ? { completes_later: true } : {}),
    ...(given.flags['update-semantics'] === true ? { update_semantics: true } : {}),
  };
}
