import { readFile, stat } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { EmbeddedError, OTHER_POSTGRES } from './embedded-error.ts';

/** The user that PostgreSQL runs as when the service is root, which PostgreSQL refuses to be. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

// initdb looks its user's name up and fails without one, so the user has to be in the list; nobody is in every image.
const NAMES = ['postgres', '_postgres', 'nobody'];

/** The account for the cluster in this folder, or undefined when the service's own user is good enough. */
export async function serverAccount(cluster: string): Promise<Account | undefined> {
  if (!isRoot()) return undefined;
  // A cluster that an ordinary user made stays that user's, so that both can start it in turn.
  const owner = await stat(cluster).catch(() => undefined);
  if (owner !== undefined && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  const account = pick(await readFile('/etc/passwd', 'utf8').catch(() => ''));
  if (account !== undefined) return account;
  throw new EmbeddedError(
    'embedded_unavailable',
    `PostgreSQL does not run as root, and there is no user named ${NAMES.join(' or ')} to run it as. ${OTHER_POSTGRES}`,
  );
}

function pick(passwd: string): Account | undefined {
  const users = passwd.split('\n').map((line) => line.split(':'));
  for (const name of NAMES) {
    const user = users.find((fields) => fields[0] === name);
    const [uid, gid] = [Number(user?.[2]), Number(user?.[3])];
    if (uid > 0 && gid > 0) return { uid, gid };
  }
  return undefined;
}

function isRoot(): boolean {
  try {
    return userInfo().uid === 0;
  } catch {
    // A user without a name, as containers have them, makes userInfo throw; root always has one.
    return false;
  }
}
