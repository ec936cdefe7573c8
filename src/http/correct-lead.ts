import { mergePatch } from '../domain/merge-patch.ts';
import type { RetryDeps } from '../flows/retry-quarantine.ts';
import { type JsonLimits, parseJson } from './parse-json.ts';
import { problem } from './problem.ts';
import { type LeadBody, toDraft } from './schemas/lead.ts';
import type { Check } from './validators.ts';

const JSON_TYPE = /^application\/json\b/i;

/** Reads kept canonical bodies again, with corrections, as POST /v1/leads would; throws `unparsable`, `body_invalid`, `body_…`. */
export function leadCorrector(limits: JsonLimits, check: Check): RetryDeps['correct'] {
  return ({ contentType, body: bytes }, corrections) => {
    if (!JSON_TYPE.test(contentType)) throw problem('unparsable', { detail: `It arrived as ${contentType}.` });
    const kept = parseJson(bytes, limits);
    const body = corrections === null ? kept : mergePatch(kept, corrections);
    const errors = check(body).map((error) => ({ ...error, path: `/corrections${error.path}` }));
    if (errors.length > 0) throw problem('body_invalid', { detail: 'With the corrections it is no lead.', errors });
    const raw = corrections === null ? bytes : Buffer.from(JSON.stringify(body));
    return { draft: toDraft(body as LeadBody), raw };
  };
}
