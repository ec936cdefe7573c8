import { type Answer, answersOf, withFullName } from './answers.ts';
import type { Fetch, FetchRequest, FetchResult, Setup } from './channel.ts';
import { listOf } from './list-of.ts';
import { recordOf } from './record-of.ts';
import { textOf } from './text-of.ts';
import { without } from './without.ts';

const VERSION = '202606';
const FIELDS =
  'ownerInfo,associatedEntityInfo,leadMetadataInfo,owner,leadType,versionedLeadGenFormUrn,id,submittedAt,testLead,formResponse,form:(hiddenFields,creationLocale,name,id,content)';

/** The settings that fetching reads. */
export const LINKEDIN_FETCH_SETTINGS = {
  linkedin_version: {
    type: 'string',
    pattern: '^20\\d{4}$',
    default: VERSION,
    description:
      'The LinkedIn-Version header, year and month. The default is ours: name one that the platform still serves.',
  },
} as const;

/** Fetching of a response by its id, with its form beside it, as receivers of others ask. The limit of 60 a minute is ours. */
export const linkedinFetch: Fetch = {
  base: 'https://api.linkedin.com',
  credential: 'access_token',
  requestsPerMinute: 60,
  request,
  read,
};

function request(reference: Readonly<Record<string, unknown>>, setup: Setup): FetchRequest {
  const named = setup.settings['linkedin_version'];
  const known = typeof named === 'string' && new RegExp(LINKEDIN_FETCH_SETTINGS.linkedin_version.pattern).test(named);
  return {
    // The parentheses stay as they are: the platform reads the projection before it decodes.
    path: `/rest/leadFormResponses/${encodeURIComponent(textOf(reference['lead_form_response']) ?? '')}?fields=${FIELDS}`,
    headers: {
      authorization: `Bearer ${setup.credentials['access_token'] ?? ''}`,
      'linkedin-version': known ? named : VERSION,
      'x-restli-protocol-version': '2.0.0',
    },
  };
}

function read(status: number, value: unknown): FetchResult {
  if (status === 404 || status === 410)
    return { kind: 'gone', detail: `The platform answered ${status}: no such response.` };
  if (status === 401 || status === 403) {
    return { kind: 'unauthorised', detail: `The platform answered ${status}: token or right.` };
  }
  if (status === 429) return { kind: 'throttled', retryAfterSeconds: null };
  const lead = recordOf(value);
  const said = recordOf(lead?.['formResponse'])?.['answers'];
  if (status !== 200 || lead === null || !Array.isArray(said)) {
    return { kind: 'failed', detail: `The platform answered ${status} without formResponse.answers.` };
  }
  const form = recordOf(lead['form']);
  const questions = listOf(recordOf(form?.['content'])?.['questions']).map((question) => recordOf(question) ?? {});
  const hidden = answersOf(form?.['hiddenFields'], { label: 'name', value: 'value' });
  return {
    kind: 'lead',
    record: {
      ...without(lead, ['formResponse', 'form']),
      form_name: form?.['name'] ?? null,
      answers: withFullName([...said.flatMap((answer) => answerOf(recordOf(answer) ?? {}, questions)), ...hidden]),
    },
    draft: lead['testLead'] === true ? { test: true } : {},
  };
}

/** An answer under the name of its question: the predefined field, else its own words, else its id. */
function answerOf(
  answer: Readonly<Record<string, unknown>>,
  questions: readonly Readonly<Record<string, unknown>>[],
): readonly Answer[] {
  const id = textOf(answer['questionId']);
  const question = questions.find((asked) => id !== null && textOf(asked['questionId']) === id);
  const type = textOf(question?.['predefinedField']);
  const label = words(question?.['question']) ?? textOf(answer['name']) ?? type ?? id;
  const details = recordOf(answer['answerDetails']);
  const value =
    recordOf(details?.['textQuestionAnswer'])?.['answer'] ?? recordOf(details?.['multipleChoiceAnswer'])?.['options'];
  if (label === null || value === undefined) return [];
  return [{ label, value, ...(type === null ? {} : { type }) }];
}

/** Words in one language, or in the first of several. */
function words(text: unknown): string | null {
  return textOf(text) ?? textOf(Object.values(recordOf(recordOf(text)?.['localized']) ?? {})[0]);
}
