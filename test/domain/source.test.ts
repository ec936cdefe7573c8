import t from 'tap';
import { isSourceKind, rulesOf, type Source } from '../../src/domain/source.ts';

const SOURCE = { id: 's', kind: 'rest', channel: null, defaults: {}, settings: {} } as const satisfies Partial<Source>;

t.test('what a source does not set is as its kind is', async (t) => {
  t.strictSame(rulesOf(SOURCE), {
    id: 's',
    channel: null,
    completesLater: false,
    updateSemantics: false,
    defaults: {},
  });
  const settings = { completes_later: true, update_semantics: true };
  t.match(rulesOf({ ...SOURCE, settings }), { completesLater: true, updateSemantics: true });
  t.match(rulesOf({ ...SOURCE, channel: 'shop', defaults: { store: 'S1' } }), {
    channel: 'shop',
    defaults: { store: 'S1' },
  });
});

t.test('kinds are those of the table, not every property of an object', async (t) => {
  t.ok(isSourceKind('rest'));
  t.notOk(isSourceKind('toString'));
  t.notOk(isSourceKind('Rest'));
});
