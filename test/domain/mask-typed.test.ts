import t from 'tap';
import { maskTyped } from '../../src/domain/mask-typed.ts';

t.test('a phone as typed keeps its form and its last four digits', async (t) => {
  t.equal(maskTyped('138 0013 8000'), '*** **** 8000');
  t.equal(maskTyped('+86 138-0013-8000'), '+** ***-****-8000');
  t.equal(maskTyped('１３８００１３８０００'), '*******８０００');
  t.equal(maskTyped('一三八零零一三八零零零'), '*******八零零零');
  t.equal(maskTyped('1.38001E+10'), '*.***01E+10');
  t.equal(maskTyped('abc'), 'abc');
  t.equal(maskTyped(''), '');
});

t.test('of a short one no more than half is left', async (t) => {
  t.equal(maskTyped('12345'), '***45');
  t.equal(maskTyped('7'), '*');
});
