import { formatInstant, parseInstant } from '../domain/instant.ts';
import { type ApiKey, KEY_SCOPES } from '../domain/key.ts';
import { createKey, revokeKey } from '../flows/keys.ts';
import { keyAnswer } from '../http/views/key.ts';
import { listKeys } from '../store/keys.ts';
import { answer, type Command, CommandError, type Given, idOf, JSON_FLAG, listOf, textOf, wholeOf } from './command.ts';
import { columns } from './help.ts';
import { withDatabase } from './with-database.ts';

const create: Command = {
  name: 'keys create',
  summary: 'Make an API key and print its secret, which is shown this once.',
  positionals: [],
  flags: {
    name: { value: 'NAME', description: 'What the key is called in lists and in the audit.' },
    scopes: { value: 'SCOPES', multiple: true, description: `Some of ${KEY_SCOPES.join(', ')}, with commas between.` },
    source: {
      value: 'ID',
      description: 'The source that its submissions come by; else one is made with the name of the key.',
    },
    stores: { value: 'CODES', multiple: true, description: 'Only leads of these stores, with commas between.' },
    adviser: { value: 'CODE', description: 'The adviser that the key acts as.' },
    'rate-limit': { value: 'N', description: 'Most requests a minute.' },
    expires: { value: 'TIME', description: 'When it stops working, such as 2027-01-01T00:00:00+08:00.' },
    ...JSON_FLAG,
  },
  run: (given, io) =>
    withDatabase(io, async ({ database, act }) => {
      const [stores, source] = [listOf(given, 'stores'), textOf(given, 'source')];
      const { key, secret } = await createKey(database.db, act, {
        name: required(given, 'name'),
        scopes: listOf(given, 'scopes'),
        sourceId: source === undefined ? null : idOf(source),
        stores: stores.length === 0 ? null : stores,
        adviser: textOf(given, 'adviser') ?? null,
        rateLimit: wholeOf(given, 'rate-limit') ?? null,
        expiresAt: expiryOf(given),
      });
      return answer(given, io, { ...keyAnswer(key), secret }, [
        `made key ${key.name} (${key.id}) with ${key.scopes.join(', ')}; its secret is not shown again:`,
        secret,
      ]);
    }),
};

const list: Command = {
  name: 'keys list',
  summary: 'List all API keys, newest first.',
  positionals: [],
  flags: JSON_FLAG,
  run: (given, io) =>
    withDatabase(io, async ({ database, act }) => {
      const keys = await listKeys(database.db);
      const rows = keys.map(
        (key) => [key.id, `${key.prefix}…  ${key.name}  ${key.scopes.join(',')}${ending(key, act.at)}`] as const,
      );
      return answer(given, io, keys.map(keyAnswer), rows.length === 0 ? ['no keys'] : [columns(rows)]);
    }),
};

const revoke: Command = {
  name: 'keys revoke',
  summary: 'Revoke an API key; it stops working within CLEW_KEY_CACHE_SECONDS.',
  positionals: ['ID'],
  flags: JSON_FLAG,
  run: (given, io) =>
    withDatabase(io, async ({ database, act }) => {
      const key = await revokeKey(database.db, act, idOf(given.positionals[0]));
      return answer(given, io, keyAnswer(key), [`key ${key.name} (${key.id}) is revoked`]);
    }),
};

export const keyCommands: readonly Command[] = [create, list, revoke];

/** A flag without which a command can do nothing. */
export function required(given: Given, flag: string): string {
  const text = textOf(given, flag);
  if (text === undefined || text === '') throw new CommandError(2, `--${flag} is needed`);
  return text;
}

function expiryOf(given: Given): number | null {
  const text = textOf(given, 'expires');
  if (text === undefined) return null;
  const at = parseInstant(text);
  if (at === null) throw new CommandError(2, `--expires must be a time such as 2027-01-01T00:00:00+08:00, not ${text}`);
  return at;
}

function ending(key: ApiKey, now: number): string {
  if (key.revokedAt !== null) return `  revoked ${formatInstant(key.revokedAt)}`;
  if (key.expiresAt === null) return '';
  return `  ${key.expiresAt <= now ? 'expired' : 'expires'} ${formatInstant(key.expiresAt)}`;
}
