import { readFile } from 'node:fs/promises';
import t from 'tap';
import { refusePhone } from '../../src/domain/phone-verdict.ts';
import { isProblemCode, PROBLEMS } from '../../src/http/problem-codes.ts';
import { ROOT } from '../helpers/root.ts';

t.test('every code has a status of its kind, a title and a hint that ends', async (t) => {
  for (const [code, { status, title, hint }] of Object.entries(PROBLEMS)) {
    t.match(code, /^[a-z]+(_[a-z0-9]+)*$/);
    t.ok(status >= 400 && status <= 599, `${code} is an error`);
    t.match(title, /^[A-Z].*[^.]$/, `${code} has a title`);
    t.match(hint, /^[A-Z].*\.$/, `${code} has a hint`);
  }
});

t.test('no title or hint is said twice of two codes', async (t) => {
  const titles = Object.values(PROBLEMS).map(({ title }) => title);
  t.equal(new Set(titles).size, titles.length);
});

t.test('every refusal of the rules is in the table, as 422', async (t) => {
  const refusals = [
    'phone_scientific_notation',
    'phone_masked',
    'phone_invalid',
    'phone_relay',
    'phone_not_personal',
  ] as const;
  for (const code of refusals) t.equal(PROBLEMS[refusePhone(code).code].status, 422, code);
  const normalise = await readFile(new URL('src/domain/normalise.ts', ROOT), 'utf8');
  const codes = [...normalise.matchAll(/code: '([a-z_]+)'/g)].map(([, code]) => code);
  t.ok(codes.length >= 3, 'the codes of normalising were found');
  for (const code of codes) t.ok(isProblemCode(code) && PROBLEMS[code].status === 422, `${code} is in the table`);
});

t.test('what every object has is no code', async (t) => {
  for (const name of ['constructor', 'toString', '__proto__', '', 42, null, undefined])
    t.notOk(isProblemCode(name), String(name));
});
