import type { Test } from 'tap';
import { DEFAULT_POLICY } from '../../src/domain/policy.ts';
import { type Receiver, startReceiver } from './receiver.ts';
import { type Service, type ServiceOptions, startService } from './service.ts';

/** Every touch rates medium, so that what a test counts are the events that it makes. */
async function rateEverythingAlike({ db }: Service): Promise<void> {
  const { rating } = DEFAULT_POLICY;
  const kinds = Object.fromEntries(Object.keys(rating.kinds).map((kind) => [kind, 'medium']));
  const upgrade = { ...rating.upgrade, to: 'medium' };
  const document = JSON.stringify({ ...DEFAULT_POLICY, rating: { ...rating, kinds, upgrade } });
  await db
    .insertInto('policy')
    .values({ version: 2, document, reason: 'for the test', actor: 'test', created_at: new Date(NOW) })
    .execute();
}

export const NOW = Date.parse('2026-06-01T10:00:00+08:00');

/** A service whose clock stands at NOW, with one endpoint that a receiver answers for. */
export interface Delivering {
  readonly service: Service;
  readonly receiver: Receiver;
  readonly id: string;
  readonly secret: string;
  /** Makes a further endpoint. */
  readonly endpoint: (receiver: Receiver, over?: object) => Promise<{ readonly id: string; readonly secret: string }>;
  /** Posts a lead of a new person. */
  readonly lead: (
    over?: object,
  ) => Promise<{ readonly leadId: string; readonly customerId: string; readonly phone: string }>;
  /** Changes a lead so that it has a further event. */
  readonly touch: (phone: string, channel: string) => Promise<void>;
  /** Moves the clock, and sends what is due then. */
  readonly at: (moment: number) => Promise<void>;
  /** The first delivery of the endpoint, or of one lead to it. */
  readonly delivery: (leadId?: string) => Promise<DeliveryRow>;
}

export interface DeliveryRow {
  readonly id: string;
  readonly state: string;
  readonly reason: string | null;
  readonly attempts: number;
  readonly sequence: number;
  readonly due_at: number | null; // null: settled
}

/** Starts it; `over` is what the endpoint has beside the usual. */
export async function delivering(t: Test, over: object = {}, options: ServiceOptions = {}): Promise<Delivering> {
  const service = await startService(t, options);
  service.setClock(NOW);
  await rateEverythingAlike(service);
  const receiver = await startReceiver(t);
  const endpoint: Delivering['endpoint'] = async (to, more = {}) => {
    const body = { url: to.url, description: 'crm', events: ['lead.*'], ...more };
    const made = await service.call('POST', '/v1/endpoints', { body });
    if (made.status !== 201) throw new Error(made.text);
    return { id: made.body.id, secret: made.body.secret };
  };
  const { id, secret } = await endpoint(receiver, over);
  let phones = 0;
  const post = async (body: object) => {
    const made = await service.call('POST', '/v1/leads', { body });
    if (made.status > 201) throw new Error(made.text);
    return made.body;
  };
  return {
    service,
    receiver,
    id,
    secret,
    endpoint,
    lead: async (more = {}) => {
      phones += 1;
      const phone = `139${String(phones).padStart(8, '0')}`;
      const made = await post({ channel: 'douyin', person: { phone }, ...more });
      return { leadId: made.lead_id, customerId: made.customer_id, phone };
    },
    touch: async (phone, channel) => {
      await post({ channel, person: { phone } });
    },
    at: async (moment) => {
      service.setClock(moment);
      await service.deliveries.drain();
    },
    delivery: async (leadId) => {
      const rows = await service.db
        .selectFrom('delivery')
        .leftJoin('delivery_due', 'delivery_due.delivery_id', 'delivery.id')
        .select(['delivery.id', 'state', 'reason', 'delivery.attempts', 'delivery.sequence', 'due_at'])
        .where('delivery.endpoint_id', '=', id)
        .$if(leadId !== undefined, (query) => query.where('delivery.lead_id', '=', leadId ?? ''))
        .orderBy('delivery.created_at')
        .orderBy('delivery.sequence')
        .execute();
      const [row] = rows;
      if (row === undefined) throw new Error('there is no delivery');
      return row as DeliveryRow;
    },
  };
}
