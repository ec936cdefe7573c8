import type { SendingEndpoint } from '../domain/endpoint.ts';
import { type AttemptResult, leaseOf } from '../domain/retry.ts';
import type { Vault } from '../domain/vault.ts';
import type { Claimed } from '../store/delivery-claim.ts';
import { type KeptBody, keepBodies } from '../store/delivery-keep.ts';
import type { Settlement } from '../store/delivery-settle.ts';
import { attemptDelivery, givenBack, notSent, type RenderFault, unrendered } from './attempt-delivery.ts';
import type { DeliveryLane } from './delivery-lane.ts';
import type { DispatcherDeps } from './dispatch-deps.ts';
import { type Readable, renderDelivery } from './render-delivery.ts';
import type { Settler } from './settler.ts';

/** Mappings that cost their whole limit: an endpoint is spared for them as for not answering. */
const SLOW: ReadonlySet<string> = new Set(['mapping_timeout', 'mapping_too_large']);

const TO_SETTLE_MS = 3_500; // an answer has to be written before the lease ends

/** What a batch is worked with. */
export interface BatchDeps extends DispatcherDeps {
  readonly lanes: ReadonlyMap<string, DeliveryLane>;
  readonly settler: Settler;
  readonly stale: () => void; // endpoints have changed since they were read
  readonly dropLane: (endpointId: string, lane: DeliveryLane) => void;
}

/** A claimed delivery with its lane and the bytes to send. */
interface Ready {
  readonly claimed: Readable;
  readonly sending: SendingEndpoint; // whom the body was made for
  readonly lane: DeliveryLane;
  readonly contentType: string;
  readonly body: Buffer;
}

/** Renders what has no body yet, keeps it, and sends everything in its turn; resolves when all is settled. */
export async function workBatch(deps: BatchDeps, claimed: readonly Claimed[], claimedAt: number): Promise<void> {
  const placed: { readonly one: Claimed; readonly lane: DeliveryLane }[] = [];
  const settled: Promise<void>[] = [];
  for (const one of claimed) {
    const lane = deps.lanes.get(one.held.endpointId);
    if (lane === undefined)
      settled.push(deps.settler.settle(givenBack(one, deps.clock()))); // paused or deleted since
    else placed.push({ one, lane });
  }
  for (const { lane } of placed) lane.reserve(1);
  const enqueued = new Set<string>();
  try {
    const prepared = await Promise.all(placed.map(({ one, lane }) => prepare(deps, one, lane)));
    const ready = prepared.filter((result) => 'lane' in result);
    for (const result of prepared) if (!('lane' in result)) settled.push(deps.settler.settle(result));
    const fresh = ready.filter((result) => result.claimed.body === null);
    const mine = await keepBodies(
      await deps.bodies(),
      fresh.map((result) => toKeep(deps.vault, result)),
    );
    for (const result of ready) {
      const { body, held } = result.claimed;
      if (body === null && !mine.has(held.deliveryId)) {
        // Taken away meanwhile, then this changes nothing; or its endpoint was changed, or another claim has kept a body.
        settled.push(deps.settler.settle(givenBack(result.claimed, deps.clock())));
        continue;
      }
      enqueued.add(held.deliveryId);
      settled.push(inTurn(deps, result, claimedAt));
    }
  } finally {
    for (const { one, lane } of placed) if (!enqueued.has(one.held.deliveryId)) lane.passOver();
  }
  await Promise.all(settled);
}

/** The bytes to send, or what becomes of a delivery that is not sent. */
async function prepare(deps: BatchDeps, claimed: Claimed, lane: DeliveryLane): Promise<Ready | Settlement> {
  const sending = lane.sending();
  // Changed since it was read: what is claimed waits until the change is known here.
  if (claimed.endpointVersion !== sending.endpoint.version) {
    deps.stale();
    return givenBack(claimed, deps.clock());
  }
  const fail = (fault: RenderFault) => unrendered(claimed, sending, fault, deps.clock(), deps.chance());
  const { facts } = claimed;
  if (facts === null) return fail({ reason: 'not_readable', detail: 'It is sealed under a key that is not here.' });
  const readable = { ...claimed, facts };
  const never = notSent(readable, sending, deps.clock());
  if (never !== null) return never;
  try {
    if (claimed.body !== null) return { claimed: readable, lane, sending, ...opened(deps.vault, claimed.body) };
    const rendered = await renderDelivery(readable, sending, deps.outbound.mapper);
    if (rendered.kind === 'body') return { claimed: readable, lane, sending, ...rendered };
    if (SLOW.has(rendered.reason)) lane.ended('failing', deps.clock(), deps.chance());
    return fail(rendered);
  } catch (error) {
    deps.reports.failed('render', error);
    return fail({ reason: 'not_rendered', detail: 'The body could not be made; the log says why.' });
  }
}

function toKeep(vault: Vault, { claimed, sending, contentType, body }: Ready): KeptBody {
  const sealed = vault.atRest !== 'none';
  const endpointVersion = sending.endpoint.version;
  return { held: claimed.held, endpointVersion, contentType, body: sealed ? vault.seal(body) : body, sealed };
}

function opened(vault: Vault, { contentType, body, sealed }: NonNullable<Claimed['body']>) {
  return { contentType, body: sealed ? vault.open(body) : body };
}

/** Sends when the lane has a place; one whose lease might end before its answer is settled is given back instead. */
function inTurn(deps: BatchDeps, ready: Ready, claimedAt: number): Promise<void> {
  const { lane, claimed } = ready;
  const timeoutMs = lane.sending().endpoint.settings.timeout_ms;
  const patienceMs = leaseOf(timeoutMs) - timeoutMs - TO_SETTLE_MS;
  const giveBack = () => deps.settler.settle(givenBack(claimed, deps.clock()));
  return new Promise((done) => {
    lane.enqueue({
      send: async () => {
        const changed = lane.sending().endpoint.version !== ready.sending.endpoint.version;
        if (changed || performance.now() - claimedAt > patienceMs) return done(giveBack());
        const settlement = await send(deps, ready);
        done(deps.settler.settle(settlement)); // its place is free meanwhile
      },
      giveBack: () => done(giveBack()),
    });
  });
}

async function send(deps: BatchDeps, { claimed, lane, sending, contentType, body }: Ready): Promise<Settlement> {
  try {
    const { sent, result, verdict, settlement } = await attemptDelivery(deps, claimed, sending, { contentType, body });
    const now = deps.clock();
    lane.ended(healthOf(result), now, deps.chance());
    deps.health(lane, result.kind === 'delivered' ? 'yes' : 'no', now);
    deps.reports.attempted({
      endpointId: claimed.held.endpointId,
      deliveryId: claimed.held.deliveryId,
      eventType: claimed.event.type,
      attempt: claimed.attempts,
      result,
      state: settlement.state,
      milliseconds: sent.duration,
      firstByteMs: claimed.attempts > 1 || sent.sentAt === null ? null : sent.sentAt - claimed.event.recordedAt,
    });
    if (verdict.kind === 'retry' && verdict.pauses) await pause(deps, claimed.held.endpointId, lane);
    return settlement;
  } catch (error) {
    deps.reports.failed('send', error);
    const fault = { reason: 'not_sent', detail: 'The request could not be made; the log says why.' };
    return unrendered(claimed, sending, fault, deps.clock(), deps.chance());
  }
}

/** Stops at once, and opens the lane again only when the endpoint is found active later. */
async function pause(deps: BatchDeps, endpointId: string, lane: DeliveryLane): Promise<void> {
  lane.halt();
  await deps.pauseGone(endpointId).catch((error) => deps.reports.failed('pause', error));
  deps.dropLane(endpointId, lane);
}

function healthOf(result: AttemptResult): 'working' | 'failing' | 'silent' {
  if (result.kind === 'delivered') return 'working';
  switch (result.fault) {
    case 'rejected':
    case 'throttled':
      return 'working';
    case 'transient':
      return 'failing';
    case 'gone':
    case 'forbidden':
      return 'silent';
  }
}
