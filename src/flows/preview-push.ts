import type { Authenticity, Push } from '../channels/channel.ts';
import { checkFieldMap } from '../channels/check-field-map.ts';
import type { FieldMap } from '../channels/field-map.ts';
import { Fault } from '../domain/fault.ts';
import type { Outcome } from '../domain/outcome.ts';
import type { Vault } from '../domain/vault.ts';
import type { Db } from '../store/database.ts';
import type { Capture } from './capture.ts';
import { itemOf } from './ingest-push.ts';
import { type Evaluate, type ReadItem, type ReadLead, readPush } from './read-push.ts';
import { type LoadedSource, readSources, setupOf } from './source-book.ts';
import { getSource } from './sources.ts';

/** What a look at a push needs. */
export interface PreviewDeps {
  readonly capture: Capture;
  readonly evaluate: Evaluate;
}

/** What a push would become: nothing of it was written. */
export interface Preview {
  readonly handshake: 'passed' | 'failed' | null; // null: it is no check of the address
  readonly authenticity: Authenticity | null; // null: the push proves nothing, and nothing is asked for
  readonly items: readonly Previewed[];
  readonly problem: { readonly code: 'unparsable' | 'unmappable'; readonly detail: string } | null;
}

/** One thing that a push says, with the decision that a lead would come to now. */
export type Previewed =
  | { readonly kind: 'lead'; readonly lead: ReadLead; readonly outcome: Outcome }
  | Exclude<ReadItem, ReadLead>;

/** Reads a push as it would be taken, but for its authenticity, and tells what would come of it; writes nothing. */
export async function previewPush(deps: PreviewDeps, loaded: LoadedSource, push: Push): Promise<Preview> {
  const setup = setupOf(loaded, push.receivedAt);
  const shake = loaded.channel.handshake(push, setup);
  if (shake !== null) {
    return { handshake: shake.passed ? 'passed' : 'failed', authenticity: null, items: [], problem: null };
  }
  const asked = loaded.channel.secret === 'none' ? null : loaded.channel.authenticate(push, setup);
  const unsigned = asked?.kind === 'refused' && asked.code === 'signature_missing';
  const shown = { handshake: null, authenticity: unsigned ? null : asked };
  const read = await readPush(deps.evaluate, loaded, push, setup);
  if (read.kind === 'unusable') return { ...shown, items: [], problem: { code: read.code, detail: read.detail } };
  return { ...shown, items: await judged(deps, loaded, push, read.items), problem: null };
}

async function judged(
  { capture }: PreviewDeps,
  loaded: LoadedSource,
  { receivedAt }: Push,
  items: readonly ReadItem[],
): Promise<readonly Previewed[]> {
  const leads = items.filter((item): item is ReadLead => item.kind === 'lead');
  const arriving = { receivedAt, requestId: null, refusal: null };
  const outcomes = leads.length === 0 ? [] : await capture.dryRun(leads.map((lead) => itemOf(loaded, lead, arriving)));
  return items.map((item): Previewed => {
    if (item.kind !== 'lead') return item;
    const outcome = outcomes[leads.indexOf(item)];
    if (outcome === undefined) throw new Error('the dry run gave fewer outcomes than it was given items');
    return { kind: 'lead', lead: item, outcome };
  });
}

/** A source that pushes come to, as it is now; throws `not_found`, and `body_invalid` where nobody pushes to its kind. */
export async function pushedSource(db: Db, vault: Vault, id: string): Promise<LoadedSource> {
  const source = await getSource(db, id);
  const loaded = (await readSources(db, vault)).get(source.id);
  if (loaded !== undefined) return loaded;
  const instead = 'its leads come as canonical bodies: try one with POST /v1/leads?dry_run=true';
  throw new Fault('body_invalid', null, `nobody pushes to a source of the kind ${source.kind}: ${instead}`);
}

/** A source with another field map in place of its own; throws `body_invalid`. */
export function withFieldMap(loaded: LoadedSource, value: unknown): LoadedSource {
  const checked = checkFieldMap(value);
  if ('faults' in checked) {
    const [fault] = checked.faults;
    throw new Fault('body_invalid', `/field_map${fault?.path ?? ''}`, fault?.message ?? 'it is no field map');
  }
  const maps: readonly FieldMap[] = [checked.map, loaded.channel.fieldMap];
  return { ...loaded, maps };
}
