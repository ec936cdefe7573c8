import { confirmProfile } from '../../flows/confirm-profile.ts';
import { mergeCustomers } from '../../flows/merge-customers.ts';
import { splitTouch } from '../../flows/split-touch.ts';
import { unmergeCustomers } from '../../flows/unmerge-customers.ts';
import { boundsOf, callsOf, idOf } from '../call.ts';
import type { Routes } from '../deps.ts';
import { idempotent } from '../idempotency.ts';
import { etag, IfMatchHeaders, ifMatch } from '../if-match.ts';
import {
  MergeAnswer,
  MergeBody,
  ProfileBody,
  ProfileChangeAnswer,
  SplitAnswer,
  SplitBody,
  UnmergeAnswer,
  UnmergeBody,
} from '../schemas/customer-work.ts';
import { IdParams } from '../schemas/id-params.ts';

const PROBLEMS = ['gone', 'other_store'] as const;
const TWO = [...PROBLEMS, 'state_conflict'] as const;

/** PATCH /v1/customers/:id and POST …/merge, …/unmerge, …/split: who somebody is. */
export const customerWorkRoutes: Routes = (app, deps) => {
  const callOf = callsOf(deps);
  app.patch('/v1/customers/:id', {
    schema: {
      tags: ['customers'],
      summary: '确认资料: confirm values of the profile',
      description: 'What an adviser has confirmed outranks whatever a form says later. The address is one block.',
      params: IdParams,
      headers: IfMatchHeaders,
      body: ProfileBody,
      response: { 200: ProfileChangeAnswer },
    },
    config: { scope: 'leads:write', idempotent: true, problems: [...PROBLEMS, 'version_conflict', 'version_required'] },
    handler: (request, reply) => {
      const version = ifMatch(request);
      const { clear = [], ...person } = request.body;
      return idempotent(deps, request, reply, async (tx) => {
        const input = { person, clear };
        const { customer, fields, changed } = await confirmProfile(
          tx,
          callOf(request),
          boundsOf(request),
          idOf(request),
          version,
          input,
        );
        const body = { customer_id: customer.id, version: customer.version, confirmed: fields, changed };
        return { status: 200, headers: { etag: etag(customer.version) }, body, customerId: customer.id };
      });
    },
  });

  app.post('/v1/customers/:id/merge', {
    schema: {
      tags: ['customers'],
      summary: '合并客户: make two customers one',
      description:
        'The customer of the path survives, the other becomes its alias: its ids keep resolving. Open leads of one scope become one. Taken back by its merge_id.',
      params: IdParams,
      body: MergeBody,
      response: { 200: MergeAnswer },
    },
    config: { scope: 'ops', idempotent: true, problems: TWO },
    handler: (request, reply) =>
      idempotent(deps, request, reply, async (tx) => {
        const input = { customerId: request.body.customer_id.toLowerCase(), reason: request.body.reason.trim() };
        const merged = await mergeCustomers(tx, callOf(request), boundsOf(request), idOf(request), input);
        const { mergeId, survivorId, absorbedId, leads } = merged;
        const body = { merge_id: mergeId, customer_id: survivorId, absorbed_id: absorbedId, leads };
        return { status: 200, body, customerId: survivorId };
      }),
  });

  app.post('/v1/customers/:id/unmerge', {
    schema: {
      tags: ['customers'],
      summary: '撤销合并: make them two again',
      description:
        'The last merge first. Touches taken meanwhile go with the identity that brought them; later deals, states and edits stay with the survivor.',
      params: IdParams,
      body: UnmergeBody,
      response: { 200: UnmergeAnswer },
    },
    config: { scope: 'ops', idempotent: true, problems: TWO },
    handler: (request, reply) =>
      idempotent(deps, request, reply, async (tx) => {
        const mergeId = request.body.merge_id.toLowerCase();
        const done = await unmergeCustomers(tx, callOf(request), boundsOf(request), idOf(request), mergeId);
        const { survivorId, restoredId, touches } = done;
        const body = { merge_id: mergeId, customer_id: survivorId, restored_id: restoredId, touches };
        return { status: 200, body, customerId: survivorId };
      }),
  });

  app.post('/v1/customers/:id/split', {
    schema: {
      tags: ['customers'],
      summary: '拆分客户: give a touch to a customer of its own',
      description:
        'For a shared number, or one that was sold on. Its lead goes along where it consists of that touch only; deals stay.',
      params: IdParams,
      body: SplitBody,
      response: { 201: SplitAnswer },
    },
    config: { scope: 'ops', idempotent: true, problems: TWO },
    handler: (request, reply) =>
      idempotent(deps, request, reply, async (tx) => {
        const { touch_id, reason, take_identity } = request.body;
        const identity = take_identity === true ? ('take' as const) : ('leave' as const);
        const input = { touchId: touch_id.toLowerCase(), reason: reason.trim(), identity };
        const made = await splitTouch(tx, callOf(request), boundsOf(request), idOf(request), input);
        const { customerId, fromCustomerId, leadId, touchId, identities } = made;
        const ids = { customer_id: customerId, from_customer_id: fromCustomerId, lead_id: leadId, touch_id: touchId };
        return { status: 201, body: { ...ids, identities }, customerId };
      }),
  });
};
