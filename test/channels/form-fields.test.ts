import t from 'tap';
import { formFields } from '../../src/channels/form-fields.ts';

t.test('names are flat, however they are nested', async (t) => {
  t.strictSame(
    formFields(
      { 'person[phone]': '1', 'a[b][c]': '2', 'tags[]': ['x', 'y'], 'x[': '3', ']': '4', 'p.q': '5', plain: '6' },
      '',
    ),
    { 'person.phone': '1', 'a.b.c': '2', tags: ['x', 'y'], 'x[': '3', ']': '4', 'p.q': '5', plain: '6' },
  );
  t.strictSame(formFields({ 'a[b]': '1', 'a.b': '2' }, ''), { 'a.b': ['1', '2'] }, 'two spellings of one name');
});

t.test('the query fills what the body lacks or leaves blank, and nothing else', async (t) => {
  t.strictSame(formFields({ a: '1', b: ' ', c: 0 }, 'a=2&b=3&c=4&d=%E5%BC%A0&e[f]=5'), {
    a: '1',
    b: '3',
    c: 0,
    d: '张',
    'e.f': '5',
  });
  t.strictSame(formFields({ a: '1' }, '%FF=%FE'), { a: '1' }, 'one that cannot be read');
});

t.test('keys of prototypes are names like any other', async (t) => {
  const fields = formFields(JSON.parse('{"__proto__":"x","constructor[prototype][a]":"y"}'), '__proto__[b]=z');
  t.strictSame(Object.keys(fields ?? {}), ['__proto__', 'constructor.prototype.a', '__proto__.b']);
  t.equal(Object.getPrototypeOf(fields), Object.prototype);
});

t.test('what is no form is null', async (t) => {
  for (const value of [null, undefined, [], 'a', 1]) t.equal(formFields(value, 'a=1'), null);
});
