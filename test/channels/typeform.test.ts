import t from 'tap';
import { typeform } from '../../src/channels/typeform.ts';
import { samples, setupOf, signedPush } from './samples.ts';
import { leadsOf } from './walk.ts';

const found = samples('typeform').find(({ file }) => file === 'lead');
if (found === undefined) throw new Error('no sample');
const push = signedPush(found);
const setup = setupOf(found);

function answers(form_response: unknown): unknown {
  return leadsOf(typeform.split({ event_id: 'e', event_type: 'form_response', form_response }, push, setup))[0]?.record[
    'answers'
  ];
}

t.test('a secret is checked where one is set', async (t) => {
  const bare = { ...push, headers: {} };
  t.equal(typeform.authenticate(push, setup).kind, 'authentic');
  t.equal(typeform.authenticate(bare, setup).kind, 'refused');
  t.equal(typeform.authenticate(bare, { ...setup, secrets: [] }).kind, 'authentic');
});

t.test('answers stand under the titles of their questions', async (t) => {
  const fields = [{ id: 'f1', title: 'City' }];
  const said = (answer: Record<string, unknown>) => answers({ definition: { fields }, answers: [answer] });
  t.strictSame(said({ type: 'choice', choice: { label: 'SZ' }, field: { id: 'f1' } }), [
    { label: 'City', value: 'SZ', type: 'choice' },
  ]);
  t.strictSame(said({ type: 'choice', choice: { other: 'GZ' }, field: { id: 'f1' } }), [
    { label: 'City', value: 'GZ', type: 'choice' },
  ]);
  t.strictSame(said({ type: 'choices', choices: { labels: ['A', 'B'] }, field: { id: 'f2', ref: 'r2' } }), [
    { label: 'r2', value: ['A', 'B'], type: 'choices' },
  ]);
  t.strictSame(said({ type: 'boolean', boolean: true, field: { id: 'f1' } }), [
    { label: 'City', value: true, type: 'boolean' },
  ]);
  t.strictSame(said({ type: 'payment', payment: { amount: '1' } }), [
    { label: 'payment', value: { amount: '1' }, type: 'payment' },
  ]);
  t.strictSame(answers({ answers: 'x', hidden: { utm_source: 'a' } }), [{ label: 'utm_source', value: 'a' }]);
});

t.test('a push that is sent again with other titles is the same', async (t) => {
  const content = (title: string) =>
    leadsOf(typeform.split({ form_response: { token: 't', definition: { title }, answers: [] } }, push, setup))[0]
      ?.content;
  t.strictSame(content('a'), content('b'));
});

t.test('what is no response', async (t) => {
  t.match(typeform.split({ event_type: 'other' }, push, setup), { items: [{ kind: 'ignored', why: 'topic_unknown' }] });
  for (const value of [null, [], {}, { event_type: 'form_response' }]) {
    t.equal(typeform.split(value, push, setup).kind, 'unmappable');
  }
});
