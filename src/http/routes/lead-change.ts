import { setExternalRef } from '../../flows/set-external-ref.ts';
import { boundsOf, callsOf, idOf } from '../call.ts';
import type { Routes } from '../deps.ts';
import { idempotent } from '../idempotency.ts';
import { etag, IfMatchHeaders, ifMatch } from '../if-match.ts';
import { LeadChangeAnswer, LeadRefBody } from '../schemas/lead-work.ts';
import { NamedParams } from '../schemas/named-params.ts';
import { leadChangeAnswer } from '../views/lead-change.ts';

/** PATCH /v1/leads/:id: what another system calls a lead. */
export const leadChangeRoutes: Routes = (app, deps) => {
  const callOf = callsOf(deps);
  app.patch('/v1/leads/:id', {
    schema: {
      tags: ['leads'],
      summary: '外部编号: say what another system calls a lead',
      description:
        '`GET /v1/leads?external_ref=` finds it by that, after a merge too. `ref:` and the external_ref names it in every path of a lead from then on. The same again for no change.',
      params: NamedParams,
      headers: IfMatchHeaders,
      body: LeadRefBody,
      response: { 200: LeadChangeAnswer },
    },
    config: {
      scope: 'leads:write',
      idempotent: true,
      problems: ['other_store', 'gone', 'version_required', 'version_conflict', 'external_ref_taken'],
    },
    handler: (request, reply) => {
      const seen = ifMatch(request);
      return idempotent(deps, request, reply, async (tx) => {
        const input = { externalRef: request.body.external_ref, seen };
        const change = await setExternalRef(tx, callOf(request), boundsOf(request), idOf(request), input);
        const { customerId, lead } = change;
        return { status: 200, headers: { etag: etag(lead.version) }, body: leadChangeAnswer(change), customerId };
      });
    },
  });
};
