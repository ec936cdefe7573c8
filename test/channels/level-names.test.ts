import t from 'tap';
import { levelNames } from '../../src/channels/level-names.ts';

t.test('levels that are set, as text', async (t) => {
  const record = { unit_id: 2001, unit_name: '单元A', campaign_id: '-1', creative_id: 'x'.repeat(201) };
  t.strictSame(levelNames(record, ['unit_id', 'unit_name', 'campaign_id', 'creative_id', 'other']), {
    unit_id: '2001',
    unit_name: '单元A',
  });
});
