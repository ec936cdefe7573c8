import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import { ensureAdminKey } from '../flows/keys.ts';
import { newId } from '../flows/new-id.ts';
import type { Db } from '../store/database.ts';
import { CommandError, type Io } from './command.ts';
import { generatedKey } from './generated-key.ts';

/** Sees to the admin key, and answers it where this service made it (with its own PostgreSQL only), to be shown. */
export async function openAdminKey(
  db: Db,
  config: Config,
  io: Pick<Io, 'chance' | 'now'>,
  log: Logger,
): Promise<string | null> {
  const own = config.adminKey === null && config.databaseUrl === null;
  const secret = own ? await ownKey(config, io) : config.adminKey;
  if (secret === null) return null;
  const at = io.now();
  const act = { actor: 'config', at, requestId: null, newId: () => newId(at, io.chance), chance: io.chance };
  const state = await ensureAdminKey(db, act, secret);
  if (state === 'revoked')
    log.warn('the configured admin key was revoked: set another, or make a key with clew keys create');
  return own ? secret : null;
}

async function ownKey(config: Config, io: Pick<Io, 'chance'>): Promise<string> {
  const make = () => `clew_${Buffer.from(io.chance(32)).toString('base64url')}`;
  const { text, path } = await generatedKey(config.dataDir, 'admin.key', make);
  if (/^clew_[A-Za-z0-9_-]{43}$/.test(text)) return text;
  throw new CommandError(
    1,
    `${path} does not hold an API key: put the right file back, or remove it to have another made`,
  );
}
