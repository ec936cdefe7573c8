import t from 'tap';
import { textOf } from '../../src/channels/text-of.ts';

t.test('texts and numbers as trimmed text', async (t) => {
  t.equal(textOf(' a '), 'a');
  t.equal(textOf(0), '0');
  for (const none of ['', '  ', Number.POSITIVE_INFINITY, null, undefined, {}, [], true]) t.equal(textOf(none), null);
});
