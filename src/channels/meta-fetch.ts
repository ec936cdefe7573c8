import { type Answer, answersOf, withFullName } from './answers.ts';
import type { Fetch, FetchRequest, FetchResult, Setup } from './channel.ts';
import { recordOf } from './record-of.ts';
import { textOf } from './text-of.ts';
import { without } from './without.ts';

const API_VERSION = 'v23.0';
const LEAD_FIELDS =
  'id,created_time,ad_id,ad_name,adset_id,adset_name,campaign_id,campaign_name,form_id,is_organic,platform,field_data';
const THROTTLED: readonly number[] = [4, 17, 32, 613]; // limits of app, user, page and custom
const TOKEN_INVALID = 190;
const NO_SUCH_OBJECT = { code: 100, subcode: 33 };
/** The answers of the platform's testing tool, as receivers of others saw them. */
const DUMMY_ANSWER = /^<test lead: dummy data for /;
const DUMMY_EMAIL = 'test@meta.com';

/** The settings that fetching reads. */
export const META_FETCH_SETTINGS = {
  api_version: {
    type: 'string',
    pattern: '^v\\d{1,3}\\.\\d{1,2}$',
    default: API_VERSION,
    description: 'Version of the Graph API. The default is ours: name one that the platform still serves.',
  },
  lead_fields: {
    type: 'string',
    pattern: '^[a-z_]+(,[a-z_]+)*$',
    default: LEAD_FIELDS,
    description: 'Fields of a lead that are asked for, with commas between.',
  },
} as const;

/** Fetching of a lead by its id; developers.facebook.com/docs/graph-api. The limit of 200 a minute is ours. */
export const metaFetch: Fetch = {
  base: 'https://graph.facebook.com',
  credential: 'access_token',
  requestsPerMinute: 200,
  request,
  read,
};

function request(reference: Readonly<Record<string, unknown>>, setup: Setup): FetchRequest {
  const version = setting(setup, 'api_version', new RegExp(META_FETCH_SETTINGS.api_version.pattern), API_VERSION);
  const fields = setting(setup, 'lead_fields', new RegExp(META_FETCH_SETTINGS.lead_fields.pattern), LEAD_FIELDS);
  const id = encodeURIComponent(textOf(reference['leadgen_id']) ?? '');
  return {
    path: `/${version}/${id}?fields=${encodeURIComponent(fields)}`,
    headers: { authorization: `Bearer ${setup.credentials['access_token'] ?? ''}` },
  };
}

function setting(setup: Setup, name: string, pattern: RegExp, fallback: string): string {
  const value = setup.settings[name];
  return typeof value === 'string' && pattern.test(value) ? value : fallback;
}

function read(status: number, value: unknown): FetchResult {
  const answer = recordOf(value);
  const error = recordOf(answer?.['error']);
  const code = Number(textOf(error?.['code']) ?? Number.NaN);
  const subcode = Number(textOf(error?.['error_subcode']) ?? Number.NaN);
  if (status === 429 || THROTTLED.includes(code)) return { kind: 'throttled', retryAfterSeconds: null };
  if (code === TOKEN_INVALID || status === 401 || status === 403) {
    return { kind: 'unauthorised', detail: `The platform answered ${status} with code ${code}: token or right.` };
  }
  if (status === 404 || (code === NO_SUCH_OBJECT.code && subcode === NO_SUCH_OBJECT.subcode)) {
    return { kind: 'gone', detail: `The platform answered ${status} with code ${code}: no such lead.` };
  }
  if (status !== 200 || answer === null || error !== null || !Array.isArray(answer['field_data'])) {
    return { kind: 'failed', detail: `The platform answered ${status} without field_data.` };
  }
  const answers = withFullName(answersOf(answer['field_data'], { label: 'name', value: 'values' }));
  return {
    kind: 'lead',
    record: { ...without(answer, ['field_data']), answers },
    draft: answers.some(isDummy) ? { test: true } : {},
  };
}

function isDummy({ value }: Answer): boolean {
  return typeof value === 'string' && (DUMMY_ANSWER.test(value) || value.toLowerCase() === DUMMY_EMAIL);
}
