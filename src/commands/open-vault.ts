import type { Config } from '../config.ts';
import type { AtRest, Vault } from '../domain/vault.ts';
import { createSealer, readSecretKey, type Sealer, VaultError } from '../sealer.ts';
import type { Db } from '../store/database.ts';
import { fixDeployment, readDeployment, replaceDeployment } from '../store/deployment.ts';
import { createVault } from '../vault.ts';
import { CommandError, type Io } from './command.ts';
import { generatedKey } from './generated-key.ts';

/** Builds the vault from the configured keys and what the deployment fixed at its first start, which this may be. */
export async function openVault(db: Db, config: Config, io: Pick<Io, 'chance'>): Promise<Vault> {
  const current = readSecretKey(await secretKey(config, io));
  const sealer = createSealer(current, config.previousSecretKeys.map(readSecretKey), io.chance(12));
  const identityKey = await openIdentityKey(db, sealer, io);
  return createVault(sealer, identityKey, await fixAtRest(db, config.atRest));
}

async function secretKey(config: Config, io: Pick<Io, 'chance'>): Promise<string> {
  if (config.secretKey !== null) return config.secretKey;
  const make = () => Buffer.from(io.chance(32)).toString('base64');
  const { text, path } = await generatedKey(config.dataDir, 'secret.key', make);
  if (readSecretKey(text).length === 32) return text;
  throw new CommandError(1, `${path} does not hold a key of 32 bytes: put the right file back`);
}

/** The key that identities are hashed with: made at the first start, it never changes, or nobody would be recognised. */
async function openIdentityKey(db: Db, sealer: Sealer, io: Pick<Io, 'chance'>): Promise<Buffer> {
  const present = await readDeployment(db, 'identity_key');
  const stored = present ?? (await fixDeployment(db, 'identity_key', sealer.seal(io.chance(32)).toString('base64')));
  const sealed = Buffer.from(stored, 'base64');
  const key = open(sealer, sealed);
  if (!sealer.isCurrent(sealed)) {
    await replaceDeployment(db, 'identity_key', stored, sealer.seal(key).toString('base64'));
  }
  return key;
}

function open(sealer: Sealer, sealed: Buffer): Buffer {
  try {
    return sealer.open(sealed);
  } catch (error) {
    if (!(error instanceof VaultError) || error.code !== 'sealed_key_unknown') throw error;
    throw new CommandError(
      2,
      'this database was set up with another secret key: set CLEW_SECRET_KEY to that key, or name it in CLEW_SECRET_KEY_PREVIOUS if it was replaced',
      { cause: error },
    );
  }
}

async function fixAtRest(db: Db, wanted: AtRest | null): Promise<AtRest> {
  const fixed = (await fixDeployment(db, 'at_rest', wanted ?? 'raw')) as AtRest;
  if (wanted === null || wanted === fixed) return fixed;
  throw new CommandError(
    2,
    `CLEW_AT_REST is ${wanted}, but this database was set up with ${fixed}, and what it already holds could not be found otherwise: remove the setting or set it to ${fixed}`,
  );
}
