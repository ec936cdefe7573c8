import t from 'tap';
import { readMainlandAbroad, readMainlandLocal } from '../../src/domain/phone-mainland.ts';

const mobile = (e164: string) => ({ kind: 'number', e164, phoneKind: 'mobile' });
const landline = (e164: string) => ({ kind: 'number', e164, phoneKind: 'landline' });
const refused = (code: string) => ({ kind: 'refused', code });

t.test('behind +86', async (t) => {
  t.same(readMainlandAbroad('13800138000'), mobile('+8613800138000'));
  t.same(readMainlandAbroad('013800138000'), mobile('+8613800138000'));
  t.same(readMainlandAbroad('8613800138000'), mobile('+8613800138000'));
  t.same(readMainlandAbroad('008613800138000'), mobile('+8613800138000'));
  t.same(readMainlandAbroad('1062345678'), landline('+861062345678'));
  t.same(readMainlandAbroad('01062345678'), landline('+861062345678'));
  t.same(readMainlandAbroad('9516234567'), landline('+869516234567'), 'Yinchuan, not a 95 service');
  t.same(readMainlandAbroad('4008001234'), refused('phone_not_personal'));
  t.same(readMainlandAbroad('1012345678'), refused('phone_invalid'), 'no subscriber begins with 1');
});

t.test('dialled inside', async (t) => {
  const rows: readonly (readonly [string, object])[] = [
    ['13800138000', mobile('+8613800138000')],
    ['013800138000', mobile('+8613800138000')],
    ['8613800138000', mobile('+8613800138000')],
    ['861440012345678', mobile('+861440012345678')],
    ['01062345678', landline('+861062345678')],
    ['057188886666', landline('+8657188886666')],
    ['09516234567', landline('+869516234567')],
    ['57188886666', landline('+8657188886666')],
    ['8601062345678', landline('+861062345678')],
    ['10 62345678', landline('+861062345678')],
    ['951 6234567', landline('+869516234567')],
    ['86 10 62345678', landline('+861062345678')],
    ['1062345678', refused('phone_invalid')],
    ['861062345678', refused('phone_invalid')],
    ['02222222222', refused('phone_invalid')],
    ['00162345678', refused('phone_invalid')],
    ['4008001234', refused('phone_not_personal')],
    ['8008001234', refused('phone_not_personal')],
    ['95588', refused('phone_not_personal')],
    ['96315', refused('phone_not_personal')],
    ['10086', refused('phone_not_personal')],
    ['120', refused('phone_not_personal')],
    ['9516234567', refused('phone_not_personal')],
    ['95013', refused('phone_not_personal')],
    ['95013123', refused('phone_relay')],
    ['9501312345678', refused('phone_relay')],
    ['123', refused('phone_invalid')],
    ['123456', refused('phone_invalid')],
    ['111', refused('phone_invalid')],
  ];
  for (const [text, reading] of rows) t.same(readMainlandLocal(text.split(' ')), reading, text);
});
