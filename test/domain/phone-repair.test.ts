import t from 'tap';
import { repairPhone } from '../../src/domain/phone-repair.ts';

const e164 = '+8613800138000';

t.test('letters that look like digits', async (t) => {
  for (const text of [
    'l38OOl38OOO',
    'I38ooI38ooo',
    '13800138ooo',
    '+86 138OO138000',
    'tel: 138-0013-8OOO',
    '王 l3800138000',
  ]) {
    t.same(repairPhone(text, 'CN'), { e164, warning: 'phone_lookalike_repaired' }, text);
  }
});

t.test('Chinese numerals', async (t) => {
  for (const text of [
    '一三八零零一三八零零零',
    '壹叁捌〇〇壹叁捌〇〇〇',
    '幺三拐洞洞'.replace('拐', '八').concat('幺三八洞洞洞'),
    '电话 138零零138 零零零',
  ]) {
    t.same(repairPhone(text, 'CN'), { e164, warning: 'phone_chinese_numerals_read' }, text);
  }
  t.same(repairPhone('一三九二四五六七八九零', 'CN'), {
    e164: '+8613924567890',
    warning: 'phone_chinese_numerals_read',
  });
});

t.test('nothing else is repaired', async (t) => {
  const texts = [
    '13800138000',
    '1380013800.0',
    '138001380.00',
    '1380013800 I',
    '1380013800.O',
    'l38OOl38OO',
    'al38OOl38OOO',
  ];
  texts.push(
    'l38OOl38OOOb',
    'loIoIooolol',
    'OlO-62345678',
    '一三八零零一三八零零',
    '三八零零一三八零零零',
    '一三八*零零一三八零零零',
  );
  for (const text of texts) t.equal(repairPhone(text, 'CN'), undefined, text);
  t.equal(repairPhone('l38OOl38OOO', 'HK'), undefined);
});
