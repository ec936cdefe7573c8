import type { Sample } from '../domain/sample.ts';
import { IN_SAMPLE } from './leads-then.ts';
import type { Session } from './session.ts';

const OPEN = "state in ('new', 'assigned', 'following') and merged_into is null and hidden is null";

/** How many leads are open. */
export async function countOpen(session: Session): Promise<number> {
  const count = { name: 'count_open_leads', text: `select count(*)::integer as leads from lead where ${OPEN}` };
  const [row] = await session.run<{ leads: number }>(count, []);
  return row?.leads ?? 0;
}

/** An open lead, with the root of its customer and the band it is in; null: it was never scored. */
export interface OpenLead {
  readonly id: string;
  readonly customer_id: string;
  readonly root: string;
  readonly band: string | null;
}

const PAGE = {
  name: 'open_leads_of_people',
  text: `select l.id, l.customer_id, coalesce(a.customer_id, l.customer_id) as root, b.band from (
      select distinct customer_id from lead where customer_id > $1 and ${OPEN} and ${IN_SAMPLE} < $3 order by customer_id limit $2
    ) p join lead l on l.customer_id = p.customer_id and ${OPEN}
    left join customer_alias a on a.alias_id = l.customer_id
    left join lead_band b on b.lead_id = l.id order by l.customer_id`,
};

/** The open leads of the next `size` customers of a sample who have one, in the order of customers. */
export async function openLeadsAfter(
  session: Session,
  after: string,
  size: number,
  { buckets }: Sample,
): Promise<readonly OpenLead[]> {
  return session.run<OpenLead>(PAGE, [after, size, buckets]);
}
