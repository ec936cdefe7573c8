import t from 'tap';
import { readCell } from '../../src/domain/phone-cell.ts';

const told = (text: string) =>
  readCell(text, 'CN').parts.map((part) => (part.kind === 'number' ? part.e164 : `${part.code} ${part.digits}`));

t.test('every mark of an extension', async (t) => {
  for (const mark of [
    '转',
    ' 转 ',
    '转接',
    '分机',
    '分机号',
    '分机:',
    ' 内线 ',
    'ext',
    ' ext. ',
    'EXT:',
    ' extension ',
    'x',
    ' x',
    '#',
  ]) {
    t.same(told(`010-62345678${mark}101`), ['+861062345678;ext=101'], mark);
  }
  t.same(told('010-62345678;ext=101'), ['+861062345678;ext=101']);
  t.same(told('010-62345678(转101)'), ['+861062345678;ext=101']);
  t.same(told('010-62345678,101'), ['+861062345678;ext=101'], 'a dialling pause');
  t.same(told('010-62345678,13800138000'), ['+861062345678', '+8613800138000']);
  t.same(told('010-62345678转13800138000'), ['+861062345678', '+8613800138000'], 'passed on to a mobile');
  t.same(told('010-62345678-1转2'), ['phone_invalid 11']);
  t.same(told('13800138000转101'), ['phone_relay 11'], 'no mobile has one');
  t.same(told('138x0138000'), ['phone_masked 7'], 'an x for a digit');
});

t.test('words touch a number, other letters make it something else', async (t) => {
  t.same(told('电话13800138000王'), ['+8613800138000']);
  t.same(told('tel13800138000'), ['+8613800138000']);
  t.same(told('wx13800138000'), ['+8613800138000']);
  t.same(told('Li(13800138000)'), ['+8613800138000']);
  t.same(told('hotel13800138000'), ['phone_invalid 11']);
  t.same(told('13800138000abc'), ['phone_invalid 11']);
  t.same(told('13800138000@example.com'), ['phone_invalid 11']);
  t.same(told('a1 13800138000 2b'), ['phone_invalid 1', '+8613800138000', 'phone_invalid 1']);
});

t.test('E-notation beside a number', async (t) => {
  t.same(told('13800138000 1.39E+10'), ['+8613800138000', 'phone_scientific_notation 3']);
  t.same(told('1.3800138E10/1.39E+10'), ['+8613800138000', 'phone_scientific_notation 3']);
  t.equal(readCell('1.3800138E10', 'CN').scientific, true);
  t.equal(readCell('1.38E10', 'CN').scientific, false);
});

t.test('a remark is what is neither number nor label', async (t) => {
  for (const text of [
    '电话:13800138000',
    'Mobile No. 13800138000',
    '13800138000 / 13900139000',
    '(手机) 13800138000!',
    'p:13800138000',
  ]) {
    t.equal(readCell(text, 'CN').hasRemark, false, text);
  }
  for (const text of ['13800138000王', 'Li 13800138000', '13800138000/2', '13800138000 (微信同号)']) {
    t.equal(readCell(text, 'CN').hasRemark, true, text);
  }
});

t.test('signs at the edge', async (t) => {
  t.same(told('#13800138000'), ['+8613800138000']);
  t.same(told('0571-8888666#'), ['phone_masked 11']);
  t.same(told('#0571-8888666'), ['phone_masked 11']);
  t.same(told('_10-62345678'), ['phone_masked 10']);
  t.same(told('wx_13800138000'), ['+8613800138000']);
});

t.test('only so many numbers are read', async (t) => {
  t.equal(told('13800138000/'.repeat(40)).length, 8);
});
