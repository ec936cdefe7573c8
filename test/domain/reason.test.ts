import t from 'tap';
import { codeOf } from '../../src/domain/reason.ts';

t.test('a reason is a code, or in no event', async (t) => {
  for (const code of ['no_answer', 'bought-competitor', 'x', 'v2_price']) t.equal(codeOf(code), code);
  for (const text of [
    null,
    '',
    'Bought',
    'bought a competitor',
    '张三',
    'a__b',
    '_a',
    'call_13800138000',
    `a${'b'.repeat(64)}`,
  ])
    t.equal(codeOf(text), null, `${text}`);
});
