import type { Instant } from '../domain/instant.ts';
import type { ScoreDocument } from '../domain/score-model.ts';
import type { TypeWeight } from '../domain/score-total.ts';
import type { Fields } from '../domain/submission.ts';
import { SUBJECTS_OF_ROOTS, SUBJECTS_THEN } from './behaviour-links.ts';
import { plain, texts } from './column.ts';
import type { Session } from './session.ts';

// A name that a whole site shares (a visitor id of its own making) must not be read for seconds under its person's lock.
const MOST = 10_000;

// Beyond 1,000 half-lives nothing is left, and PostgreSQL fails where a power underflows. The same event under two subjects of one person (phone and visitor, or two people who became one) counts once.
const weightsBy = (subjects: string): string => `with ${subjects}
    select root, e.type, count(*)::integer as count, sum(power(2::float8,
      -least(1000, greatest(0, extract(epoch from $4::timestamptz - occurred_at)::float8) / (half_life * 86400))))::float8 as weight
    from (
      select distinct on (s.root, b.source, b.key) s.root, b.type, b.occurred_at
      from s cross join lateral (
        select * from behaviour b where b.subject = s.subject and b.received_at <= $5 limit ${MOST}
      ) b order by s.root, b.source, b.key, b.received_at
    ) e join unnest($2::text[], $3::float8[]) t(type, half_life) on t.type = e.type
    group by root, e.type`;

const WEIGHTS = { name: 'behaviour_weights', text: weightsBy(SUBJECTS_OF_ROOTS) };
const WEIGHTS_THEN = { name: 'behaviour_weights_then', text: weightsBy(SUBJECTS_THEN) };

/** The moment that scores are of, and until when what they rest on was received. */
export interface ScoreMoment {
  readonly at: Instant;
  readonly receivedBy: Instant;
}

/** How the behaviours of each root customer stand at a moment, by type, by the half-lives of a model. */
export async function weightsOf(
  session: Session,
  model: ScoreDocument,
  roots: readonly string[],
  moment: ScoreMoment,
): Promise<ReadonlyMap<string, readonly TypeWeight[]>> {
  if (roots.length === 0 || Object.keys(model.events).length === 0) return new Map();
  return byRoot(await session.run<RootWeight>(WEIGHTS, [plain(roots), ...weightsAsked(model, moment)]));
}

/** A customer who was one with a root customer at a moment; a root is one with itself. */
export interface MemberThen {
  readonly root: string;
  readonly member: string;
}

/** The same by what was known of people at a moment: which behaviours, which identities and which visitors were theirs. */
export async function weightsThen(
  session: Session,
  model: ScoreDocument,
  members: readonly MemberThen[],
  then: Instant,
): Promise<ReadonlyMap<string, readonly TypeWeight[]>> {
  if (members.length === 0 || Object.keys(model.events).length === 0) return new Map();
  const rows = await session.run<RootWeight>(WEIGHTS_THEN, [
    plain(members.map(({ root }) => root)),
    ...weightsAsked(model, { at: then, receivedBy: then }),
    plain(members.map(({ member }) => member)),
  ]);
  return byRoot(rows);
}

type RootWeight = TypeWeight & { readonly root: string };

function weightsAsked(model: ScoreDocument, { at, receivedBy }: ScoreMoment): readonly unknown[] {
  const events = Object.entries(model.events);
  return [
    texts(events.map(([type]) => type)),
    plain(events.map(([, { group }]) => model.groups[group]?.half_life_days ?? 1)),
    new Date(at),
    new Date(receivedBy),
  ];
}

function byRoot(rows: readonly RootWeight[]): ReadonlyMap<string, readonly TypeWeight[]> {
  const found = new Map<string, TypeWeight[]>();
  for (const { root, ...weight } of rows) {
    const known = found.get(root);
    if (known === undefined) found.set(root, [weight]);
    else known.push(weight);
  }
  return found;
}

const NEWEST = {
  name: 'newest_touch_fields',
  text: `select distinct on (f.root) f.root, t.fields from (
      select id as root, id as member from unnest($1::uuid[]) id
      union all select customer_id, alias_id from customer_alias where customer_id = any($1::uuid[])
    ) f cross join lateral (
      select coalesce(t.fields, s.fields) as fields, t.occurred_at, t.received_at
      from touch t left join submission s on s.id = t.submission_id
      where t.customer_id = f.member and t.voided_at is null
      order by t.occurred_at desc, t.received_at desc limit 1
    ) t order by f.root, t.occurred_at desc, t.received_at desc`,
};

/** The fields of the newest standing touch of root customers. */
export async function newestFields(session: Session, roots: readonly string[]): Promise<ReadonlyMap<string, Fields>> {
  if (roots.length === 0) return new Map();
  const rows = await session.run<{ root: string; fields: Fields | null }>(NEWEST, [plain(roots)]);
  return new Map(rows.map(({ root, fields }) => [root, fields ?? {}]));
}
