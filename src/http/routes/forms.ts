import { Type } from 'typebox';
import { createPhoneCounts } from '../../flows/phone-counts.ts';
import { receiveForm } from '../../flows/receive-form.ts';
import type { App, Routes } from '../deps.ts';
import { answerReceived, answerRefused, problemOfForm } from '../form-answer.ts';
import { answerPreflight, createFormGate, FormParams, requireRoom } from '../form-gate.ts';
import { problemOf } from '../problem-handler.ts';
import { pushOf, readAnyBodies } from '../push-of.ts';
import { createRateLimiter } from '../rate-limit.ts';

const PER_IP_PER_MINUTE = 30;

const ABOUT =
  'For the pages themselves, without a key: urlencoded, multipart or JSON. A script (JSON, `Accept: application/json`, `X-Requested-With`, fetch) gets `{"status":"received"}`, a plain form 303 to its field `redirect` where `settings.form.redirects` allows it, else a small page. Nothing tells what was decided, and what is suspected of a bot is answered as success and kept in quarantine. A phone that is none is answered 422, and kept too.';

/** POST /v1/forms/:source, and the preflight that browsers send before: the way in of landing pages. */
export const formRoutes: Routes = (app, deps) => {
  app.register(async (forms: App) => {
    readAnyBodies(forms);
    const senders = createRateLimiter();
    const receiving = {
      ...deps.inbound,
      vault: deps.vault,
      region: deps.limits.defaultRegion,
      phones: createPhoneCounts(),
    };
    const gate = createFormGate(deps, ({ ip }, { source: { id, settings } }) => {
      const most = settings.form?.per_ip_per_minute ?? PER_IP_PER_MINUTE;
      requireRoom(senders.take(`${id} ${ip}`, most, deps.clock()));
    });

    forms.setErrorHandler((error, request, reply) => answerRefused(request, reply, problemOf(error)));

    forms.post('/v1/forms/:source', {
      schema: {
        tags: ['capture'],
        summary: '落地页表单: a form of a landing page',
        description: ABOUT,
        params: FormParams,
        response: { 200: Type.Unknown({ description: 'Received: `{"status":"received"}`, or a page that says so.' }) },
      },
      config: {
        scope: 'public',
        cors: false, // the source says which pages may call
        problems: [
          'origin_not_allowed',
          'field_not_allowed',
          'phone_invalid',
          'phone_masked',
          'phone_scientific_notation',
          'phone_relay',
          'phone_not_personal',
          'phone_empty',
          'unparsable',
          'rate_limited',
          'not_found',
          'database_unavailable',
        ],
      },
      onRequest: gate.onRequest,
      handler: async (request, reply) => {
        const loaded = gate.sourceOf(request);
        const { ip, id: requestId } = request;
        const verdict = await receiveForm(receiving, loaded, pushOf(request, deps.clock()), { ip, requestId });
        if (verdict.kind !== 'received') throw problemOfForm(verdict);
        return answerReceived(request, reply, verdict.redirect, loaded.source.settings.form?.thanks);
      },
    });
    answerPreflight(forms, '/v1/forms/:source', gate);
  });
};
