import t from 'tap';
import { recordOf } from '../../src/channels/record-of.ts';

t.test('objects by keys and nothing else', async (t) => {
  const record = { a: 1 };
  t.equal(recordOf(record), record);
  for (const other of [null, undefined, [], 'a', 1]) t.equal(recordOf(other), null);
});
