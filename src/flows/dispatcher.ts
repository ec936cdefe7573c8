import type { Instant } from '../domain/instant.ts';
import { leaseOf } from '../domain/retry.ts';
import type { Crew } from '../domain/share.ts';
import { type ClaimAnswer, type Claimed, claimDeliveries, type Want } from '../store/delivery-claim.ts';
import { settleDeliveries } from '../store/delivery-settle.ts';
import { type DeliveryLane, openLane } from './delivery-lane.ts';
import type { DispatcherDeps } from './dispatch-deps.ts';
import { createSettler } from './settler.ts';
import { createSignal } from './signal.ts';
import { workBatch } from './work-batch.ts';

/** Sends what is due, to every active endpoint, within its caps; any number of processes may. */
export interface Dispatcher {
  /** Begins to work by itself. */
  readonly start: () => void;
  /** Says that something may have become due. */
  readonly wake: () => void;
  /** Works until nothing is due and nothing is under way. Not while it works by itself. */
  readonly drain: () => Promise<void>;
  /** Claims no more, lets what is under way end, gives back the rest, and signs off; again for the same end. */
  readonly stop: () => Promise<void>;
  /** How many other processes deliver, as last heard. */
  readonly others: () => number;
}

const POLL_MS = 1_000; // a retry becomes due without anybody saying so
const REFRESH_MS = 1_000;
const WOKEN_REFRESH_MS = 100; // an endpoint saved a moment ago is sent its first event at once
const BEAT_MS = 5_000;
const MOST_SLOTS = 500; // of one endpoint in one claim
const LEAST_FAIR = 2;

/** Builds a dispatcher; nothing is done before `start` or `drain`. */
export function createDispatcher(deps: DispatcherDeps): Dispatcher {
  const { clock, reports } = deps;
  const lanes = new Map<string, DeliveryLane>();
  const signal = createSignal();
  let crew: Crew = { rank: 0, size: 1 };
  let refreshedAt = Number.NEGATIVE_INFINITY; // performance.now()
  let beatAt = Number.NEGATIVE_INFINITY;
  let polledAt = Number.NEGATIVE_INFINITY;
  let woken = false;
  let refreshing: Promise<void> | null = null;
  let stopping = false;
  let loop: Promise<void> | null = null;
  let stopped: Promise<void> | null = null;
  const batches = new Set<Promise<void>>();

  const settler = createSettler({
    write: async (settlements) => settleDeliveries(await deps.settles(), settlements, clock()),
    pause: (tried) => signal.pause(100 * 2 ** tried),
    clock: () => performance.now(),
    report: ({ opened }) => {
      for (const id of opened) markDue(lanes.get(id));
    },
    failed: (error) => reports.failed('settle', error),
  });

  function markDue(lane: DeliveryLane | undefined): void {
    if (lane === undefined) return;
    lane.due = true;
    signal.ring();
  }

  async function refresh(): Promise<void> {
    refreshedAt = performance.now();
    if (refreshedAt - beatAt >= BEAT_MS) {
      crew = await deps.beat();
      beatAt = refreshedAt;
    }
    const current = new Map((await deps.readEndpoints()).map((sending) => [sending.endpoint.id, sending]));
    for (const [id, lane] of lanes) {
      if (current.has(id)) continue;
      drop(id, lane);
    }
    for (const [id, sending] of current) {
      const lane = lanes.get(id);
      if (lane === undefined && !stopping) lanes.set(id, openLane(sending, clock(), signal.ring));
      else lane?.update(sending);
    }
  }

  function stale(): void {
    refreshedAt = Number.NEGATIVE_INFINITY;
    signal.ring();
  }

  function drop(id: string, lane: DeliveryLane): void {
    lane.halt();
    lanes.delete(id);
    deps.outbound.sender.forget(id);
  }

  function wants(now: Instant): readonly Want[] {
    const underWay = [...lanes.values()].reduce((sum, lane) => sum + lane.underWay(), 0);
    const busy = [...lanes.values()].filter((lane) => lane.due || lane.underWay() > 0).length;
    const fair = Math.max(LEAST_FAIR, Math.floor(deps.concurrency / Math.max(1, busy)));
    let free = deps.concurrency * 2 - underWay; // what is claimed ahead counts too
    const wanted: Want[] = [];
    for (const [endpointId, lane] of lanes) {
      if (!lane.due) continue;
      const slots = Math.min(lane.slots(now, crew, fair), free, MOST_SLOTS);
      if (slots <= 0) continue;
      free -= slots;
      const { settings } = lane.sending().endpoint;
      const leaseMs = leaseOf(settings.timeout_ms);
      const holdMs = settings.hold.seconds * 1000;
      const consent = settings.purpose === null ? 'skip' : 'ask';
      // By hand there may be no later look: everything is looked at.
      const window = lane.window.next(slots, loop === null ? Number.POSITIVE_INFINITY : performance.now());
      wanted.push({ endpointId, slots, ...window, leaseMs, holdMs, consent });
    }
    return wanted;
  }

  /** Claims once and begins what was claimed; answers whether there was anything. */
  async function turn(): Promise<'something' | 'nothing'> {
    const now = clock();
    const wanted = wants(now);
    if (wanted.length === 0) return 'nothing';
    for (const { endpointId } of wanted) due(endpointId, false); // whoever wakes it from here on is not missed
    const began = performance.now();
    let answer: ClaimAnswer;
    try {
      answer = await claimDeliveries(await deps.claims(), deps.vault, wanted, now);
    } catch (error) {
      for (const { endpointId } of wanted) due(endpointId, true);
      throw error;
    }
    const { claimed, seen } = answer;
    reports.claimed(performance.now() - began, claimed.length);
    // Fewer than it could take, or than it could look at where some wait for others: then that was all.
    for (const { endpointId, slots } of wanted) {
      const saw = seen.get(endpointId);
      if (saw === undefined) continue; // paused since
      lanes.get(endpointId)?.window.saw(saw, now);
      if (saw.looked > slots) due(endpointId, true);
    }
    if (claimed.length > 0) begin(claimed, began);
    return claimed.length > 0 || [...seen.values()].some(({ looked }) => looked > 0) ? 'something' : 'nothing';
  }

  function due(endpointId: string, is: boolean): void {
    const lane = lanes.get(endpointId);
    if (lane !== undefined) lane.due = is;
  }

  /** Begins what was claimed; endpoints with expressions by themselves, so that a slow one holds up nobody else. */
  function begin(claimed: readonly Claimed[], claimedAt: number): void {
    const groups = new Map<string, Claimed[]>();
    for (const one of claimed) {
      const mapping = lanes.get(one.held.endpointId)?.sending().endpoint.settings.mapping ?? null;
      const group = mapping === null ? '' : one.held.endpointId;
      groups.set(group, [...(groups.get(group) ?? []), one]);
    }
    for (const group of groups.values()) beginBatch(group, claimedAt);
  }

  function beginBatch(claimed: readonly Claimed[], claimedAt: number): void {
    const batch = workBatch({ ...deps, lanes, settler, stale, dropLane: drop }, claimed, claimedAt)
      .catch((error) => reports.failed('keep', error)) // leases end by themselves
      .finally(() => batches.delete(batch));
    batches.add(batch);
  }

  async function work(): Promise<void> {
    while (!stopping) {
      try {
        await prepare();
        if ((await turn()) === 'something') continue;
        await signal.wait(pauseMs());
      } catch (error) {
        reports.failed('claim', error);
        await signal.pause(POLL_MS);
      }
    }
  }

  async function prepare(): Promise<void> {
    const now = performance.now();
    if (now - refreshedAt >= (woken ? WOKEN_REFRESH_MS : REFRESH_MS)) {
      refreshing ??= refresh().finally(() => {
        refreshing = null;
        signal.ring();
      });
      // What is known is enough to go on with: a claim leaves out what is paused, and what has changed is given back.
      if (lanes.size === 0) await refreshing;
      else refreshing.catch((error) => reports.failed('open', error));
    }
    woken = false;
    if (now - polledAt < POLL_MS) return;
    polledAt = now;
    for (const lane of lanes.values()) lane.due = true;
  }

  /** Until the next poll, or until the rate of an endpoint lets another one go. */
  function pauseMs(): number {
    const now = clock();
    const held = [...lanes.values()].filter((lane) => lane.due).map((lane) => lane.heldFor(now, crew));
    return Math.max(1, Math.min(POLL_MS, ...held.map((ms) => (ms === null || ms === 0 ? POLL_MS : ms))));
  }

  async function settleAll(): Promise<void> {
    while (batches.size > 0) await Promise.all(batches);
    await settler.idle();
  }

  async function stop(): Promise<void> {
    stopping = true;
    for (const lane of lanes.values()) lane.halt();
    signal.ring();
    await loop;
    await refreshing?.catch(() => {}); // told of where it was begun
    await settleAll();
    if (beatAt > Number.NEGATIVE_INFINITY) await deps.leave().catch((error) => reports.failed('settle', error));
  }

  function wake(): void {
    woken = true;
    for (const lane of lanes.values()) lane.due = true;
    signal.ring();
  }

  return {
    start: () => {
      loop ??= work();
    },
    wake,
    drain: async () => {
      for (let found = 'something'; found === 'something'; ) {
        await refresh();
        wake();
        found = await turn();
        await settleAll();
      }
    },
    stop: () => {
      stopped ??= stop();
      return stopped;
    },
    others: () => crew.size - 1,
  };
}
