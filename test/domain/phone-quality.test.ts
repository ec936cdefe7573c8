import t from 'tap';
import { parsePhone } from '../../src/domain/phone.ts';
import { phoneQuality } from '../../src/domain/phone-quality.ts';

const VIRTUAL = [162, 165, 167, 170, 171];
const DATA_CARD = [145, 147, 149];
const UNKNOWN = [140, 141, 142, 143, 144, 146, 148, 154, 160, 161, 163, 164, 168, 169, 174, 179, 194];
/** Heads of which the numbering plan's library accepts every number. */
const PLANNED = [130, 131, 132, 133, 134, 135, 136, 137, 138, 139, 150, 151, 152, 153, 155, 156, 157, 158, 159, 166];
PLANNED.push(172, 173, 175, 176, 177, 178, 180, 181, 182, 183, 184, 185, 186, 187, 188, 189);
PLANNED.push(190, 191, 192, 193, 195, 196, 197, 198, 199);

t.test('every head 130–199 is a mobile and has its quality', async (t) => {
  const heads = Array.from({ length: 70 }, (_, i) => 130 + i);
  t.same([...VIRTUAL, ...DATA_CARD, ...UNKNOWN, ...PLANNED].sort(), heads, 'the lists cover every head once');
  for (const head of heads) {
    const quality = VIRTUAL.includes(head)
      ? 'virtual'
      : DATA_CARD.includes(head)
        ? 'data_card'
        : UNKNOWN.includes(head)
          ? 'unknown_head'
          : 'known';
    t.match(parsePhone(`${head}22345678`, 'CN'), { kind: 'phone', phoneKind: 'mobile', quality }, String(head));
  }
});

t.test('heads that are held in part', async (t) => {
  for (const head of ['1610', '17400', '17405', '17406', '17412', '1749']) {
    t.equal(phoneQuality(`+86${head.padEnd(11, '2345678')}`), 'known', head);
  }
  for (const head of ['1611', '17413', '17420', '1748']) {
    t.equal(phoneQuality(`+86${head.padEnd(11, '2345678')}`), 'unknown_head', head);
  }
});

t.test('IoT cards have 13 digits', async (t) => {
  for (const head of ['14100', '14400', '14409', '14410', '14600', '14699', '14800', '14899']) {
    const typed = `${head}12345678`;
    t.match(parsePhone(typed, 'CN'), { e164: `+86${typed}`, phoneKind: 'mobile', quality: 'iot' }, head);
    t.match(parsePhone(`+86${typed}`, 'US'), { e164: `+86${typed}`, quality: 'iot' }, head);
  }
  for (const head of ['14200', '14420', '14500', '13800']) {
    t.match(parsePhone(`${head}12345678`, 'CN'), { kind: 'refused', code: 'phone_invalid' }, head);
  }
});

t.test('eight equal digits at the end', async (t) => {
  t.equal(phoneQuality('+8613888888888'), 'repeated_digits');
  t.equal(phoneQuality('+8617188888888'), 'repeated_digits');
  t.equal(phoneQuality('+8613888888881'), 'known');
  t.equal(phoneQuality('+8613818888888'), 'known');
  t.equal(phoneQuality('+861088888888;ext=1'), 'repeated_digits');
  t.equal(phoneQuality('+861062345678;ext=88888888'), 'known');
  t.equal(phoneQuality('+14155552671'), 'known');
});
