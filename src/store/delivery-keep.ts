import { byteaColumn } from './binary-column.ts';
import { plain, texts, times } from './column.ts';
import type { Held } from './delivery-claim.ts';
import type { Session } from './session.ts';

/** The bytes that every attempt of a delivery sends. */
export interface KeptBody {
  readonly held: Held;
  readonly endpointVersion: number; // that it was rendered for
  readonly contentType: string;
  readonly body: Buffer;
  readonly sealed: boolean;
}

// The row of the queue is locked: one that an erasure has taken away meanwhile gets no body after it. A worker so late that its
// lease had ended may keep a body while the next claim is read: then that one's bytes are not to be sent beside it.
// The endpoint is the one that it was rendered for: a full body is never kept for another address, or for one that may have masked
// ones only. Who changes an endpoint holds its row, so that one of the two sees the other.
const KEEP = {
  name: 'keep_bodies',
  text: `with u as materialized (
      select * from unnest($1::uuid[], $2::uuid[], $3::integer[], $4::uuid[], $5::timestamptz[], $6::integer[], $7::text[],
        $8::bytea[], $9::boolean[], $10::integer[])
        u(endpoint_id, stream, sequence, delivery_id, created_at, claims, content_type, body, sealed, version)
    ),
    mine as materialized (
      select u.* from u join delivery_due d on d.endpoint_id = u.endpoint_id and d.stream = u.stream
        and d.sequence = u.sequence and d.delivery_id = u.delivery_id and d.claims = u.claims
      join endpoint p on p.id = u.endpoint_id and p.version = u.version
      for update of d for key share of p
    ),
    kept as (
      insert into delivery_body (delivery_id, created_at, content_type, body, sealed)
      select delivery_id, created_at, content_type, body, sealed from mine on conflict do nothing
      returning delivery_id
    )
    select delivery_id from kept`,
};

/** Keeps bodies before they are sent, and answers the ids of those deliveries that are still held and had none: only they may be sent. */
export async function keepBodies(session: Session, bodies: readonly KeptBody[]): Promise<ReadonlySet<string>> {
  if (bodies.length === 0) return new Set();
  const held = bodies.map((body) => body.held);
  const rows = await session.run<{ delivery_id: string }>(KEEP, [
    plain(held.map(({ endpointId }) => endpointId)),
    plain(held.map(({ stream }) => stream)),
    plain(held.map(({ sequence }) => sequence)),
    plain(held.map(({ deliveryId }) => deliveryId)),
    times(held.map(({ createdAt }) => createdAt)),
    plain(held.map(({ claims }) => claims)),
    texts(bodies.map(({ contentType }) => contentType)),
    byteaColumn(bodies.map(({ body }) => body)),
    plain(bodies.map(({ sealed }) => sealed)),
    plain(bodies.map(({ endpointVersion }) => endpointVersion)),
  ]);
  return new Set(rows.map((row) => row.delivery_id));
}
