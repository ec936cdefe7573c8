import type { Test } from 'tap';
import { createSeedSource } from '../../src/flows/seed.ts';
import { scoreDecayWorker } from '../../src/workers/score-decay.ts';
import type { ServiceOptions } from './service.ts';
import { startWorking, type Working } from './working.ts';

/** A service whose scores are swept only when told to. */
export interface Scoring extends Working {
  /** Does what the worker does in one round, as of the moment given. */
  readonly sweep: () => Promise<number>;
  /** Sets our time. */
  readonly at: (moment: string) => void;
  /** Makes a version and activates it. */
  readonly activate: (document: object, options?: object) => Promise<number>;
  /** The score of a lead by the active version. */
  readonly scoreOf: (leadId: string) => Promise<Working['get'] extends (path: string) => Promise<infer A> ? A : never>;
  /** Types of the lead's score events, in sequence. */
  readonly crossingsOf: (leadId: string) => Promise<readonly string[]>;
}

/** The model of the scenarios: a director counts 10, a pricing page 8, a mail opened 2, a download 8. */
export const MODEL = {
  attributes: [{ name: 'director', field: 'person.job_title', when: { is: 'equals', value: 'Director' }, points: 10 }],
  events: {
    pricing_page: { points: 8, group: 'web' },
    download: { points: 8, group: 'web' },
    email_open: { points: 2, group: 'mail' },
  },
  groups: { web: { cap: 100, half_life_days: 30 }, mail: { cap: 20, half_life_days: 30 } },
  bands: { mql: 30, sql: 50, hot: 80, rearm: 5 },
};

const CROSSINGS = ['lead.left_nurture', 'lead.qualified', 'lead.hot'];

/** Starts the service a second before noon of 1 June 2026 in Shanghai; activating a version takes a second. */
export async function startScoring(t: Test, options: ServiceOptions = {}): Promise<Scoring> {
  const service = await startWorking(t, options);
  let now = 0;
  const at = (moment: string) => {
    now = Date.parse(moment);
    service.setClock(now);
  };
  at('2026-06-01T11:59:59+08:00');
  const worker = scoreDecayWorker(service.db, { vault: service.vault, seeds: createSeedSource() }, () => now);
  return {
    ...service,
    at,
    sweep: worker.round,
    activate: async (document, more = {}) => {
      const { version } = await service.post('/v1/score-models', { name: 'test', document });
      const items = (await service.get('/v1/score-models')).items as { state: string; version: number }[];
      const expected = items.find(({ state }) => state === 'active')?.version ?? null;
      await service.post(`/v1/score-models/${version}/activate`, { expected_active: expected, ...more });
      await worker.round();
      at(new Date(now + 1000).toISOString()); // what comes at the moment of activation counts as before it
      return version;
    },
    scoreOf: async (leadId) => (await service.get(`/v1/leads/${leadId}/score`)).active,
    crossingsOf: async (leadId) =>
      (await service.eventsOf(leadId)).map(({ type }) => type).filter((type) => CROSSINGS.includes(type)),
  };
}
