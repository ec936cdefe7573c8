import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { createSealer } from '../src/sealer.ts';
import { claimDeliveries } from '../src/store/delivery-claim.ts';
import { settleDeliveries } from '../src/store/delivery-settle.ts';
import { type IngestConnection, openIngestConnection } from '../src/store/session.ts';
import { createVault } from '../src/vault.ts';
import { writeBacklog } from './delivery-backlog.ts';
import { createWorld } from './delivery-clew.ts';
import { urlsOf } from './delivery-drain.ts';
import { type Finding, median, share, table, whole } from './delivery-numbers.ts';
import type { Receiver } from './delivery-receiving.ts';
import type { Stage } from './stage.ts';

const MOST = Number(process.env['BENCH_CLAIMED'] ?? 1_000_000);
const SETTLED = MOST / 5;
const CLAIMS = 50; // of each endpoint, in turn
const SLOTS = 16; // an endpoint's default
const READY = CLAIMS * SLOTS * 2; // rows in front whose leads are there too
const AIM = 1.5;

/** Claims of one endpoint in one state of the queue: milliseconds. */
interface Times {
  readonly first: number;
  readonly p50: number;
  readonly p95: number;
  readonly claimed: number; // rows a claim
}

/** Measures the claim of an endpoint with more and more pending, and of a small one beside it. */
export async function benchClaim(stage: Stage, receiver: Receiver): Promise<Finding> {
  const urls = urlsOf(receiver, ['/fast/small', '/fast/big', '/fast/blocked']);
  const { url, endpoints } = await createWorld(stage, 'claim', urls, {});
  const [small = '', big = '', blocked = ''] = endpoints;
  const results: { readonly state: string; readonly big: Times; readonly small: Times }[] = [];
  const measure = async (state: string, measured: string): Promise<void> => {
    const times = await claimInTurn(url, [measured, small]);
    const [ofBig, ofSmall] = times as [Times, Times];
    results.push({ state, big: ofBig, small: ofSmall });
    process.stderr.write(`claim, ${state}: p50 ${ofBig.p50} ms, p95 ${ofBig.p95} ms, small p50 ${ofSmall.p50} ms\n`);
  };
  let filled = 0;
  const ready = async (): Promise<void> => {
    filled += 1;
    const backlog = { run: `c${filled}`, events: READY, firstPhone: filled * READY, ageSeconds: 7_200 + filled * 60 };
    await writeBacklog(stage, url, backlog);
    await stage.query(url, `delete from delivery_due where endpoint_id = '${blocked}'`);
  };
  await ready();
  await claimInTurn(url, [big, small]); // cold
  for (const pending of [READY, MOST / 10, MOST]) {
    await stage.query(url, bulk(big, pending));
    await ready();
    await measure(`${whole(pending)} pending`, big);
  }
  await ready();
  await stage.query(url, blockedRows(blocked));
  await measure(`${whole(MOST)} behind leads in backoff`, blocked);
  for (const held of ['', ', and a transaction that may still see them'] as const) {
    await ready();
    const reader = held === '' ? null : await openReader(url);
    await stage.query(url, settledRows(big));
    await measure(`${whole(MOST)} pending, ${whole(SETTLED)} in front settled and not vacuumed${held}`, big);
    await reader?.end();
  }
  return finding(results);
}

/** Claims of each endpoint in turn, each claim settled before the next. */
async function claimInTurn(url: string, endpoints: readonly string[]): Promise<readonly Times[]> {
  const vault = createVault(createSealer(randomBytes(32), [], randomBytes(12)), randomBytes(32), 'raw');
  const connection = await openIngestConnection(url, 'relaxed');
  try {
    const times = endpoints.map(() => ({ took: [] as number[], claimed: 0 }));
    for (let turn = 0; turn < CLAIMS; turn += 1) {
      for (const [index, endpointId] of endpoints.entries()) {
        const began = performance.now();
        const want = {
          endpointId,
          slots: SLOTS,
          look: SLOTS * 2,
          from: null,
          leaseMs: 30_000,
          holdMs: 600_000,
          consent: 'skip',
        } as const;
        const { claimed } = await claimDeliveries(connection, vault, [want], Date.now());
        times[index]?.took.push(performance.now() - began);
        if (times[index] !== undefined) times[index].claimed += claimed.length / CLAIMS;
        await settle(connection, claimed);
      }
    }
    return times.map(({ took, claimed }) => ({
      first: rounded(took[0] ?? Number.NaN),
      p50: rounded(median(took.slice(1))),
      p95: rounded(share(took.slice(1), 0.95)),
      claimed,
    }));
  } finally {
    await connection.end();
  }
}

/** A transaction that goes on, as of a dump or a report: nothing that ends meanwhile can be cleared away. */
async function openReader(url: string): Promise<pg.Client> {
  const reader = new pg.Client({ connectionString: url });
  await reader.connect();
  await reader.query('begin isolation level repeatable read');
  await reader.query('select count(*) from endpoint');
  return reader;
}

async function settle(
  connection: IngestConnection,
  claimed: Awaited<ReturnType<typeof claimDeliveries>>['claimed'],
): Promise<void> {
  const now = Date.now();
  const attempt = { at: now, duration: 1, result: 'delivered', status: 200, excerpt: null };
  const given = { recipient: null, purpose: null, payload: 'masked' };
  const settlements = claimed.map(({ held, blocking }) => {
    const base = { held, dueAt: now, refund: 0, blocking, reason: null } as const;
    return { ...base, state: 'delivered' as const, attempt, given };
  });
  if (settlements.length > 0) await settleDeliveries(connection, settlements, now);
}

const rounded = (value: number): number => Number(value.toFixed(2));

// Behind those that are ready: of leads of their own, since a claim does not get as far.
const bulk = (endpoint: string, count: number): string => `
  delete from delivery_due where endpoint_id = '${endpoint}';
  insert into delivery_due (endpoint_id, stream, sequence, delivery_id, created_at, event_id, due_at, blocking)
  select '${endpoint}', gen_random_uuid(), 1, gen_random_uuid(), at, gen_random_uuid(), at, true
  from (select date_trunc('second', now()) - interval '1 hour' + n * interval '1 millisecond' as at from generate_series(1, ${count}) n) g`;

// Leads whose first event is in backoff and whose ten later ones are due.
const blockedRows = (endpoint: string): string => `
  delete from delivery_due where endpoint_id = '${endpoint}';
  insert into delivery_due (endpoint_id, stream, sequence, delivery_id, created_at, event_id, due_at, attempts, claims, blocking)
  select '${endpoint}', ('00000000-0000-7000-8000-' || lpad(to_hex(lead), 12, '0'))::uuid, place, gen_random_uuid(), at,
    gen_random_uuid(), case when place = 1 then now() + interval '1 hour' else at end, (place = 1)::integer, (place = 1)::integer, true
  from (select lead, place, date_trunc('second', now()) - interval '1 hour' + (lead * 11 + place) * interval '1 millisecond' as at
    from generate_series(1, ${Math.round(MOST / 11)}) lead cross join generate_series(1, 11) place) g;
  analyze delivery_due`;

// Dead entries at the front of the index, as after a night's backlog: nothing has cleared them away yet.
const settledRows = (endpoint: string): string => `
  alter table delivery_due set (autovacuum_enabled = false);
  insert into delivery_due (endpoint_id, stream, sequence, delivery_id, created_at, event_id, due_at, blocking)
  select '${endpoint}', gen_random_uuid(), 1, gen_random_uuid(), at, gen_random_uuid(), at, true
  from (select now() - interval '1 day' + n * interval '1 millisecond' as at from generate_series(1, ${SETTLED}) n) g;
  delete from delivery_due where endpoint_id = '${endpoint}' and due_at < now() - interval '12 hours'`;

function finding(results: readonly { readonly state: string; readonly big: Times; readonly small: Times }[]): Finding {
  const base = results[0];
  const ratios = results.slice(1).flatMap(({ state, big, small }) => {
    const ratio = (of: Times, to: Times | undefined) => (of.p50 / (to?.p50 ?? Number.NaN)).toFixed(2);
    return `claim with ${state} ÷ with few: ${ratio(big, base?.big)}, of a small endpoint beside it: ${ratio(small, base?.small)} (aim ≤ ${AIM})`;
  });
  return {
    ratios,
    lines: [
      `${CLAIMS} claims of ${SLOTS} each in turn with as many of a small endpoint, each settled before the next`,
      ...table(
        ['claim', 'first ms', 'p50 ms', 'p95 ms', 'rows', 'small: first ms', 'p50 ms', 'p95 ms', 'rows'],
        results.map(({ state, big, small }) => [
          state,
          ...[big, small].flatMap(({ first, p50, p95, claimed }) => [first, p50, p95, claimed.toFixed(1)]),
        ]),
      ),
    ],
    figures: results,
  };
}
