import type { FastifyRequest } from 'fastify';
import type { LoadedSource } from '../../flows/source-book.ts';
import { createPageBehaviours } from '../../flows/take-behaviours.ts';
import { behaviourOf } from '../behaviour-input.ts';
import type { App, Routes } from '../deps.ts';
import { answerPreflight, createFormGate, FormParams, requireRoom } from '../form-gate.ts';
import { parseJson } from '../parse-json.ts';
import { bytesOf, readAnyBodies } from '../push-of.ts';
import { createRateLimiter } from '../rate-limit.ts';
import { PageBehavioursAnswer, PageBehavioursBody } from '../schemas/page-behaviour.ts';

const PATH = '/v1/forms/:source/behaviours';
const MOST_BYTES = 65_536; // a browser sends no larger beacon
const PER_IP_PER_MINUTE = 120;
const PER_MINUTE = 3_000; // of a source: 4 million a day

const ABOUT =
  'For the pages themselves, without a key: what a visitor did, by `visitor_id` alone. JSON, under any Content-Type, so that `navigator.sendBeacon` can send it, from pages of `settings.form.origins` and our own. It waits until a submission carries the visitor id, and counts then. All are taken or none, and the answer tells nothing of the visitor. A paused source answers as ever and keeps nothing.';

/** POST /v1/forms/:source/behaviours, and the preflight before: what visitors of landing pages do. */
export const formBehaviourRoutes: Routes = (app, deps) => {
  const taking = createPageBehaviours(deps.db, deps.vault);
  const senders = createRateLimiter();
  const sources = createRateLimiter();
  const count = ({ ip }: FastifyRequest, { source: { id, settings } }: LoadedSource, behaviours: number): void => {
    const { behaviours_per_ip_per_minute: ofIp, behaviours_per_minute: ofAll } = settings.form ?? {};
    requireRoom(senders.take(`${id} ${ip}`, ofIp ?? PER_IP_PER_MINUTE, deps.clock(), behaviours));
    requireRoom(sources.take(id, ofAll ?? PER_MINUTE, deps.clock(), behaviours));
  };
  // Whatever comes counts as one, so that what is refused is no way around.
  const gate = createFormGate(deps, (request, loaded) => count(request, loaded, 1));

  app.register(async (pages: App) => {
    readAnyBodies(pages);
    pages.post(PATH, {
      schema: {
        tags: ['capture'],
        summary: '落地页行为: what a visitor of a landing page did',
        description: ABOUT,
        params: FormParams,
        body: PageBehavioursBody,
        response: { 200: PageBehavioursAnswer },
      },
      config: {
        scope: 'public',
        cors: false, // the source says which pages may call
        problems: [
          'origin_not_allowed',
          'date_invalid',
          'rate_limited',
          'not_found',
          'overloaded',
          'database_unavailable',
        ],
      },
      bodyLimit: MOST_BYTES,
      onRequest: gate.onRequest,
      preValidation: async (request) => {
        request.body = parseJson(bytesOf(request), deps.limits) as PageBehavioursBody;
      },
      handler: async (request) => {
        const { events } = request.body;
        const loaded = gate.sourceOf(request);
        count(request, loaded, events.length - 1);
        const { defaultRegion: region } = deps.limits;
        const arrival = { source: loaded.source.id, reach: null, receivedAt: deps.clock(), region };
        const items = events.map((event, index) => behaviourOf(event, { ...arrival, path: `/events/${index}` }));
        if (loaded.source.state === 'active') await taking.submit(items);
        return { status: 'received' as const };
      },
    });
    answerPreflight(pages, PATH, gate);
  });
};
