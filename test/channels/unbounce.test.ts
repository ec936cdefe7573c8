import t from 'tap';
import { unbounce } from '../../src/channels/unbounce.ts';
import { samples, setupOf, signedPush } from './samples.ts';
import { leadsOf } from './walk.ts';

const found = samples('unbounce').find(({ file }) => file === 'form');
if (found === undefined) throw new Error('no sample');
const push = signedPush(found);
const setup = setupOf(found);

function record(value: unknown): unknown {
  return leadsOf(unbounce.split(value, push, setup))[0]?.record;
}

t.test('a shared token is checked where one is set or a header is named', async (t) => {
  const bare = { ...push, headers: {} };
  const none = { ...setup, secrets: [] };
  t.equal(unbounce.authenticate(push, setup).kind, 'authentic');
  t.equal(unbounce.authenticate(bare, setup).kind, 'refused');
  t.equal(unbounce.authenticate(bare, none).kind, 'authentic');
  t.match(unbounce.authenticate(push, { ...none, settings: { key_header: 'X-Webhook-Token' } }), {
    code: 'secret_missing',
  });
  t.equal(unbounce.authenticate(push, { ...setup, settings: { key_header: 'X-Other' } }).kind, 'refused');
});

t.test('the fields of the form, wherever they are', async (t) => {
  const received_at = '2026-04-12T02:00:00.000Z';
  const answers = [{ label: 'phone', value: '1' }];
  for (const name of ['data.json', 'data_json', 'data', 'form_data']) {
    t.strictSame(record({ page_id: 'p', [name]: { phone: ['1'] } }), { page_id: 'p', received_at, answers }, name);
  }
  t.strictSame(record({ page_id: 'p', phone: '1' }), { page_id: 'p', received_at, answers }, 'beside the page');
  t.strictSame(record({ page_id: 'p', data: { phone: '1' }, 'data.xml': '<a/>' }), {
    page_id: 'p',
    received_at,
    answers,
  });
});

t.test('what is no submission', async (t) => {
  for (const value of [null, [], {}, { page_id: 'p' }, { data: {} }]) {
    t.equal(unbounce.split(value, push, setup).kind, 'unmappable');
  }
});
