import type { KnownValues, ValuesOf } from '../domain/known.ts';
import type { KnownTouch } from '../domain/person.ts';
import type { Fields } from '../domain/submission.ts';
import type { TouchWrite, VoidWrite, World } from '../domain/world.ts';
import { jsons, plain, texts, times } from './column.ts';
import type { Session } from './session.ts';
import { type Column, setWrite } from './set-write.ts';

/** Where noise is looked for: a root customer, a noise key and a stretch of event time. */
export interface NoiseQuery {
  readonly root: string;
  readonly noiseKey: string;
  readonly from: number;
  readonly to: number;
}

interface NearRow {
  root: string;
  id: string;
  lead_id: string;
  noise_key: string;
  occurred_at: number;
  first_at: number;
  first_submission_id: string;
  last_at: number;
  last_submission_id: string;
}

// The fence (offset 0) keeps the search inside the loop over the queries: planned on an empty table, the join was turned round
// and read every touch there is, 86 ms a batch after 20,000 leads.
const NEAR = {
  name: 'read_near_touches',
  text: `select q.root, t.id, t.lead_id, t.noise_key, t.occurred_at, t.first_at, t.first_submission_id, t.last_at,
      t.last_submission_id
    from unnest($1::uuid[], $2::text[], $3::timestamptz[], $4::timestamptz[]) q(root, noise_key, a, b)
    cross join lateral (
      select * from touch
      where customer_id = any(array(select q.root union all select alias_id from customer_alias c where c.customer_id = q.root))
        and occurred_at between q.a and q.b and noise_key = q.noise_key and voided_at is null
      offset 0
    ) t`,
};

/** Standing touches that a submission could be noise of, each with the root customer it was found under. */
export async function readNearTouches(
  session: Session,
  queries: readonly NoiseQuery[],
): Promise<readonly { readonly root: string; readonly touch: KnownTouch }[]> {
  if (queries.length === 0) return [];
  const rows = await session.run<NearRow>(NEAR, [
    plain(queries.map((query) => query.root)),
    texts(queries.map((query) => query.noiseKey)),
    times(queries.map((query) => query.from)),
    times(queries.map((query) => query.to)),
  ]);
  return rows.map((row) => ({
    root: row.root,
    touch: {
      id: row.id,
      leadId: row.lead_id,
      noiseKey: row.noise_key,
      occurredAt: row.occurred_at,
      firstAt: row.first_at,
      firstSubmissionId: row.first_submission_id,
      lastAt: row.last_at,
      lastSubmissionId: row.last_submission_id,
    },
  }));
}

interface ValuesRow {
  touch_id: string;
  channel: string;
  touch_occurred_at: number;
  voided: boolean;
  submission_id: string;
  occurred_at: number;
  received_at: number;
  fields: Fields | null;
}

const VALUES = {
  name: 'read_touch_values',
  text: `select t.id as touch_id, t.channel, t.occurred_at as touch_occurred_at, t.voided_at is not null as voided,
      s.id as submission_id, s.occurred_at, s.received_at, s.fields
    from unnest($1::uuid[]) u(id) join touch t on t.id = u.id
    cross join lateral (
      select coalesce((select customer_id from customer_alias where alias_id = t.customer_id), t.customer_id) as id
    ) root
    cross join lateral (
      select root.id as member union all select alias_id from customer_alias where customer_id = root.id
    ) f
    join submission s on s.customer_id = f.member and s.touch_id = t.id and s.decision <> 'noise'`,
};

/** Touches with every submission that has spoken of them, by touch id. */
export async function readTouchValues(
  session: Session,
  touchIds: readonly string[],
): Promise<ReadonlyMap<string, KnownValues>> {
  const found = new Map<string, KnownValues & { history: ValuesOf[] }>();
  if (touchIds.length === 0) return found;
  const rows = await session.run<ValuesRow>(VALUES, [plain(touchIds)]);
  for (const row of rows) {
    const { channel, voided } = row;
    const touch = found.get(row.touch_id) ?? { channel, voided, occurredAt: row.touch_occurred_at, history: [] };
    touch.history.push({
      submissionId: row.submission_id,
      occurredAt: row.occurred_at,
      receivedAt: row.received_at,
      fields: row.fields ?? {},
    });
    found.set(row.touch_id, touch);
  }
  return found;
}

const COLUMNS: readonly Column<TouchWrite & { readonly extent: KnownTouch | undefined }>[] = [
  ['id', 'uuid', (touch) => touch.id],
  ['submission_id', 'uuid', (touch) => touch.submissionId],
  ['customer_id', 'uuid', (touch) => touch.customerId],
  ['lead_id', 'uuid', (touch) => touch.leadId],
  ['cycle', 'integer', (touch) => touch.cycle],
  ['identity_id', 'uuid', (touch) => touch.identityId],
  ['source_id', 'uuid', (touch) => touch.settled.source.id],
  ['channel', 'text', (touch) => touch.settled.channel],
  ['kind', 'code', (touch) => touch.settled.kind],
  ['campaign', 'text', (touch) => touch.settled.campaignKey],
  ['store', 'text', (touch) => touch.settled.store],
  ['noise_key', 'text', (touch) => touch.noiseKey],
  ['decision', 'code', (touch) => touch.decision],
  ['flags', 'list', (touch) => touch.flags],
  ['first_at', 'timestamptz', (touch) => touch.extent?.firstAt ?? touch.settled.occurredAt],
  ['first_submission_id', 'uuid', (touch) => touch.extent?.firstSubmissionId ?? touch.submissionId],
  ['last_at', 'timestamptz', (touch) => touch.extent?.lastAt ?? touch.settled.occurredAt],
  ['last_submission_id', 'uuid', (touch) => touch.extent?.lastSubmissionId ?? touch.submissionId],
  ['occurred_at', 'timestamptz', (touch) => touch.settled.occurredAt],
  ['received_at', 'timestamptz', (touch) => touch.settled.receivedAt],
];
const INSERT = setWrite('touch', COLUMNS);

const EXTEND = {
  name: 'extend_touches',
  text: `update touch t set first_at = u.first_at, first_submission_id = u.first_id, last_at = u.last_at, last_submission_id = u.last_id
    from unnest($1::uuid[], $2::timestamptz[], $3::uuid[], $4::timestamptz[], $5::uuid[]) u(id, first_at, first_id, last_at, last_id)
    where t.id = u.id`,
};
const REVALUE = {
  name: 'revalue_touches',
  text: `update touch t set fields = u.fields from unnest($1::uuid[], $2::jsonb[]) u(id, fields) where t.id = u.id`,
};
const VOID = {
  name: 'void_touches',
  text: `update touch t set voided_at = u.at, void_reason = u.reason
    from unnest($1::uuid[], $2::timestamptz[], $3::text[]) u(id, at, reason) where t.id = u.id and t.voided_at is null`,
};

/** Writes a batch's new touches, and what noise, updates and voids changed of known ones. */
export async function writeTouches(session: Session, world: World): Promise<void> {
  const made = new Set(world.touches.map((touch) => touch.id));
  const moved = [...world.extents.values()].filter((touch) => !made.has(touch.id));
  const revalued = [...world.touchFields];
  await Promise.all([
    INSERT.write(
      session,
      world.touches.map((touch) => ({ ...touch, extent: world.extents.get(touch.id) })),
    ),
    moved.length > 0 &&
      session.run(EXTEND, [
        plain(moved.map((touch) => touch.id)),
        times(moved.map((touch) => touch.firstAt)),
        plain(moved.map((touch) => touch.firstSubmissionId)),
        times(moved.map((touch) => touch.lastAt)),
        plain(moved.map((touch) => touch.lastSubmissionId)),
      ]),
    revalued.length > 0 &&
      session.run(REVALUE, [plain(revalued.map(([id]) => id)), jsons(revalued.map(([, { fields }]) => fields))]),
    voidTouches(session, world.voids),
  ]);
}

/** Voids touches, each with its reason; one already voided stays as it is. */
export async function voidTouches(session: Session, voids: readonly VoidWrite[]): Promise<void> {
  if (voids.length === 0) return;
  await session.run(VOID, [
    plain(voids.map((touch) => touch.touchId)),
    times(voids.map((touch) => touch.at)),
    texts(voids.map((touch) => touch.reason)),
  ]);
}
