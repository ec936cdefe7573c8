import t from 'tap';
import { tiktok } from '../../src/channels/tiktok.ts';
import { samples, setupOf, signedPush } from './samples.ts';

const [lead] = samples('tiktok');
if (lead === undefined) throw new Error('no sample');
const push = signedPush(lead);
const setup = setupOf(lead);

t.test('a secret is checked where one is set', async (t) => {
  const bare = { ...push, headers: {} };
  t.equal(tiktok.authenticate(push, setup).kind, 'authentic');
  t.equal(tiktok.authenticate(bare, setup).kind, 'refused');
  t.equal(tiktok.authenticate(bare, { ...setup, secrets: [] }).kind, 'authentic');
  t.equal(tiktok.authenticate(bare, { ...setup, secrets: [''] }).kind, 'refused', 'an empty secret is none to pass by');
});

t.test('only the lead topic holds leads', async (t) => {
  const entry = [{ id: 1, changes: [] }];
  for (const object of [1, '1', undefined]) {
    t.match(tiktok.split({ object, entry }, push, setup), {
      kind: 'items',
      items: [{ kind: 'lead', externalId: '1' }],
    });
  }
  t.match(tiktok.split({ object: 2, entry }, push, setup), { items: [{ kind: 'ignored', why: 'topic_unknown' }] });
  for (const value of [null, [], { object: 1 }, { object: 1, entry: [] }, { object: 1, entry: ['x'] }]) {
    t.equal(tiktok.split(value, push, setup).kind, 'unmappable');
  }
});

t.test('the id counts the same as a number and as a text', async (t) => {
  const content = (id: unknown) => {
    const split = tiktok.split({ object: 1, entry: [{ id, changes: [] }] }, push, setup);
    return split.kind === 'items' && split.items[0]?.kind === 'lead' ? split.items[0].content : null;
  };
  t.strictSame(content(1234567), content('1234567'));
});
