import { decodeJson } from '../channels/decode-json.ts';
import { mergePatch } from '../domain/merge-patch.ts';
import { keptPush } from '../flows/kept-push.ts';
import { readFetched } from '../flows/read-fetched.ts';
import { type Evaluate, type ReadLead, readPush } from '../flows/read-push.ts';
import type { CorrectedBody, KeptFrom, Retry, RetryDeps } from '../flows/retry-quarantine.ts';
import { type LoadedSource, PUSH_LIMITS, setupOf } from '../flows/source-book.ts';
import type { KeptBody } from '../store/raw-bodies.ts';
import { type JsonLimits, parseJson } from './parse-json.ts';
import { problem } from './problem.ts';
import { type LeadBody, toDraft } from './schemas/lead.ts';
import type { Check } from './validators.ts';

const JSON_TYPE = /^application\/json\b/i;
const AS_JSON = 'application/json';
// A canonical body has one of these, and nothing that the schema does not name: no platform sends such.
const GROUPS = ['person', 'traffic', 'advertiser', 'product', 'intent', 'campaign', 'consents', 'extra'];

type Corrections = Retry['corrections'];

/** A kept body as its source reads it now. */
interface Reread extends Pick<CorrectedBody, 'draft' | 'content' | 'lead'> {}

/**
 * Reads kept bodies again, with corrections: canonical ones as POST /v1/leads would, those of a push, and answers of a platform's
 * API, by the map of their source as it is now. Rejects with `unparsable`, `submission_unusable`, `state_conflict`, `body_invalid`,
 * `body_…`.
 */
export function leadCorrector(limits: JsonLimits, check: Check, evaluate: Evaluate): RetryDeps['correct'] {
  return async (kept, corrections, { loaded, ...from }) => {
    if (loaded === null || isCanonical(kept, limits, check)) return correctCanonical(kept, corrections, limits, check);
    const read =
      (await rereadFetched(evaluate, kept, { loaded, ...from })) ??
      (await rereadPush(evaluate, kept, { loaded, ...from }, corrections));
    if (corrections !== null) return corrected(read, corrections, check);
    if (read === null) throw problem('submission_unusable', { detail: 'Nothing in it is a lead.' });
    return { ...read, raw: kept.body, contentType: kept.contentType };
  };
}

function correctCanonical(
  { contentType, body: bytes }: KeptBody,
  corrections: Corrections,
  limits: JsonLimits,
  check: Check,
): CorrectedBody {
  if (!JSON_TYPE.test(contentType)) throw problem('unparsable', { detail: `It arrived as ${contentType}.` });
  const kept = parseJson(bytes, limits);
  const body = corrections === null ? kept : mergePatch(kept, corrections);
  const draft = checked(body, check);
  const raw = corrections === null ? bytes : Buffer.from(JSON.stringify(body));
  return { draft, content: draft, raw, contentType, lead: null };
}

/** A mapped draft with corrections is kept as the canonical body that it is; one that could not be read is its corrections alone. */
function corrected(read: Reread | null, corrections: NonNullable<Corrections>, check: Check): CorrectedBody {
  const body = mergePatch(read?.draft ?? {}, corrections);
  const draft = checked(body, check);
  return {
    draft,
    content: draft,
    raw: Buffer.from(JSON.stringify(body)),
    contentType: AS_JSON,
    lead: read?.lead ?? null,
  };
}

function checked(body: unknown, check: Check): CorrectedBody['draft'] {
  const errors = check(body).map((error) => ({ ...error, path: `/corrections${error.path}` }));
  if (errors.length > 0) throw problem('body_invalid', { detail: 'With the corrections it is no lead.', errors });
  return toDraft(body as LeadBody);
}

interface Source extends KeptFrom {
  readonly loaded: LoadedSource;
}

/** The lead of a kept answer of the platform's API; null where it is none. */
async function rereadFetched(
  evaluate: Evaluate,
  { body }: KeptBody,
  { loaded, awaited }: Source,
): Promise<Reread | null> {
  const { fetch } = loaded.channel;
  if (fetch === null || awaited === null) return null;
  const decoded = decodeJson(body, PUSH_LIMITS);
  const result = decoded.kind === 'decoded' ? fetch.read(200, decoded.value) : null;
  if (result?.kind !== 'lead') return null;
  return { draft: await readFetched(evaluate, loaded, result, awaited), content: result.record, lead: null };
}

/** The one lead of a kept push; null where it cannot be read, or holds none, and corrections take its place. */
async function rereadPush(
  evaluate: Evaluate,
  kept: KeptBody,
  { loaded, receivedAt }: Source,
  corrections: Corrections,
): Promise<Reread | null> {
  const read = await readPush(evaluate, loaded, keptPush(kept, receivedAt), setupOf(loaded, receivedAt));
  if (read.kind === 'unusable') {
    if (corrections !== null) return null;
    throw problem(read.code === 'unparsable' ? 'unparsable' : 'submission_unusable', { detail: read.detail });
  }
  const leads = read.items.filter((item): item is ReadLead => item.kind === 'lead');
  if (leads.length > 1) {
    const detail = `It holds ${leads.length} leads, and an entry stands for one: have the platform send it again.`;
    throw problem('state_conflict', { detail });
  }
  const [lead] = leads;
  return lead === undefined ? null : { draft: lead.draft, content: lead.item.content, lead };
}

function isCanonical({ contentType, body }: KeptBody, limits: JsonLimits, check: Check): boolean {
  if (!JSON_TYPE.test(contentType)) return false;
  try {
    const value = parseJson(body, limits);
    return GROUPS.some((group) => Object.hasOwn(Object(value), group)) && check(value).length === 0;
  } catch {
    return false;
  }
}
