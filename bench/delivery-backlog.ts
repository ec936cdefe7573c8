import { fanOut, TOLD } from '../src/store/fan-out.ts';
import type { Stage } from './stage.ts';

/** A backlog to write: `events` of 4/5 as many new leads, every fourth of which is touched once more a little later. */
export interface Backlog {
  readonly run: string; // in all ids: another run writes other leads
  readonly events: number;
  readonly firstPhone: number; // of those that the run takes, one after the other
  readonly ageSeconds: number; // of the first one
}

export const TEMPLATE = 'template';

// Not all tables: one that was found empty would be taken for empty.
const FILLED = 'identity, customer, lead, submission, event, delivery, delivery_due, provision';

// Every row is the template's, as the service wrote it, under ids and a phone of its own: ids as the service makes them, with time
// and bucket in front, so that indexes grow as they do in service.
const id = (kind: string, key = 'f.key', at = 'f.at'): string =>
  `(lpad(to_hex(floor(extract(epoch from ${at}) * 1000)::bigint), 12, '0') || '7' || left(md5(${key}), 3) || '8'
    || left(md5('${kind}' || ${key}), 15))::uuid`;
const copy = (table: string, template: string, fields: string): string =>
  `insert into ${table} select r.* from ${table} t join template x on ${template} cross join filled f
   cross join lateral jsonb_populate_record(t, jsonb_build_object(${fields})) r`;
const event = (type: string, sequence: number, after: string, some: string): string =>
  fanOut(`insert into event select r.* from event t join template x on t.id = x.event cross join filled f
    cross join lateral jsonb_populate_record(t, jsonb_build_object('id', ${id(`e${sequence}`)}, 'type', '${type}',
      'subject_id', f.lead, 'lead_id', f.lead, 'customer_id', f.customer, 'sequence', ${sequence}, 'submission_id', f.submission,
      'occurred_at', f.at + ${after}, 'recorded_at', f.at + ${after})) r where ${some} order by f.n returning ${TOLD}`);

/** Writes it by SQL, deliveries to every endpoint that wants them included, and leaves the database as a quiet night would. */
export async function writeBacklog(stage: Stage, url: string, backlog: Backlog): Promise<void> {
  await stage.query(url, statements(backlog).join(';\n'));
  await stage.query(url, `vacuum analyze ${FILLED}`);
  await stage.query(url, 'checkpoint');
}

function statements({ run, events, firstPhone, ageSeconds }: Backlog): readonly string[] {
  const leads = Math.round(events * 0.8);
  return [
    `create temporary table template as select s.id as submission, s.lead_id as lead, s.customer_id as customer, e.id as event
      from submission s join event e on e.submission_id = s.id where s.external_id = '${TEMPLATE}'`,
    `create temporary table filled as
      select *, ${id('c')} as customer, ${id('l')} as lead, ${id('s')} as submission, ${id('i')} as identity,
        '+86' || (13000000000 + (${firstPhone} + n)::bigint * 7) as phone
      from (select n, '${run}-' || n as key, date_trunc('second', now()) - ${ageSeconds} * interval '1 second' + n * interval '1 millisecond' as at
        from generate_series(0, ${leads - 1}) n) f`,
    copy('identity', `t.customer_id = x.customer`, `'value', f.phone, 'id', f.identity, 'customer_id', f.customer`),
    copy('customer', `t.id = x.customer`, `'id', f.customer, 'created_at', f.at, 'updated_at', f.at`),
    copy('lead', `t.id = x.lead`, `'id', f.lead, 'customer_id', f.customer, 'phone', f.phone`),
    copy(
      'submission',
      `t.id = x.submission`,
      `'id', f.submission, 'external_id', f.key, 'customer_id', f.customer, 'lead_id', f.lead, 'phone', f.phone`,
    ),
    event('lead.created', 1, `interval '0'`, 'true'),
    event('lead.touched', 2, `${Math.round(leads / 10)} * interval '1 millisecond'`, 'f.n % 4 = 0'),
    'drop table filled, template',
  ];
}
