import t from 'tap';
import type { Item } from '../../src/channels/channel.ts';
import { apart } from '../../src/channels/lead-list.ts';

const lead = (deliveryId: string | null): Item => ({
  kind: 'lead',
  deliveryId,
  externalId: null,
  content: {},
  record: {},
  draft: {},
  reference: null,
  alone: {},
});

t.test('one lead keeps its delivery id, several get one each', async (t) => {
  t.strictSame(apart([lead('m1')]), [lead('m1')]);
  t.strictSame(apart([lead('m1'), { kind: 'ignored', why: 'ping' }, lead('m1'), lead(null)]), [
    lead('m1#0'),
    { kind: 'ignored', why: 'ping' },
    lead('m1#2'),
    lead(null),
  ]);
});
