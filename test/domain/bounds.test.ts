import t from 'tap';
import { mayWork } from '../../src/domain/bounds.ts';

t.test('a key without bounds works every lead; bound to stores and an adviser, either is enough', async (t) => {
  const lead = { store: 'S1', owner: 'A1' };
  t.ok(mayWork({ stores: null, adviser: null }, { store: null, owner: null }));
  t.ok(mayWork({ stores: ['S1'], adviser: null }, lead));
  t.ok(mayWork({ stores: null, adviser: 'A1' }, lead));
  t.ok(mayWork({ stores: ['S2'], adviser: 'A1' }, lead));
  t.notOk(mayWork({ stores: ['S2'], adviser: 'A2' }, lead));
  t.notOk(mayWork({ stores: ['S2'], adviser: null }, lead));
  t.notOk(mayWork({ stores: [], adviser: null }, lead));
  t.notOk(mayWork({ stores: null, adviser: 'A1' }, { store: 'S1', owner: null }), 'nobody is not anybody');
  t.notOk(mayWork({ stores: ['S1'], adviser: null }, { store: null, owner: 'A1' }));
});
