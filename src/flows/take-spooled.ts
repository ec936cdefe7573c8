import type { Inbound } from './inbound.ts';
import { ingestPush } from './ingest-push.ts';

const TOGETHER = 64; // pushes at once: the way in gathers them into batches
const MOST = 10_000; // of one round

/** Takes in what was spooled, with its original times; what cannot be taken in now stays. Answers how many; throws why none could. */
export async function takeSpooled(inbound: Inbound): Promise<number> {
  let taken = 0;
  while (taken < MOST && inbound.spool.state().entries > 0) {
    const drained = await inbound.spool.drain(TOGETHER, async ({ sourceId, push, requestId, refusal }) => {
      const loaded = await inbound.book.byId(sourceId);
      if (loaded === null) throw new Error(`the source ${sourceId} of a spooled push is not there`);
      await ingestPush(inbound, loaded, push, { requestId, refusal });
    });
    taken += drained.taken;
    if (drained.failure !== null && drained.taken === 0 && taken === 0) throw drained.failure;
    if (drained.failure !== null || drained.taken === 0) return taken;
  }
  return taken;
}
