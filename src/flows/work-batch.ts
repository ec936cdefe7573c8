import { type AttemptResult, leaseOf } from '../domain/retry.ts';
import type { Vault } from '../domain/vault.ts';
import type { Claimed } from '../store/delivery-claim.ts';
import { type KeptBody, keepBodies } from '../store/delivery-keep.ts';
import type { Settlement } from '../store/delivery-settle.ts';
import { attemptDelivery, givenBack, notSent, type RenderFault, unrendered } from './attempt-delivery.ts';
import type { DeliveryLane } from './delivery-lane.ts';
import type { DispatcherDeps } from './dispatch-deps.ts';
import { renderDelivery } from './render-delivery.ts';
import type { Settler } from './settler.ts';

const TO_SETTLE_MS = 3_500; // an answer has to be written before the lease ends

/** What a batch is worked with. */
export interface BatchDeps extends DispatcherDeps {
  readonly lanes: ReadonlyMap<string, DeliveryLane>;
  readonly settler: Settler;
  readonly dropLane: (endpointId: string, lane: DeliveryLane) => void;
}

/** A claimed delivery with its lane and the bytes to send. */
interface Ready {
  readonly claimed: Claimed;
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
  const enqueued = new Set<Claimed>();
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
      if (body === null && !mine.has(held.deliveryId)) continue; // taken away meanwhile
      enqueued.add(result.claimed);
      settled.push(inTurn(deps, result, claimedAt));
    }
  } finally {
    for (const { one, lane } of placed) if (!enqueued.has(one)) lane.passOver();
  }
  await Promise.all(settled);
}

/** The bytes to send, or what becomes of a delivery that is not sent. */
async function prepare(deps: BatchDeps, claimed: Claimed, lane: DeliveryLane): Promise<Ready | Settlement> {
  const sending = lane.sending();
  const never = notSent(claimed, sending, deps.clock());
  if (never !== null) return never;
  const fail = (fault: RenderFault) => unrendered(claimed, sending, fault, deps.clock(), deps.chance());
  try {
    if (claimed.body !== null) return { claimed, lane, ...opened(deps.vault, claimed.body) };
    const rendered = await renderDelivery(claimed, sending, deps.outbound.mapper);
    return rendered.kind === 'body' ? { claimed, lane, ...rendered } : fail(rendered);
  } catch (error) {
    deps.reports.failed('render', error);
    return fail({ reason: 'not_rendered', detail: 'The body could not be made; the log says why.' });
  }
}

function toKeep(vault: Vault, { claimed, contentType, body }: Ready): KeptBody {
  const sealed = vault.atRest !== 'none';
  return { held: claimed.held, contentType, body: sealed ? vault.seal(body) : body, sealed };
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
        if (performance.now() - claimedAt > patienceMs) return done(giveBack());
        const settlement = await send(deps, ready);
        done(deps.settler.settle(settlement)); // its place is free meanwhile
      },
      giveBack: () => done(giveBack()),
    });
  });
}

async function send(deps: BatchDeps, { claimed, lane, contentType, body }: Ready): Promise<Settlement> {
  const sending = lane.sending();
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
