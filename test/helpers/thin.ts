import type { ServerResponse } from 'node:http';
import type { Test } from 'tap';
import type { Source } from '../../src/domain/source.ts';
import type { FetchLeadsDeps } from '../../src/flows/fetch-leads.ts';
import { createLeadFetcher, type LeadFetcher } from '../../src/flows/fetch-leads.ts';
import { createApiGet } from '../../src/webhooks/api-get.ts';
import type { TargetRules } from '../../src/webhooks/outbound.ts';
import { type Sample, samples, signedWith, unsignedPush } from '../channels/samples.ts';
import { type Receiver, startReceiver } from './receiver.ts';
import { type Reply, type Service, startService } from './service.ts';

/** A service with a platform that its sources fetch from, a clock that goes when told to, and a fetcher that works by the round. */
export interface Thin {
  readonly service: Service;
  readonly platform: Receiver;
  readonly refused: readonly Source[];
  readonly failures: readonly unknown[];
  readonly fetcher: LeadFetcher;
  /** Another fetcher, as of another process, or with something of it changed. */
  readonly another: (change?: Partial<FetchLeadsDeps>, rules?: TargetRules) => LeadFetcher;
  /** Lets time pass, a second unless told otherwise, and works a round. */
  readonly round: (seconds?: number, fetcher?: LeadFetcher) => Promise<number>;
  readonly makeSource: (kind: 'meta' | 'linkedin', settings?: object) => Promise<ThinSource>;
  readonly fetches: () => Promise<readonly FetchRow[]>;
}

export interface FetchRow {
  readonly external_id: string;
  readonly state: string;
  readonly attempts: number;
  readonly due: number; // seconds from now
  readonly fault: string | null;
}

/** A source of a platform that sends ids only. */
export interface ThinSource {
  readonly id: string;
  readonly push: (id: string, action?: 'CREATED' | 'DELETED') => Promise<Reply>;
}

const SECRET = 'made-up-secret';
const LOCAL: TargetRules = { http: 'allow', allowed: ['127.0.0.0/8'] };
export const BEGAN = Date.parse('2026-04-12T02:00:00Z'); // an hour after the samples' leads were made

export async function startThin(t: Test): Promise<Thin> {
  const service = await startService(t);
  const platform = await startReceiver(t);
  let now = BEGAN;
  service.setClock(now);
  const refused: Source[] = [];
  const failures: unknown[] = [];
  const another: Thin['another'] = (change = {}, rules = LOCAL) => {
    const api = createApiGet({ rules, clock: () => now });
    t.teardown(api.close);
    return createLeadFetcher({
      ...service.inbound,
      api,
      reports: {
        refused: (source) => void refused.push(source),
        expiring: () => {},
        failed: (_source, error) => void failures.push(error),
      },
      ...change,
    });
  };
  const fetcher = another();
  return {
    service,
    platform,
    refused,
    failures,
    fetcher,
    another,
    round: (seconds = 1, by = fetcher) => {
      now += seconds * 1000;
      service.setClock(now);
      return by.round();
    },
    makeSource: (kind, settings = {}) => makeSource(service, kind, { api_base: platform.url, ...settings }),
    fetches: async () => {
      const rows = await service.db.selectFrom('lead_fetch').selectAll().orderBy('external_id').execute();
      return rows.map(({ external_id, state, attempts, due_at, fault }) => ({
        external_id,
        state,
        attempts,
        due: (due_at - now) / 1000,
        fault,
      }));
    },
  };
}

/** Makes a source that fetches from a platform, in any service that can be called. */
export async function makeSource(
  service: Pick<Service, 'call'>,
  kind: 'meta' | 'linkedin',
  settings: object,
): Promise<ThinSource> {
  const credentials = { access_token: 'first-token', ...(kind === 'meta' ? { verify_token: 'made-up' } : {}) };
  const body = { name: `${kind} ${crypto.randomUUID()}`, kind, secret: SECRET, credentials, settings };
  const made = await service.call('POST', '/v1/sources', { body });
  if (made.status !== 201) throw new Error(made.text);
  const { id, address } = made.body;
  const [sample] = samples(kind).filter(({ file }) => file === (kind === 'meta' ? 'lead' : 'created'));
  if (sample === undefined) throw new Error('no sample');
  return {
    id,
    push: (lead, action = 'CREATED') => {
      const text = sample.request.body
        ?.replaceAll('200000000000002', lead)
        .replaceAll('leadGenFormResponse:demo-1', `leadGenFormResponse:${lead}`)
        .replaceAll('CREATED', action);
      const changed: Sample = { ...sample, request: { ...sample.request, body: text ?? '' } };
      const setup = { secrets: [SECRET], credentials: {}, settings: {} };
      const push = signedWith(sample, { ...unsignedPush(changed), path: address }, setup);
      return service.call('POST', address, { key: null, headers: push.headers, raw: Buffer.from(push.body) });
    },
  };
}

/** The answer of Meta's API for a lead. */
export function metaLead(id: string, phone: string | null, more: Readonly<Record<string, string>> = {}): object {
  const answers = { full_name: '测试甲', ...(phone === null ? {} : { phone_number: phone }), ...more };
  return {
    id,
    created_time: '2026-04-12T01:00:05+0000',
    form_id: '300000000000003',
    campaign_id: '600000000000006',
    campaign_name: '六月',
    platform: 'ig',
    field_data: Object.entries(answers).map(([name, value]) => ({ name, values: [value] })),
  };
}

/** The answer of LinkedIn's API for a response. */
export function linkedinLead(id: string, phone: string, name = '欧阳测试'): object {
  const text = (questionId: number, answer: string) => ({
    questionId,
    answerDetails: { textQuestionAnswer: { answer } },
  });
  return {
    id,
    submittedAt: 1_775_955_600_000,
    form: {
      name: '试驾',
      content: {
        questions: [
          { questionId: 1, predefinedField: 'FULL_NAME', question: 'Full name' },
          { questionId: 2, predefinedField: 'PHONE_NUMBER', question: 'Phone number' },
        ],
      },
    },
    formResponse: { answers: [text(1, name), text(2, phone)] },
  };
}

/** Answers with JSON. */
export function answerJson(response: ServerResponse, status: number, value: unknown, headers: object = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(value));
}
