import t from 'tap';
import { isCipherText } from '../../src/channels/cipher-text.ts';

t.test('base64 and hex are cipher text, whatever people write as a phone is not', async (t) => {
  for (const text of ['q1Xw0rT5yUdemoCipherText==', '0123456789abcdef0123456789abcdef']) t.ok(isCipherText(text), text);
  for (const text of [
    '13800138001',
    '+86 138-0013-8001',
    '138****8001',
    '010-88886666转801',
    '13800138001/13800138002',
    '12345678901234567890123',
    'wx_demo123',
  ]) {
    t.notOk(isCipherText(text), text);
  }
});
