import type { Channel, DecodeLimits, Setup } from '../channels/channel.ts';
import type { FieldMap } from '../channels/field-map.ts';
import { kindOf } from '../channels/kinds.ts';
import type { Instant } from '../domain/instant.ts';
import { rulesOf, type Source, type SourceSecret } from '../domain/source.ts';
import type { SourceRules } from '../domain/submission.ts';
import type { Vault } from '../domain/vault.ts';
import type { Db } from '../store/database.ts';
import { listRecordings } from '../store/recordings.ts';
import { listAddresses } from '../store/source-addresses.ts';
import { listSealedSources, type SealedSource } from '../store/sources.ts';
import { inTime } from './in-time.ts';
import { addressHash } from './source-address.ts';
import { type Credentials, openCredentials, openSecrets, usableSecrets } from './source-secrets.ts';

/** A source with all that taking a push needs, ready in memory. */
export interface LoadedSource {
  readonly source: Source;
  readonly rules: SourceRules;
  readonly channel: Channel;
  readonly secrets: readonly SourceSecret[];
  readonly credentials: Credentials;
  readonly maps: readonly FieldMap[]; // the source's own first
  readonly recording: boolean; // the next pushes are kept whole for a look
}

/** What a process knows of the sources, so that a push needs no look-up and is taken while the database is away. */
export interface SourceBook {
  /** The source of a hook's address; null: there is none. Rejects where nothing is known and the database is away. */
  readonly byAddress: (token: string) => Promise<LoadedSource | null>;
  readonly byId: (id: string) => Promise<LoadedSource | null>;
  readonly all: () => Promise<readonly LoadedSource[]>;
  /** Reads everything again, now. */
  readonly refresh: () => Promise<void>;
}

export interface SourceBookDeps {
  readonly db: Db;
  readonly vault: Vault;
  readonly clock: () => Instant;
  readonly seconds: number; // how old what is known may be; from half of it on it is read again in the background
  readonly failed: (error: unknown) => void;
}

interface Page {
  readonly at: number; // performance.now()
  readonly byId: ReadonlyMap<string, LoadedSource>;
  readonly byAddress: ReadonlyMap<string, { readonly loaded: LoadedSource; readonly expiresAt: Instant | null }>;
}

const ASK_AGAIN_MS = 100; // for an address that nobody knows: it may have been made a moment ago
const WAIT_MS = 250; // for sources that are old; a database that is away is not to cost a push its deadline

/** A book of sources; it is read at its first use. */
export function createSourceBook(deps: SourceBookDeps): SourceBook {
  let page: Page | null = null;
  let reading: Promise<Page> | null = null;

  function read(): Promise<Page> {
    reading ??= readPage(deps)
      .then((fresh) => {
        page = fresh;
        return fresh;
      })
      .finally(() => {
        reading = null;
      });
    return reading;
  }

  /** What the database says from now on: a reading under way may have begun before. */
  async function readAnew(): Promise<Page> {
    await reading?.catch(() => {});
    return read();
  }

  /**
   * What is known; where it is older than it may be it is read again first: what another process has changed, a secret, an address, a
   * recording, is to hold for the very next push, also after a quiet time.
   */
  async function known(): Promise<Page> {
    if (page === null) return read();
    const last = page;
    const age = performance.now() - last.at;
    if (age < deps.seconds * 500) return last;
    const fresh = read().catch((error: unknown) => {
      deps.failed(error);
      return last;
    });
    return age < deps.seconds * 1000 ? last : inTime(fresh, WAIT_MS, last);
  }

  async function find(look: (known: Page) => LoadedSource | null): Promise<LoadedSource | null> {
    const found = look(await known());
    if (found !== null) return found;
    if (page !== null && performance.now() - page.at < ASK_AGAIN_MS) return null;
    return look(await readAnew());
  }

  return {
    byAddress: (token) => {
      const name = addressHash(token).toString('base64');
      return find(({ byAddress }) => {
        const found = byAddress.get(name);
        if (found === undefined || (found.expiresAt !== null && found.expiresAt <= deps.clock())) return null;
        return found.loaded;
      });
    },
    byId: (id) => find(({ byId }) => byId.get(id) ?? null),
    all: async () => [...(await known()).byId.values()],
    refresh: async () => {
      await readAnew();
    },
  };
}

async function readPage({ db, vault, failed }: SourceBookDeps): Promise<Page> {
  const at = performance.now();
  const [sources, addresses, recordings] = await Promise.all([
    listSealedSources(db),
    listAddresses(db),
    listRecordings(db),
  ]);
  const byId = new Map<string, LoadedSource>();
  for (const sealed of sources) {
    const loaded = loadSource(sealed, vault, recordings, failed);
    if (loaded !== null) byId.set(sealed.source.id, loaded);
  }
  const byAddress = new Map(
    addresses.flatMap(({ tokenHash, sourceId, expiresAt }) => {
      const loaded = byId.get(sourceId);
      return loaded === undefined ? [] : [[tokenHash.toString('base64'), { loaded, expiresAt }] as const];
    }),
  );
  return { at, byId, byAddress };
}

/** The sources that are pushed to, by id, as they are now and without a book; what of one cannot be opened is as if it were not set. */
export async function readSources(db: Db, vault: Vault): Promise<ReadonlyMap<string, LoadedSource>> {
  const sealed = await listSealedSources(db);
  const loaded = sealed.map((one) => loadSource(one, vault, new Set(), () => undefined));
  return new Map(loaded.flatMap((one) => (one === null ? [] : [[one.source.id, one] as const])));
}

/** One source that cannot be opened is not to cost the others their pushes: it has no secrets, and so refuses what is signed. */
function loadSource(
  { source, secrets, credentials }: SealedSource,
  vault: Vault,
  recordings: ReadonlySet<string>,
  failed: (error: unknown) => void,
): LoadedSource | null {
  const channel = kindOf(source.kind)?.channel;
  if (channel == null) return null;
  const own = source.settings.field_map as FieldMap | undefined;
  return {
    source,
    rules: rulesOf(source),
    channel,
    secrets: opened(() => openSecrets(vault, secrets), [], failed),
    credentials: opened(() => openCredentials(vault, credentials), {}, failed),
    maps: own === undefined ? [channel.fieldMap] : [own, channel.fieldMap],
    recording: recordings.has(source.id),
  };
}

function opened<T>(open: () => T, none: T, failed: (error: unknown) => void): T {
  try {
    return open();
  } catch (error) {
    failed(error);
    return none;
  }
}

/**
 * What a channel is told of a source at a moment; the settings of a form are its platform's. Where a source has secrets and none can
 * be used, it is told of an empty one, which fits nothing: where a secret is optional, none at all would let everybody in.
 */
export function setupOf({ secrets, credentials, source }: LoadedSource, at: Instant): Setup {
  const settings = { ...source.settings.platform, ...source.settings.form };
  const usable = usableSecrets(secrets, at);
  return { secrets: usable.length === 0 && source.hasSecret ? [''] : usable, credentials, settings };
}

/** How much structure a push may hold. */
export const PUSH_LIMITS: DecodeLimits = Object.freeze({ maxDepth: 64, maxValues: 20_000 });
