import { type Delivery, REDRIVABLE } from '../domain/delivery.ts';
import { Fault } from '../domain/fault.ts';
import type { Instant } from '../domain/instant.ts';
import { insertAudit } from '../store/audit.ts';
import type { Db, Tx } from '../store/database.ts';
import { type DeliveryPlace, findDelivery, listDeliveries } from '../store/delivery-list.ts';
import { findEndpoint, listEndpoints, PRESENT_ENDPOINTS } from '../store/endpoints.ts';
import {
  type DuePlace,
  type RedriveMatch,
  type RedriveStep,
  redriveGivenUp,
  redriveParked,
  redriveThese,
} from '../store/redrive.ts';
import { type Act, auditAct } from './act.ts';

/** What is to be sent again. */
export interface RedriveQuery extends RedriveMatch {
  readonly endpointId?: string;
  readonly leadId?: string;
}

/** How much was put back into the queue, and whether it ended at its limit. */
export interface Redriven {
  readonly redriven: number;
  readonly more: boolean;
}

const STEP = 5_000; // rows of one transaction: some hundred milliseconds, so that no claim waits long for a lock

/** Sends one delivery again; throws Fault `not_found`, `state_conflict`. */
export async function redriveOne(tx: Tx, act: Act, id: string): Promise<Delivery> {
  const delivery = await findDelivery(tx, id);
  if (delivery === null) throw new Fault('not_found', null, `There is no delivery ${id}.`);
  const { state, endpointId } = delivery;
  if (!REDRIVABLE.some((redrivable) => redrivable === state)) {
    throw new Fault('state_conflict', null, `The delivery is ${state}; only ${REDRIVABLE.join(', ')} can be redriven.`);
  }
  const endpoint = await findEndpoint(tx, endpointId);
  if (endpoint === null || endpoint.state === 'deleted') {
    throw new Fault('state_conflict', null, 'The endpoint was deleted.');
  }
  if ((await redriveThese(tx, [delivery], { states: REDRIVABLE }, act.at)) === 0) {
    throw new Fault('state_conflict', null, 'It is being tried this moment, or its event is no longer kept.');
  }
  const detail = { endpoint_id: endpointId, event_id: delivery.eventId, state, delivery_reason: delivery.reason };
  await auditAct(tx, act, 'delivery.redriven', { kind: 'delivery', id }, detail);
  const fresh = await findDelivery(tx, id);
  if (fresh === null) throw new Error('the delivery was there a moment ago');
  return fresh;
}

/** Sends up to `limit` deliveries again, in steps that are a transaction each: what is done stays done where a later one fails. */
export async function redriveMany(db: Db, act: Act, query: RedriveQuery, limit: number): Promise<Redriven> {
  let redriven = 0;
  for (const walk of await walksOf(db, act, query)) {
    for (let ended = false; !ended; ) {
      const most = Math.min(STEP, limit - redriven);
      const step = await db.transaction().execute(async (tx) => {
        const done = await walk(tx, most);
        if (done.redriven > 0) await auditStep(tx, act, query, done.redriven);
        return done;
      });
      redriven += step.redriven;
      ended = step.ended;
      if (redriven >= limit) return { redriven, more: true };
    }
  }
  return { redriven, more: false };
}

/** The next step of a way through the deliveries. */
type Walk = (tx: Tx, limit: number) => Promise<{ readonly redriven: number; readonly ended: boolean }>;

function walkOf<Place>(
  step: (tx: Tx, page: { readonly after: Place | null; readonly limit: number }) => Promise<RedriveStep<Place>>,
): Walk {
  let after: Place | null = null;
  return async (tx, limit) => {
    const { redriven, next } = await step(tx, { after, limit });
    after = next;
    return { redriven, ended: next === null };
  };
}

async function walksOf(db: Db, { at }: Act, query: RedriveQuery): Promise<readonly Walk[]> {
  const { endpointId, leadId, states } = query;
  if (leadId !== undefined) return [leadWalk(query, leadId, at)];
  const present = (await listEndpoints(db, PRESENT_ENDPOINTS)).map(({ endpoint }) => endpoint.id);
  const givenUp = { ...query, states: states.filter((state) => state !== 'parked') };
  const parked = { ...query, states: states.filter((state) => state === 'parked') };
  return present
    .filter((id) => endpointId === undefined || id === endpointId)
    .flatMap((id) => [
      ...(givenUp.states.length === 0
        ? []
        : [walkOf<DeliveryPlace>((tx, page) => redriveGivenUp(tx, id, givenUp, page, at))]),
      ...(parked.states.length === 0 ? [] : [walkOf<DuePlace>((tx, page) => redriveParked(tx, id, parked, page, at))]),
    ]);
}

/** Those of a lead are found through its events. */
function leadWalk(query: RedriveQuery, leadId: string, at: Instant): Walk {
  const { endpointId, states, from, to } = query;
  const filter = {
    leadId,
    states,
    ...(endpointId === undefined ? {} : { endpointId }),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
  };
  return walkOf<DeliveryPlace>(async (tx, page) => {
    const found = await listDeliveries(tx, filter, page);
    const last = found.at(-1);
    const next = last === undefined || found.length < page.limit ? null : { at: last.createdAt, id: last.id };
    return { redriven: await redriveThese(tx, found, query, at), next };
  });
}

async function auditStep(tx: Tx, act: Act, query: RedriveQuery, redriven: number): Promise<void> {
  const { endpointId, leadId, states, eventType, reason, from, to } = query;
  const detail = {
    redriven,
    states,
    endpoint_id: endpointId,
    lead_id: leadId,
    event_type: eventType,
    delivery_reason: reason,
    from,
    to,
  };
  const { actor, requestId, at } = act;
  const subject = { subjectKind: 'delivery', subjectId: null, reason: null };
  await insertAudit(tx, [{ id: act.newId(), at, actor, action: 'delivery.redriven', ...subject, detail, requestId }]);
}
