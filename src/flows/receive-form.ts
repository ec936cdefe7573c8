import type { Push } from '../channels/channel.ts';
import { CAPTCHA_HEADER } from '../channels/form.ts';
import { controlsOf, type FormControls, honeypotOf } from '../channels/form-controls.ts';
import { formFields } from '../channels/form-fields.ts';
import { type RefusedField, refusedFields } from '../channels/form-refused.ts';
import { normalise } from '../domain/normalise.ts';
import type { FormSettings } from '../domain/source.ts';
import type { Refusal, Submission } from '../domain/submission.ts';
import type { Vault } from '../domain/vault.ts';
import type { CaptchaVerdict, VerifyCaptcha } from '../webhooks/verify-captcha.ts';
import type { PhoneCounts } from './phone-counts.ts';
import { type ReadLead, readPush } from './read-push.ts';
import { keepPush, type ReceiveDeps, recordInTime, type Sender } from './receive-push.ts';
import { type LoadedSource, PUSH_LIMITS, setupOf } from './source-book.ts';

/** What taking forms needs beside what every push does. */
export interface ReceiveFormDeps extends ReceiveDeps {
  readonly vault: Pick<Vault, 'token'>;
  readonly region: string; // ISO 3166 alpha-2, for numbers without a country code
  readonly verifyCaptcha: VerifyCaptcha;
  readonly phones: PhoneCounts;
}

/** What a submitted form came to. What is suspected of a bot, and all that comes to a paused source, is received like any other. */
export type FormVerdict =
  | { readonly kind: 'received'; readonly redirect: string | null }
  | { readonly kind: 'unusable'; readonly code: string; readonly field: string; readonly hint: string } // kept in quarantine: a person can mend it
  | { readonly kind: 'unreadable'; readonly detail: string } // kept in quarantine
  | { readonly kind: 'not_allowed'; readonly fields: readonly RefusedField[] } // not kept: the page is wrong
  | { readonly kind: 'unavailable' }; // neither database nor spool takes it

interface Judged {
  readonly verdict: FormVerdict;
  readonly as: 'accepted' | 'unauthenticated' | 'unreadable' | 'paused' | 'unavailable' | 'too_large' | 'rate_limited';
  readonly code: string | null;
  readonly decisions: Readonly<Record<string, number>>;
}

const MIN_FILL_SECONDS = 2;
const PER_PHONE_PER_DAY = 10;

/** Takes one submitted form of a landing page in by the one way in. */
export async function receiveForm(
  deps: ReceiveFormDeps,
  loaded: LoadedSource,
  push: Push,
  sender: Sender,
): Promise<FormVerdict> {
  const began = deps.clock();
  const { verdict, ...line } = await judge(deps, loaded, push, sender);
  const { id: source, kind } = loaded.source;
  deps.report({ source, kind, ...line, milliseconds: deps.clock() - began });
  if (loaded.recording) await recordInTime(deps, loaded, push, line.code ?? line.as);
  return verdict;
}

async function judge(deps: ReceiveFormDeps, loaded: LoadedSource, push: Push, sender: Sender): Promise<Judged> {
  const form = loaded.source.settings.form ?? {};
  const setup = setupOf(loaded, push.receivedAt);
  const decoded = await loaded.channel.decode(push, setup, PUSH_LIMITS);
  const fields = decoded.kind === 'decoded' ? formFields(decoded.value, push.query) : null;
  const refused = fields === null ? [] : refusedFields(fields);
  if (refused.length > 0) {
    const verdict: FormVerdict = { kind: 'not_allowed', fields: refused };
    return { verdict, as: 'unauthenticated', code: 'field_not_allowed', decisions: {} };
  }
  const controls = controlsOf(fields ?? {}, form, push.receivedAt);
  const captcha = await askCaptcha(deps, loaded, controls, sender);
  const marked = withMark(push, captcha);
  const lead = await readLead(deps, loaded, marked);
  const submission = lead === null ? null : submissionOf(deps, loaded, lead, push);
  const refusal = lead === null ? null : suspicion(deps, loaded, { controls, captcha, submission, push });
  const kept = await keepPush(deps, loaded, marked, { requestId: sender.requestId, refusal });
  if (kept.as === 'unavailable') return { ...kept, verdict: { kind: 'unavailable' } };
  if (lead === null) return { ...kept, verdict: { kind: 'unreadable', detail: kept.code ?? 'unparsable' } };
  const wrong = refusal === null && kept.as !== 'paused' ? mendable(loaded, lead, submission) : null;
  if (wrong !== null) return { ...kept, code: wrong.code, verdict: wrong };
  const verdict: FormVerdict = { kind: 'received', redirect: redirectOf(controls, form) };
  return { ...kept, code: refusal?.code ?? kept.code, verdict };
}

/** The lead of a form as it will be taken in; null where there is none to be made out. */
async function readLead(deps: ReceiveFormDeps, loaded: LoadedSource, push: Push): Promise<ReadLead | null> {
  const read = await readPush(deps.evaluate, loaded, push, setupOf(loaded, push.receivedAt));
  const [item] = read.kind === 'items' ? read.items : [];
  return item?.kind === 'lead' ? item : null;
}

function submissionOf(deps: ReceiveFormDeps, { rules }: LoadedSource, { draft }: ReadLead, push: Push): Submission {
  return normalise(draft, {
    source: rules,
    receivedAt: push.receivedAt,
    region: deps.region,
    deliveryId: null,
    requestKey: null,
    content: null,
    mode: 'live',
    completes: null,
    refusal: null,
  });
}

/** Asks the captcha service of a source; 'none' where it has none, failed without an answer to show it. */
async function askCaptcha(
  deps: ReceiveFormDeps,
  { source, credentials }: LoadedSource,
  { captcha: response }: FormControls,
  { ip }: Sender,
): Promise<CaptchaVerdict | 'none'> {
  const { captcha } = source.settings.form ?? {};
  if (captcha === undefined) return 'none';
  if (response === null) return 'failed';
  const secret = credentials['captcha_secret'];
  return secret === undefined ? 'unknown' : deps.verifyCaptcha(captcha.verify_url, { secret, response, remoteip: ip });
}

/** Only the service itself says that a captcha could not be checked. */
function withMark(push: Push, captcha: CaptchaVerdict | 'none'): Push {
  const { [CAPTCHA_HEADER]: _claimed, ...headers } = push.headers;
  return { ...push, headers: captcha === 'unknown' ? { ...headers, [CAPTCHA_HEADER]: 'unverified' } : headers };
}

interface Signs {
  readonly controls: FormControls;
  readonly captcha: CaptchaVerdict | 'none';
  readonly submission: Submission | null;
  readonly push: Push;
}

/** Why a submission is thought to be a bot's; null: it is not. */
function suspicion(
  { phones, vault }: ReceiveFormDeps,
  { source }: LoadedSource,
  { controls, captcha, submission, push }: Signs,
): Refusal | null {
  const form = source.settings.form ?? {};
  if (controls.trap === 'filled') return suspect(honeypotOf(form), 'A field that people do not see was filled in.');
  if (controls.filledSeconds !== null && controls.filledSeconds < (form.min_fill_seconds ?? MIN_FILL_SECONDS)) {
    return suspect('form_started_at', 'It was filled in faster than min_fill_seconds.');
  }
  if (captcha === 'failed') return suspect(form.captcha?.field ?? '', 'The captcha was not solved.');
  const phone = submission?.phone?.e164;
  if (phone === undefined) return null;
  const most = form.per_phone_per_day ?? PER_PHONE_PER_DAY;
  if (phones.take(vault.token(`${source.id} ${phone}`), most, push.receivedAt) === 'within') return null;
  return suspect('person/phone', 'The phone has come more often than per_phone_per_day.');
}

function suspect(field: string, why: string): Refusal {
  return { code: 'suspected_bot', path: `/${field}`, hint: `${why} Retry the entry where it is a person after all.` };
}

/** What a person can mend at once: a phone that is none. */
function mendable(
  { rules }: LoadedSource,
  { mapping }: ReadLead,
  submission: Submission | null,
): Extract<FormVerdict, { kind: 'unusable' }> | null {
  const refusal = submission?.refusal ?? null;
  if (refusal === null || (rules.completesLater && submission?.externalId !== null)) return null;
  const from = mapping.fields.find(({ field }) => field === 'person.phone')?.from ?? 'phone';
  const field = refusal.path === '/person/phone' ? from : refusal.path.slice(1);
  return { kind: 'unusable', code: refusal.code, field, hint: refusal.hint };
}

/** Where a page wants its visitor to go, if that begins as the source allows; else null. */
function redirectOf({ redirect }: FormControls, { redirects = [] }: FormSettings): string | null {
  if (redirect === null || !URL.canParse(redirect)) return null;
  const { href } = new URL(redirect); // blanks, line ends and dots that a browser would read otherwise are gone
  return redirects.some((prefix) => URL.canParse(prefix) && href.startsWith(new URL(prefix).href)) ? href : null;
}
