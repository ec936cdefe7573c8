import type { HistoryTouch, Spoken } from '../domain/recompute.ts';
import type { Fields, TouchKind } from '../domain/submission.ts';
import { plain } from './column.ts';
import type { Session } from './session.ts';
import { type SpokenRow, spokenOf } from './spoken-row.ts';

interface Row extends SpokenRow {
  root: string;
  id: string;
  lead_id: string;
  identity_id: string;
  cycle: number;
  channel: string;
  kind: TouchKind;
  touch_occurred_at: number;
  source_id: string;
  store: string | null;
  touch_received_at: number;
  voided: boolean;
  touch_fields: Fields | null;
  first_at: number;
  first_submission_id: string;
  last_at: number;
  last_submission_id: string;
}

/** A touch of the history with what split and unmerge go by. */
export interface OwnedTouch extends HistoryTouch {
  readonly root: string;
  readonly identityId: string;
}

const HISTORY = {
  name: 'read_history',
  // A submission that spoke of a touch after a merge was written to the survivor: the whole family is looked through.
  text: `with family as (
      select id as root, id as member from unnest($1::uuid[]) id
      union all select customer_id, alias_id from customer_alias where customer_id = any($1::uuid[])
    ) select f.root, t.id, t.lead_id, t.identity_id, t.cycle, t.channel, t.kind, t.source_id, t.store,
      t.occurred_at as touch_occurred_at, t.received_at as touch_received_at,
      t.voided_at is not null as voided, t.fields as touch_fields, t.first_at, t.first_submission_id, t.last_at,
      t.last_submission_id, s.id as submission_id, s.decision, s.occurred_at, s.received_at, s.fields
    from family f
    join touch t on t.customer_id = f.member
    join family g on g.root = f.root
    join submission s on s.customer_id = g.member and s.touch_id = t.id
    order by t.occurred_at, t.received_at, t.id, s.occurred_at, s.received_at, s.id`,
};

/** Every touch of the root customers given, voided ones too, in the order of events, each with all that spoke of it. */
export async function readHistory(session: Session, roots: readonly string[]): Promise<readonly OwnedTouch[]> {
  const touches = new Map<string, OwnedTouch & { readonly spoken: Spoken[] }>();
  for (const row of await session.run<Row>(HISTORY, [plain(roots)])) {
    const touch = touches.get(row.id) ?? touchOf(row);
    touches.set(row.id, touch);
    touch.spoken.push(spokenOf(row));
  }
  return [...touches.values()];
}

function touchOf(row: Row): OwnedTouch & { readonly spoken: Spoken[] } {
  return {
    root: row.root,
    id: row.id,
    leadId: row.lead_id,
    identityId: row.identity_id,
    cycle: row.cycle,
    channel: row.channel,
    kind: row.kind,
    occurredAt: row.touch_occurred_at,
    sourceId: row.source_id,
    store: row.store,
    receivedAt: row.touch_received_at,
    voided: row.voided,
    fields: row.touch_fields,
    firstAt: row.first_at,
    firstSubmissionId: row.first_submission_id,
    lastAt: row.last_at,
    lastSubmissionId: row.last_submission_id,
    spoken: [],
  };
}
