import t from 'tap';
import { googleAds } from '../../src/channels/google-ads.ts';
import { samples, setupOf, signedPush } from './samples.ts';

const [lead] = samples('google-ads');
if (lead === undefined) throw new Error('no sample');
const push = signedPush(lead);
const setup = setupOf(lead);

function split(value: unknown) {
  return googleAds.split(value, push, setup);
}

t.test('the shared key', async (t) => {
  t.equal(googleAds.authenticate(push, setup).kind, 'authentic');
  t.equal(googleAds.authenticate(push, { ...setup, secrets: ['demo-kex'] }).kind, 'refused');
  t.equal(googleAds.authenticate(push, { ...setup, secrets: [] }).kind, 'refused');
  const body = Buffer.from('{"google_key":["demo-key"]}');
  t.equal(googleAds.authenticate({ ...push, body }, setup).kind, 'refused', 'a list is no key');
});

t.test('answers in the shape that the platform wants', async (t) => {
  t.match(googleAds.acknowledge('accepted', setup), { status: 200, body: '{}' });
  const refused = googleAds.acknowledge('unauthenticated', setup);
  t.equal(refused.status, 401);
  t.type(JSON.parse(refused.body).message, 'string');
});

t.test('a test is told by its flag only', async (t) => {
  for (const [is_test, test] of [
    [true, true],
    ['true', true],
    [false, undefined],
    [undefined, undefined],
    [{ toString: '' }, undefined],
  ] as const) {
    const found = split({ lead_id: 'l', is_test });
    t.equal(
      found.kind === 'items' && found.items[0]?.kind === 'lead' && found.items[0].draft.test,
      test,
      JSON.stringify(is_test),
    );
  }
});

t.test('a lead without its id is kept, and one without anything is not made out', async (t) => {
  t.match(split({ user_column_data: [] }), { kind: 'items', items: [{ externalId: null }] });
  for (const value of [null, [], 'x', {}, { lead_id: '' }]) t.equal(split(value).kind, 'unmappable');
});
