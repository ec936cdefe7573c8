import type { Stage } from './stage.ts';

// People of the same million phones that the stream draws from, each with a lead, a touch and everything that belongs to it.
const fillOf = (leads: number): readonly string[] => [
  `create temporary table filled as select n, '+86' || (13000000000 + n::bigint * 7) as phone, md5('c' || n)::uuid as customer,
     md5('l' || n)::uuid as lead, md5('s' || n)::uuid as submission, md5('t' || n)::uuid as touch, md5('i' || n)::uuid as identity,
     md5('e' || n)::uuid as event, now() - n * interval '1 second' as at,
     jsonb_build_object('at', 1780000000000 + n, 'channel', 'douyin', 'touch_id', md5('t' || n), 'received_at', 1780000000000 + n) as origin
   from generate_series(0, ${leads} - 1) n`,
  `insert into identity (kind, value, id, customer_id, created_at, seen_at) select 'phone', phone, identity, customer, at, at from filled`,
  `insert into customer (id, profile, first_source, last_source, touch_count, created_at, updated_at, locked_at)
     select customer, '{}', origin, origin, 1, at, at, at from filled`,
  `insert into lead (id, customer_id, scope, phone, state, state_at, cycle_started_at, first_source, last_source, touch_count,
     last_activity_at, last_received_at, event_sequence, created_at, recorded_at, updated_at)
     select lead, customer, 'all', phone, 'new', at, at, origin, origin, 1, at, at, 1, at, at, at from filled`,
  `insert into submission (id, source_id, external_id, decision, rule, policy_version, customer_id, lead_id, touch_id, fields, phone,
     phone_typed, fingerprint, occurred_at, received_at)
     select submission, md5('src')::uuid, 'fill-' || n, 'created', 'created.no_lead_in_scope', 1, customer, lead, touch,
       '{"person": {"name": "客户", "city": "杭州"}, "campaign": {"id": "c1"}}', phone, phone, '1:' || md5('f' || n), at, at from filled`,
  `insert into touch (id, submission_id, customer_id, lead_id, cycle, identity_id, source_id, channel, kind, noise_key, decision,
     first_at, first_submission_id, last_at, last_submission_id, occurred_at, received_at)
     select touch, submission, customer, lead, 1, identity, md5('src')::uuid, 'douyin', 'form', '1:' || md5('f' || n), 'created',
       at, submission, at, submission, at, at from filled`,
  `insert into receipt (source_id, kind, key, submission_id, fingerprints, created_at)
     select md5('src')::uuid, 'external', 'fill-' || n, submission, array['1:' || md5('f' || n)], at from filled`,
  `insert into event (id, type, subject_kind, subject_id, customer_id, lead_id, sequence, occurred_at, recorded_at, actor, submission_id, data)
     select event, 'lead.created', 'lead', lead, customer, lead, 1, at, at, 'fill', submission, '{"decision": "created"}' from filled`,
  'drop table filled',
];

/** Fills an empty database with open leads, one a person, captured a second apart up to now. */
export async function fillLeads(stage: Stage, url: string, leads: number): Promise<void> {
  const began = performance.now();
  await stage.query(url, fillOf(leads).join(';\n'));
  await stage.query(url, 'vacuum analyze');
  await stage.query(url, 'checkpoint');
  process.stderr.write(`filled with ${leads} leads in ${Math.round((performance.now() - began) / 1000)} s\n`);
}
