import t from 'tap';
import { isPhonePlaceholder } from '../../src/domain/phone-placeholder.ts';

t.test('blank, punctuation and the usual words stand for nothing', async (t) => {
  for (const text of [
    '',
    '-',
    '--',
    '/',
    '...',
    '?',
    '无',
    '无 电话',
    '(null)',
    'NaN',
    'n/a',
    '#N/A',
    '0',
    '0.0',
    'Unknown',
  ]) {
    t.equal(isPhonePlaceholder(text), true, text);
  }
});

t.test('hidden or wrong is not nothing', async (t) => {
  for (const text of ['***', '138', '00', 'abc', '无138', 'no phone please', '📞', '-'.repeat(41)]) {
    t.equal(isPhonePlaceholder(text), false, text);
  }
});
