import t from 'tap';
import { webflow } from '../../src/channels/webflow.ts';
import { samples, setupOf, signedPush } from './samples.ts';

const found = samples('webflow').find(({ file }) => file === 'lead');
if (found === undefined) throw new Error('no sample');
const push = signedPush(found);
const setup = setupOf(found);

t.test('the signature is good for 5 minutes, to both sides', async (t) => {
  const at = (offset: number) => webflow.authenticate({ ...push, receivedAt: push.receivedAt + offset }, setup);
  t.equal(at(300_000).kind, 'authentic');
  t.equal(at(-300_000).kind, 'authentic');
  t.match(at(300_001), { kind: 'refused', code: 'signature_expired' });
  t.match(at(-300_001), { kind: 'refused', code: 'signature_expired' });
});

t.test('only a source that says so takes pushes without a signature', async (t) => {
  const bare = { ...push, headers: {} };
  t.equal(webflow.authenticate(bare, setup).kind, 'refused');
  t.match(webflow.authenticate(bare, { ...setup, secrets: [] }), { kind: 'refused', code: 'secret_missing' });
  t.equal(webflow.authenticate(bare, { ...setup, settings: { signed: 'false' } }).kind, 'refused');
  t.equal(webflow.authenticate(bare, { ...setup, settings: { signed: false } }).kind, 'authentic');
});

t.test('what is no submission', async (t) => {
  t.match(webflow.split({ triggerType: 'site_publish' }, push, setup), { items: [{ why: 'topic_unknown' }] });
  for (const value of [null, [], {}, { triggerType: 'form_submission', payload: { data: 'x' } }]) {
    t.equal(webflow.split(value, push, setup).kind, 'unmappable');
  }
});
