import { createHmac } from 'node:crypto';
import t from 'tap';
import type { Push } from '../../src/channels/channel.ts';
import { meta } from '../../src/channels/meta.ts';
import { samples, setupOf, signedPush } from './samples.ts';

const found = samples('meta').find(({ file }) => file === 'lead');
if (found === undefined) throw new Error('no sample');
const push = signedPush(found);
const setup = setupOf(found);

function check(query: string, method: Push['method'] = 'GET') {
  return meta.handshake({ ...push, method, query }, setup);
}

t.test('the check of the address', async (t) => {
  const asked = 'hub.mode=subscribe&hub.challenge=42&hub.verify_token=demo-verify';
  t.match(check(asked), { passed: true, reply: { status: 200, body: '42' } });
  t.match(check(asked.replace('demo-verify', 'demo-verifx')), { passed: false, reply: { status: 403 } });
  t.match(check('hub.mode=subscribe&hub.challenge=42'), { passed: false, reply: { status: 403 } });
  t.equal(check('hub_mode=subscribe&hub_challenge=42'), null, 'the names have dots');
  t.equal(check(asked, 'POST'), null);
  t.equal(check('hub.mode=unsubscribe&hub.challenge=42'), null);
  const untold = meta.handshake(
    { ...push, method: 'GET', query: `${asked}` },
    { ...setup, credentials: { verify_token: '' } },
  );
  t.equal(untold?.passed, false, 'an empty token opens nothing');
  const empty = 'hub.mode=subscribe&hub.challenge=42&hub.verify_token=';
  t.equal(meta.handshake({ ...push, method: 'GET', query: empty }, { ...setup, credentials: {} })?.passed, false);
});

t.test('a signature over the escaped body only where the source says so', async (t) => {
  const body = Buffer.from('{"a":"张"}');
  const escaped = createHmac('sha256', 'app-secret').update('{"a":"\\u5f20"}').digest('hex');
  const signed = { ...push, body, headers: { 'x-hub-signature-256': `sha256=${escaped}` } };
  t.equal(meta.authenticate(signed, setup).kind, 'refused');
  t.equal(meta.authenticate(signed, { ...setup, settings: { escaped_signature: true } }).kind, 'authentic');
});

t.test('a notice is thin', async (t) => {
  const split = (value: unknown) => meta.split({ object: 'page', entry: [{ id: '1', changes: [value] }] }, push, setup);
  const lead = (leadgen_id: unknown) => split({ field: 'leadgen', value: { leadgen_id, page_id: '1' } });
  t.match(lead('77'), { items: [{ externalId: '77', reference: { leadgen_id: '77' } }] });
  t.match(lead(77), { items: [{ externalId: '77', reference: { leadgen_id: '77' } }] });
  t.match(
    lead('../me'),
    { items: [{ externalId: '../me', reference: null }] },
    'an id that is none is never asked for',
  );
  t.match(lead(undefined), { items: [{ externalId: null, reference: null }] });
  t.match(split({ field: 'feed' }), { items: [{ kind: 'ignored', why: 'topic_unknown' }] });
  for (const value of [null, {}, { entry: [] }, { entry: [{}] }, { entry: 'x' }]) {
    t.equal(meta.split(value, push, setup).kind, 'unmappable');
  }
});
