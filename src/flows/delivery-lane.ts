import { allowed, type Breaker, breakerAt, CLOSED, failed, rampRate, succeeded } from '../domain/breaker.ts';
import type { SendingEndpoint } from '../domain/endpoint.ts';
import type { Instant } from '../domain/instant.ts';
import { type Pace, refill, startPace, untilNext } from '../domain/pace.ts';
import { type Crew, shareOf } from '../domain/share.ts';
import { type ClaimWindow, openClaimWindow } from './claim-window.ts';

/** One endpoint as a process sends to it: what is under way, and how much more may be. */
export interface DeliveryLane {
  readonly sending: () => SendingEndpoint;
  /** Takes over what has changed of the endpoint. */
  readonly update: (sending: SendingEndpoint) => void;
  /** How many more deliveries may be claimed now, of at most `fair`. */
  readonly slots: (now: Instant, crew: Crew, fair: number) => number;
  /** Milliseconds until its rate lets another one go; null: its rate does not hold it. */
  readonly heldFor: (now: Instant, crew: Crew) => number | null;
  /** Keeps places for what has been claimed, until each is enqueued or passed over. */
  readonly reserve: (count: number) => void;
  /** A claimed delivery that is not sent. */
  readonly passOver: () => void;
  /** Does a claimed delivery in its turn, or gives it back where the endpoint is sent to no more. */
  readonly enqueue: (job: LaneJob) => void;
  /** Tells how an attempt went: `silent` says nothing of the endpoint's health. */
  readonly ended: (health: 'working' | 'failing' | 'silent', now: Instant, chance: number) => void;
  /** Stops sending: what waits is given back. */
  readonly halt: () => void;
  readonly underWay: () => number;
  readonly breaker: (now: Instant) => Breaker;
  /** Whether something may be due: a claim that found nothing says no, until there is a reason to look again. */
  due: boolean;
  readonly window: ClaimWindow;
}

/** A claimed delivery: `send` is done once in its turn, or else `giveBack`. */
export interface LaneJob {
  readonly send: () => Promise<void>;
  readonly giveBack: () => void;
}

const QUICK_MS = 250; // to a receiver that answers within it, as many again are claimed ahead as are under way

/** Opens a lane; `settledSlot` is told whenever a place has become free. */
export function openLane(initial: SendingEndpoint, now: Instant, settledSlot: () => void): DeliveryLane {
  let sending = initial;
  let breaker: Breaker = CLOSED;
  let pace: Pace = startPace(now);
  let running = 0;
  let reserved = 0;
  let halted = false;
  let share = 1; // what of the cap this process had at the last claim
  let latency = QUICK_MS + 1; // milliseconds of an attempt, a moving mean
  const waiting: LaneJob[] = [];

  function rate(at: Instant, crew: Crew): number | null {
    const { rate_limit: own } = sending.endpoint.settings;
    const limit = own === null ? null : own / crew.size;
    const ramp = rampRate(breakerAt(breaker, at), at);
    return limit === null ? ramp : ramp === null ? limit : Math.min(limit, ramp);
  }

  // Each process has a breaker of its own, so each sends a probe of its own.
  function shareNow(crew: Crew, fair: number): number {
    const cap = allowed(breaker, sending.endpoint.settings.concurrency);
    return breaker.state === 'half_open' ? cap : Math.min(shareOf(cap, sending.endpoint.id, crew), fair);
  }

  function giveBackAll(): void {
    for (const job of waiting.splice(0)) job.giveBack();
  }

  function pump(): void {
    while (!halted && running < share && waiting.length > 0) {
      const job = waiting.shift();
      if (job !== undefined) void run(job);
    }
  }

  async function run(job: LaneJob): Promise<void> {
    running += 1;
    const began = performance.now();
    await job.send();
    latency += (performance.now() - began - latency) / 8;
    running -= 1;
    pump();
    settledSlot();
  }

  return {
    sending: () => sending,
    update: (next) => {
      sending = next;
    },
    slots: (at, crew, fair) => {
      breaker = breakerAt(breaker, at);
      share = shareNow(crew, fair);
      if (share === 0) giveBackAll();
      const ahead = breaker.state === 'closed' && latency < QUICK_MS ? share : 0;
      const held = running + waiting.length + reserved;
      const free = Math.max(0, share + ahead - held);
      if (held > share && free < ahead / 2) return 0; // there is enough to go on with: rather claim more at once
      const perSecond = rate(at, crew);
      if (perSecond === null) return free;
      pace = refill(pace, perSecond, at);
      return Math.max(0, Math.min(free, Math.floor(pace.tokens) - reserved));
    },
    heldFor: (at, crew) => {
      const perSecond = rate(at, crew);
      return perSecond === null ? null : untilNext(refill(pace, perSecond, at), perSecond);
    },
    reserve: (count) => {
      reserved += count;
    },
    passOver: () => {
      reserved -= 1;
    },
    enqueue: (job) => {
      reserved -= 1;
      if (halted) job.giveBack();
      else {
        pace = { ...pace, tokens: pace.tokens - 1 };
        waiting.push(job);
        pump();
      }
    },
    ended: (health, at, chance) => {
      if (health === 'silent') return;
      breaker = breakerAt(breaker, at);
      breaker = health === 'working' ? succeeded(breaker, at) : failed(breaker, at, chance);
      if (breaker.state !== 'open') return;
      share = 0;
      giveBackAll();
    },
    halt: () => {
      halted = true;
      giveBackAll();
    },
    underWay: () => running + waiting.length + reserved,
    breaker: (at) => breakerAt(breaker, at),
    due: true,
    window: openClaimWindow(),
  };
}
