import t from 'tap';
import { refusedFields } from '../../src/channels/form-refused.ts';

const names = (fields: object) => refusedFields({ ...fields }).map(({ name }) => name);

t.test('what only the service says, at the top or in what only holds the lead', async (t) => {
  t.strictSame(names({ Owner: '', phone: '1', 'lead.store': 'S1', data: { rating: 'high', name: 'x' } }), [
    'Owner',
    'lead.store',
    'data.rating',
  ]);
  t.strictSame(
    names({ 'person.state': 'x', 'product.id': '1', owner_name: 'x', toString: 'x', 'campaign.id': '1' }),
    [],
  );
  t.match(refusedFields({ state: 'x' }), [{ hint: /province/ }]);
  t.match(refusedFields({ store: 'x' }), [{ hint: /product\.store_of_interest/ }]);
});
