import t from 'tap';
import { fullName } from '../../src/channels/full-name.ts';

t.test('a name from its parts', async (t) => {
  t.equal(fullName('Demo', 'User'), 'Demo User');
  t.equal(fullName('三', '张'), '张三');
  t.equal(fullName('San', '张'), 'San 张', 'mixed scripts keep their order');
  t.equal(fullName(null, '张'), '张');
  t.equal(fullName('Demo', null), 'Demo');
  t.equal(fullName(null, null), null);
});
