import t from 'tap';
import { rulesOf, type Source } from '../../src/domain/source.ts';

const SOURCE = { id: 's', kind: 'rest', channel: null, defaults: {}, settings: {} } as const satisfies Partial<Source>;

t.test('what a source does not set is as its kind is', async (t) => {
  t.strictSame(rulesOf(SOURCE), {
    id: 's',
    channel: null,
    completesLater: false,
    updateSemantics: false,
    conflicts: 'answer',
    defaults: {},
  });
  const settings = { completes_later: true, update_semantics: true };
  t.match(rulesOf({ ...SOURCE, settings }), { completesLater: true, updateSemantics: true });
  t.match(rulesOf({ ...SOURCE, channel: 'shop', defaults: { store: 'S1' } }), {
    channel: 'shop',
    defaults: { store: 'S1' },
  });
});

t.test('whoever cannot mend a conflict is not told of it', async (t) => {
  for (const kind of ['rest', 'csv']) t.equal(rulesOf({ ...SOURCE, kind }).conflicts, 'answer', kind);
  for (const kind of ['form', 'meta', 'generic']) t.equal(rulesOf({ ...SOURCE, kind }).conflicts, 'keep', kind);
});
