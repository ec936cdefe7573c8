import t from 'tap';
import { cut, storable } from '../../src/channels/storable.ts';

t.test('texts as a database takes them', async (t) => {
  t.equal(storable('a\0b\ud800c😀\udc00'), 'ab\ufffdc😀\ufffd');
  t.equal(storable('张三'), '张三');
});

t.test('a cut is never within a pair', async (t) => {
  t.equal(cut('a😀b', 2), 'a');
  t.equal(cut('a😀b', 3), 'a😀');
  t.equal(cut('ab', 2), 'ab');
});
