import t from 'tap';
import { jotform } from '../../src/channels/jotform.ts';
import { samples, setupOf, signedPush } from './samples.ts';
import { LIMITS, leadsOf } from './walk.ts';

const found = samples('jotform').find(({ file }) => file === 'lead');
if (found === undefined) throw new Error('no sample');
const push = signedPush(found);
const setup = setupOf(found);

function answer(said: unknown): unknown {
  const [lead] = leadsOf(jotform.split({ submissionID: '1', rawRequest: { q3_x: said } }, push, setup));
  return (lead?.record['answers'] as { value: unknown }[] | undefined)?.[0]?.value;
}

t.test('a question of several boxes is one text', async (t) => {
  for (const [said, text] of [
    ['plain', 'plain'],
    [{ first: 'Demo', last: 'User' }, 'Demo User'],
    [{ first: '三', last: '张' }, '张三'],
    [{ area: '138', phone: '00138000' }, '13800138000'],
    [{ country: '86', area: '', phone: '13800138000' }, '+8613800138000'],
    [{ country: '+86', area: '010', phone: '88886666' }, '+8601088886666'],
    [{ full: '138-0013-8000' }, '138-0013-8000'],
    [{ year: '2026', month: '4', day: '8' }, '2026-04-08'],
    [{ addr_line1: '1 Demo Road', addr_line2: '', city: 'Demo' }, '1 Demo Road Demo'],
  ] as const) {
    t.equal(answer(said), text, JSON.stringify(said));
  }
  t.strictSame(answer(['a', 'b']), ['a', 'b']);
  t.strictSame(answer({ first: '', last: '' }), { first: '', last: '' }, 'empty boxes stay as they are');
  t.strictSame(answer({}), {});
});

t.test('rawRequest is read as text and as what it holds', async (t) => {
  const decoded = await jotform.decode(push, setup, LIMITS);
  t.match(decoded, { kind: 'decoded', value: { rawRequest: { q5_email: 'demo@example.com' } } });
});

t.test('a re-sent push is the same though the browser is told of otherwise', async (t) => {
  const content = (slug: string) =>
    leadsOf(jotform.split({ submissionID: '1', rawRequest: { q3_x: 'a', slug } }, push, setup))[0]?.content;
  t.strictSame(content('a'), content('b'));
});

t.test('what is no submission', async (t) => {
  for (const value of [null, [], {}, { rawRequest: 'text' }, { rawRequest: { slug: 'x' } }]) {
    t.equal(jotform.split(value, push, setup).kind, 'unmappable');
  }
});
