import type { Channel } from '../channels/channel.ts';
import { Fault } from '../domain/fault.ts';
import type { Instant } from '../domain/instant.ts';
import type { SourceSecret } from '../domain/source.ts';
import type { Vault } from '../domain/vault.ts';
import type { Act } from './act.ts';
import { openJson, sealJson } from './sealed-json.ts';

/** What a platform needs beside the secret, by name. */
export type Credentials = Readonly<Record<string, string>>;

/** The secrets of a source, newest first; none where it has none. */
export function openSecrets(vault: Vault, sealed: string | null): readonly SourceSecret[] {
  return sealed === null ? [] : (openJson(vault, sealed) as SourceSecret[]);
}

/** The secrets of a source that is to get a new one: what can no longer be opened is replaced by it. */
export function openToReplace(vault: Vault, sealed: string | null): readonly SourceSecret[] {
  try {
    return openSecrets(vault, sealed);
  } catch {
    return [];
  }
}

/** Secrets of a source as they are stored; null where there are none. */
export function sealSecrets(vault: Vault, secrets: readonly SourceSecret[]): string | null {
  return secrets.length === 0 ? null : sealJson(vault, secrets);
}

/** The secrets that may be used at a moment, newest first; an empty one is none. */
export function usableSecrets(secrets: readonly SourceSecret[], at: Instant): readonly string[] {
  return secrets
    .filter(({ secret, expires_at }) => secret !== '' && (expires_at === null || expires_at > at))
    .map(({ secret }) => secret);
}

/** A secret that was given, or one that is made; throws `body_invalid`. */
export function newSecret(act: Act, channel: Channel | null, given: string | undefined): SourceSecret {
  const isWhsec = channel?.secretForm === 'whsec';
  if (given !== undefined && (given.length < 8 || given.length > 1000)) {
    throw new Fault('body_invalid', 'secret', 'secret must have 8 to 1000 characters');
  }
  if (given !== undefined && isWhsec && !WHSEC.test(given)) {
    throw new Fault(
      'body_invalid',
      'secret',
      'secret must be whsec_ and base64: nothing could be checked with another',
    );
  }
  const bytes = given === undefined ? Buffer.from(act.chance(32)) : null;
  const made = isWhsec ? `whsec_${bytes?.toString('base64')}` : bytes?.toString('base64url');
  return { id: act.newId(), secret: given ?? made ?? '', expires_at: null };
}

const WHSEC = /^(whsec_)?[A-Za-z0-9+/]+={0,2}$/;

/** The credentials of a source in clear. */
export function openCredentials(vault: Vault, sealed: string | null): Credentials {
  return sealed === null ? {} : (openJson(vault, sealed) as Record<string, string>);
}

/** Credentials as they are stored; null where there are none. */
export function sealCredentials(vault: Vault, credentials: Credentials): string | null {
  return Object.keys(credentials).length === 0 ? null : sealJson(vault, credentials);
}

/** Credentials with changes, null taking one away; throws `body_invalid` for a name that the kind does not have, or a lack. */
export function changeCredentials(
  channel: Channel | null,
  present: Credentials,
  changes: Readonly<Record<string, string | null>>,
): Credentials {
  const known = channel?.credentials ?? {};
  const next: Record<string, string> = { ...present };
  for (const [name, value] of Object.entries(changes)) {
    if (!knows(known, name)) {
      const names = Object.keys(known).join(', ') || 'none';
      throw new Fault('body_invalid', `credentials.${name}`, `a source of this kind has these credentials: ${names}`);
    }
    if (value === null) delete next[name];
    else if (value.trim() === '' || value.length > 4000) {
      throw new Fault('body_invalid', `credentials.${name}`, 'it must have 1 to 4000 characters');
    } else next[name] = value;
  }
  for (const [name, { required, description }] of Object.entries(known)) {
    if (required && next[name] === undefined) {
      throw new Fault('body_invalid', `credentials.${name}`, `it is required: ${description}`);
    }
  }
  return next;
}

/** A credential may be asked for as a family: `client_secret:*` stands for client_secret:123. */
function knows(known: Channel['credentials'], name: string): boolean {
  if (Object.hasOwn(known, name)) return true;
  const colon = name.indexOf(':');
  return colon > 0 && Object.hasOwn(known, `${name.slice(0, colon)}:*`);
}
