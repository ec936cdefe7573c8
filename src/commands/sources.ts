import { SOURCE_KINDS } from '../channels/kinds.ts';
import type { Source, SourceSettings } from '../domain/source.ts';
import { ADDRESS_OVERLAP_SECONDS, rotateAddressIn } from '../flows/source-address.ts';
import {
  createSource,
  pauseSource,
  ROTATION_OVERLAP_SECONDS,
  resumeSource,
  rotateSourceSecret,
  updateSource,
} from '../flows/sources.ts';
import { sourceAnswer } from '../http/views/source.ts';
import { listSources } from '../store/sources.ts';
import { answer, type Command, CommandError, type Given, idOf, JSON_FLAG, textOf, wholeOf } from './command.ts';
import { columns } from './help.ts';
import { required } from './keys.ts';
import { openVault } from './open-vault.ts';
import { addressLines, credentialsOf, SETTING_FLAGS, settingsOf, sourceOf } from './source-input.ts';
import { withDatabase } from './with-database.ts';

const create: Command = {
  name: 'sources create',
  summary: 'Make a source and print its secret and address, which are shown this once.',
  positionals: [],
  flags: {
    name: { value: 'NAME', description: 'What the source is called.' },
    kind: { value: 'KIND', description: `One of ${SOURCE_KINDS.join(', ')}.` },
    store: { value: 'CODE', description: 'The store of submissions that name none.' },
    secret: { value: 'SECRET', description: 'The secret where the platform gives it; else one is made.' },
    ...SETTING_FLAGS,
    'completes-later': { description: 'Keep submissions without identity until it arrives.' },
    'update-semantics': { description: 'Take one external id sent again with other content as an update.' },
    ...JSON_FLAG,
  },
  run: (given, io) =>
    withDatabase(io, async ({ config, database, act }) => {
      const vault = await openVault(database.db, config, io);
      const [store, channel, secret] = ['store', 'channel', 'secret'].map((flag) => textOf(given, flag));
      const credentials = credentialsOf(given);
      const made = await createSource(database.db, vault, act, {
        name: required(given, 'name'),
        kind: required(given, 'kind'),
        defaults: store === undefined ? {} : { store },
        settings: { ...(await settingsOf(given)), ...switchesOf(given) },
        ...(channel === undefined ? {} : { channel }),
        ...(secret === undefined ? {} : { secret }),
        ...(credentials === undefined ? {} : { credentials }),
      });
      const { source, address } = made;
      return answer(given, io, { ...sourceAnswer(source), secret: made.secret, address }, [
        `made source ${source.name} (${source.id})`,
        ...(made.secret === null ? [] : ['its secret, which is not shown again:', made.secret]),
        ...addressLines(address, config),
      ]);
    }),
};

const update: Command = {
  name: 'sources update',
  summary: 'Change a source: what is left out stays, and settings are replaced whole.',
  positionals: ['SOURCE'],
  flags: { name: { value: 'NAME', description: 'What the source is called.' }, ...SETTING_FLAGS, ...JSON_FLAG },
  run: (given, io) =>
    withDatabase(io, async ({ config, database, act }) => {
      const vault = await openVault(database.db, config, io);
      const [name, channel] = [textOf(given, 'name'), textOf(given, 'channel')];
      const [settings, credentials] = [await settingsOf(given), credentialsOf(given)];
      const change = {
        ...(name === undefined ? {} : { name }),
        ...(channel === undefined ? {} : { channel }),
        ...(settings === undefined ? {} : { settings }),
        ...(credentials === undefined ? {} : { credentials }),
      };
      if (Object.keys(change).length === 0) throw new CommandError(2, 'say what is to change; see --help');
      const { id, version } = await sourceOf(database.db, given.positionals[0]);
      const source = await updateSource(database.db, vault, act, id, version, change);
      return answer(given, io, sourceAnswer(source), [`source ${source.name} is changed`]);
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

const pause = switching('pause', 'Stop a source: what comes by it is refused or kept.', 'is paused', pauseSource);
const resume = switching('resume', 'Let a paused source go on.', 'is active', resumeSource);

const rotate: Command = {
  name: 'sources rotate',
  summary: 'Give a source a new secret; the one before works on for a while.',
  positionals: ['ID'],
  flags: {
    overlap: { value: 'SECONDS', description: `How long the former secret still works [${ROTATION_OVERLAP_SECONDS}].` },
    secret: { value: 'SECRET', description: 'The new one where the platform gives it; else one is made.' },
    ...JSON_FLAG,
  },
  run: (given, io) =>
    withDatabase(io, async ({ config, database, act }) => {
      const vault = await openVault(database.db, config, io);
      const overlap = wholeOf(given, 'overlap') ?? ROTATION_OVERLAP_SECONDS;
      const named = textOf(given, 'secret');
      const rotation = { overlap, ...(named === undefined ? {} : { secret: named }) };
      const rotated = await rotateSourceSecret(database.db, vault, act, idOf(given.positionals[0]), rotation);
      const { source, secret } = rotated;
      return answer(given, io, { ...sourceAnswer(source), secret }, [
        `source ${source.name} has a new secret, which is not shown again:`,
        secret ?? '',
      ]);
    }),
};

const rotateAddress: Command = {
  name: 'sources rotate-address',
  summary: 'Give a source a new address; the one before works on for a while.',
  positionals: ['SOURCE'],
  flags: {
    overlap: { value: 'SECONDS', description: `How long the former address still works [${ADDRESS_OVERLAP_SECONDS}].` },
    ...JSON_FLAG,
  },
  run: (given, io) =>
    withDatabase(io, async ({ config, database: { db }, act }) => {
      const overlap = wholeOf(given, 'overlap') ?? ADDRESS_OVERLAP_SECONDS;
      const { id } = await sourceOf(db, given.positionals[0]);
      const rotated = await db.transaction().execute((tx) => rotateAddressIn(tx, act, id, overlap));
      const { source, address } = rotated;
      return answer(given, io, { ...sourceAnswer(source), address }, [
        `source ${source.name} has a new address`,
        ...addressLines(address, config),
      ]);
    }),
};

export const sourceCommands: readonly Command[] = [create, update, list, pause, resume, rotate, rotateAddress];

function switching(verb: string, summary: string, said: string, change: typeof pauseSource): Command {
  return {
    name: `sources ${verb}`,
    summary,
    positionals: ['ID'],
    flags: JSON_FLAG,
    run: (given, io) =>
      withDatabase(io, async ({ database, act }) => {
        const source: Source = await change(database.db, act, idOf(given.positionals[0]));
        return answer(given, io, sourceAnswer(source), [`source ${source.name} ${said}`]);
      }),
  };
}

function switchesOf(given: Given): SourceSettings {
  return {
    ...(given.flags['completes-later'] === true ? { completes_later: true } : {}),
    ...(given.flags['update-semantics'] === true ? { update_semantics: true } : {}),
  };
}
