import t from 'tap';
import { kindOf, SOURCE_KINDS } from '../../src/channels/kinds.ts';

t.test('kinds are those of the table, not every property of an object', (t) => {
  for (const kind of ['rest', 'csv', 'form', 'meta', 'generic']) t.ok(SOURCE_KINDS.includes(kind), kind);
  for (const kind of ['toString', '__proto__', 'Rest', '']) t.equal(kindOf(kind), null, kind);
  t.equal(new Set(SOURCE_KINDS).size, SOURCE_KINDS.length);
  t.end();
});

t.test('only what a platform pushes to has a channel', (t) => {
  t.equal(kindOf('rest')?.channel, null);
  t.match(kindOf('meta'), { channel: { kind: 'meta' }, defaults: { completesLater: true } });
  t.match(kindOf('xiaohongshu'), { defaults: { updateSemantics: true, completesLater: true, channel: 'xhs' } });
  t.end();
});
