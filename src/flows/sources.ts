import type { Channel } from '../channels/channel.ts';
import { kindOf, SOURCE_KINDS } from '../channels/kinds.ts';
import { Fault } from '../domain/fault.ts';
import type { Instant } from '../domain/instant.ts';
import type { Source, SourceSettings, SourceState } from '../domain/source.ts';
import type { Vault } from '../domain/vault.ts';
import type { Db, Tx } from '../store/database.ts';
import { retryRefusedFetches } from '../store/lead-fetch-list.ts';
import { changeSource, findSource, insertSource, lockSource, type SourceChange } from '../store/sources.ts';
import { type Act, auditAct } from './act.ts';
import { formAddress, giveAddress } from './source-address.ts';
import {
  changeCredentials,
  newSecret,
  openCredentials,
  openToReplace,
  sealCredentials,
  sealSecrets,
} from './source-secrets.ts';
import { checkCaptcha, checkSettings, withDefaults } from './source-settings.ts';

/** What a new source is; `secret` where the platform gives one, else one is made. */
export interface SourceInput {
  readonly name: string;
  readonly kind: string;
  readonly channel?: string | null;
  readonly defaults?: Source['defaults'];
  readonly settings?: SourceSettings;
  readonly secret?: string;
  readonly credentials?: Readonly<Record<string, string>>;
}

/** A source with what was just made or given of it, which is shown this once. */
export interface SourceWithSecret {
  readonly source: Source;
  readonly secret: string | null; // null: its kind checks none, or only one that is given
  readonly address: string | null; // the path of its hook or form; null: it comes by a key
}

const UNIQUE_VIOLATION = '23505'; // the name is the only unique value that can change

/** How long the former secret of a source still works after a rotation, in seconds, unless the caller says otherwise. */
export const ROTATION_OVERLAP_SECONDS = 24 * 60 * 60;

/** Makes a source; throws a Fault (`body_invalid`, `state_conflict` where the name is taken). */
export async function createSource(db: Db, vault: Vault, act: Act, input: SourceInput): Promise<SourceWithSecret> {
  return db.transaction().execute((tx) => createSourceIn(tx, vault, act, input));
}

/** As `createSource`, in a transaction that does more. */
export async function createSourceIn(tx: Tx, vault: Vault, act: Act, input: SourceInput): Promise<SourceWithSecret> {
  const { name, kind } = input;
  checkName(name);
  const known = kindOf(kind);
  if (known === null) throw new Fault('body_invalid', 'kind', `kind must be one of ${SOURCE_KINDS.join(', ')}`);
  const needs = known.channel?.secret ?? 'required';
  if (needs === 'none' && input.secret !== undefined) throw noSecretOf(kind);
  const secret =
    needs === 'required' || input.secret !== undefined ? newSecret(act, known.channel, input.secret) : null;
  const asked = withDefaults(input.settings ?? {}, known.defaults);
  checkSettings(kind, known.channel, asked);
  const credentials = changeCredentials(known.channel, {}, input.credentials ?? {});
  checkCaptcha(asked, credentials);
  const source = await insertSource(tx, {
    id: act.newId(),
    name,
    kind,
    channel: checkChannel(input.channel === undefined ? known.defaults.channel : input.channel),
    defaults: input.defaults ?? {},
    settings: asked,
    secrets: sealSecrets(vault, secret === null ? [] : [secret]),
    credentials: sealCredentials(vault, credentials),
    at: act.at,
  });
  if (source === null) throw nameTaken(name);
  const { channel, defaults, settings } = source;
  const detail = { name, kind, channel, defaults, settings, credentials: Object.keys(credentials) };
  await auditAct(tx, act, 'source.created', { kind: 'source', id: source.id }, detail);
  const address = known.way === 'hook' ? await giveAddress(tx, act, source.id, act.at) : formAddress(source);
  return { source, secret: secret?.secret ?? null, address };
}

/** What of a source its operator changes; credentials one by one, null taking one away. */
export type SourceUpdate = Pick<SourceChange, 'name' | 'channel' | 'defaults' | 'settings'> & {
  readonly credentials?: Readonly<Record<string, string | null>>;
};

/** Changes a source that still has the version that its caller saw; throws `not_found`, `version_conflict`, `state_conflict`. */
export async function updateSource(
  db: Db,
  vault: Vault,
  act: Act,
  id: string,
  version: number,
  change: SourceUpdate,
): Promise<Source> {
  return db.transaction().execute((tx) => updateSourceIn(tx, vault, act, id, version, change));
}

/** As `updateSource`, in a transaction that does more, and that has failed where this throws. */
export async function updateSourceIn(
  tx: Tx,
  vault: Vault,
  act: Act,
  id: string,
  version: number,
  change: SourceUpdate,
): Promise<Source> {
  if (change.name !== undefined) checkName(change.name);
  checkChannel(change.channel ?? null);
  const present = await lockSource(tx, id);
  if (present === null) throw noSource(id);
  if (present.source.version !== version) {
    throw new Fault('version_conflict', null, `the source has version ${present.source.version} now`);
  }
  const known = kindOf(present.source.kind);
  const { credentials: changes, ...plain } = change;
  const settings = change.settings === undefined ? {} : { settings: settled(present.source, change.settings) };
  const asksCaptcha = (change.settings ?? present.source.settings).form?.captcha !== undefined;
  const opened = changes === undefined && !asksCaptcha ? {} : openCredentials(vault, present.credentials);
  requireTokenFor(present.source, known?.channel ?? null, change);
  const next = changes === undefined ? opened : changeCredentials(known?.channel ?? null, opened, changes);
  if (asksCaptcha) checkCaptcha(change.settings ?? present.source.settings, next);
  const sealed = changes === undefined ? {} : { credentials: sealCredentials(vault, next) };
  const source = await changeSource(tx, id, { ...plain, ...settings, ...sealed }, act.at).catch(
    (error: { readonly code?: string }) => {
      throw error.code === UNIQUE_VIOLATION ? nameTaken(change.name ?? '') : error;
    },
  );
  if (changes !== undefined) await retryRefusedFetches(tx, id, act.at); // a new token is tried at once
  const named = changes === undefined ? {} : { credentials: Object.keys(changes) };
  const detail = { ...plain, ...settings, ...named, version: source.version };
  await auditAct(tx, act, 'source.updated', { kind: 'source', id }, detail);
  return source;
}

/** Who sends a token to another address has to know it: it cannot be read here, and is not to be led away. */
function requireTokenFor(
  { settings }: Source,
  channel: Channel | null,
  { settings: asked, credentials }: SourceUpdate,
): void {
  if (channel?.fetch == null || asked === undefined || asked.api_base === settings.api_base) return;
  const token = channel.fetch.credential;
  if (credentials?.[token] != null) return;
  throw new Fault(
    'body_invalid',
    `credentials.${token}`,
    'give it again: with another api_base it goes to another address',
  );
}

function settled({ kind }: Source, settings: SourceSettings): SourceSettings {
  const known = kindOf(kind);
  const asked = known === null ? settings : withDefaults(settings, known.defaults);
  checkSettings(kind, known?.channel ?? null, asked);
  return asked;
}

/** Stops a source: what comes by it is refused until it is resumed. Again for no change; throws `not_found`. */
export async function pauseSource(db: Db, act: Act, id: string): Promise<Source> {
  return db.transaction().execute((tx) => switchSourceIn(tx, act, id, 'paused'));
}

/** Lets a paused source go on. Again for no change; throws `not_found`. */
export async function resumeSource(db: Db, act: Act, id: string): Promise<Source> {
  return db.transaction().execute((tx) => switchSourceIn(tx, act, id, 'active'));
}

/** Pauses or resumes a source in a transaction that does more. */
export async function switchSourceIn(tx: Tx, act: Act, id: string, state: SourceState): Promise<Source> {
  const present = await lockSource(tx, id);
  if (present === null) throw noSource(id);
  if (present.source.state === state) return present.source;
  const source = await changeSource(tx, id, { state }, act.at);
  const action = state === 'paused' ? 'source.paused' : 'source.resumed';
  await auditAct(tx, act, action, { kind: 'source', id }, { name: source.name, version: source.version });
  return source;
}

/** Gives a source a new secret; the one before still works for `overlap` seconds, an older one no longer. Throws `not_found`. */
export async function rotateSourceSecret(
  db: Db,
  vault: Vault,
  act: Act,
  id: string,
  rotation: Rotation,
): Promise<SourceWithSecret> {
  return db.transaction().execute((tx) => rotateSourceSecretIn(tx, vault, act, id, rotation));
}

/** A rotation: for how many seconds the former secret still works, and the new one where the platform gives it. */
export interface Rotation {
  readonly overlap: number;
  readonly secret?: string;
}

/** As `rotateSourceSecret`, in a transaction that does more. */
export async function rotateSourceSecretIn(
  tx: Tx,
  vault: Vault,
  act: Act,
  id: string,
  { overlap, secret: given }: Rotation,
): Promise<SourceWithSecret> {
  const present = await lockSource(tx, id);
  if (present === null) throw noSource(id);
  const channel = kindOf(present.source.kind)?.channel ?? null;
  if (channel?.secret === 'none') throw noSecretOf(present.source.kind);
  const secret = newSecret(act, channel, given);
  const former = openToReplace(vault, present.secrets)[0];
  const until: Instant = act.at + overlap * 1000;
  const kept = former === undefined || overlap === 0 ? [] : [{ ...former, expires_at: until }];
  const secrets = sealSecrets(vault, [secret, ...kept]);
  const source = await changeSource(tx, id, secrets === null ? {} : { secrets }, act.at);
  const detail = { name: source.name, secret_id: secret.id, former_until: kept.length === 0 ? null : until };
  await auditAct(tx, act, 'source.secret_rotated', { kind: 'source', id }, detail);
  return { source, secret: secret.secret, address: null };
}

/** Reads one source; throws `not_found`. */
export async function getSource(db: Db, id: string): Promise<Source> {
  const source = await findSource(db, id);
  if (source === null) throw noSource(id);
  return source;
}

function checkName(name: string): void {
  if (name.trim() === name && name.length >= 1 && name.length <= 100) return;
  throw new Fault('body_invalid', 'name', 'name must have 1 to 100 characters, without blanks around them');
}

function checkChannel(channel: string | null): string | null {
  if (channel === null || /^\S{1,64}$/.test(channel)) return channel;
  throw new Fault('body_invalid', 'channel', 'channel must have 1 to 64 characters without blanks');
}

function nameTaken(name: string): Fault {
  return new Fault('state_conflict', 'name', `another source has the name ${name}`);
}

function noSecretOf(kind: string): Fault {
  return new Fault('body_invalid', 'secret', `nothing is signed that comes to a source of the kind ${kind}`);
}

function noSource(id: string): Fault {
  return new Fault('not_found', null, `there is no source ${id}`);
}
