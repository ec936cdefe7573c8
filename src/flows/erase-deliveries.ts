import type { Instant } from '../domain/instant.ts';
import type { Tx } from '../store/database.ts';
import { cancelDeliveries, deliveriesOfPerson, eraseSent } from '../store/erase-deliveries.ts';
import { tracesOf } from '../store/person-events.ts';

/**
 * Takes a person, whose locks are held, out of the way out: nothing of them is sent any more, and the bodies and answers of what
 * was sent are deleted. Who received them stays known. Comes before what tells receivers of the erasure.
 */
export async function eraseDeliveries(
  tx: Tx,
  customerId: string,
  submissionIds: readonly string[],
  now: Instant,
): Promise<void> {
  const deliveries = await deliveriesOfPerson(tx, await tracesOf(tx, customerId), submissionIds);
  const own = deliveries.filter((delivery) => delivery.own);
  await cancelDeliveries(tx, own, now);
  // After the rows of the queue are gone: a worker writes a body or an answer only while its row is there.
  await eraseSent(tx, deliveries);
}
