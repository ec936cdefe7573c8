import { createHmac } from 'node:crypto';
import t from 'tap';
import { linkedin } from '../../src/channels/linkedin.ts';
import { samples, setupOf, signedPush } from './samples.ts';

const found = samples('linkedin').find(({ file }) => file === 'created');
if (found === undefined) throw new Error('no sample');
const push = signedPush(found);
const setup = setupOf(found);
const several = { ...setup, credentials: { client_secrets: '{"app2":"second-secret","app3":7}' } };

function answered(query: string, as = setup) {
  const handshake = linkedin.handshake({ ...push, method: 'GET', query }, as);
  return handshake?.passed
    ? (JSON.parse(handshake.reply.body) as Record<string, string>)['challengeResponse']
    : handshake;
}

function response(secret: string): string {
  return createHmac('sha256', secret).update('code-1').digest('hex');
}

t.test('the check of the address', async (t) => {
  t.equal(answered('challengeCode=code-1'), response('client-secret'));
  t.equal(answered('challengeCode=code-1&applicationId=app2', several), response('second-secret'));
  t.equal(answered('challengeCode=code-1&applicationId=app3', several), response('client-secret'));
  t.equal(answered('challengeCode=code-1&applicationId=app9', several), response('client-secret'));
  t.equal(answered('applicationId=app2'), null);
  t.match(answered('challengeCode=code-1', { ...setup, secrets: [] }), { passed: false, reply: { status: 403 } });
  t.match(answered(`challengeCode=${'x'.repeat(513)}`), { passed: false });
  t.equal(linkedin.handshake({ ...push, query: 'challengeCode=code-1' }, setup), null, 'a push is none');
});

t.test('the signature', async (t) => {
  t.equal(linkedin.authenticate(push, setup).kind, 'authentic');
  const { 'x-li-signature': value, ...others } = push.headers;
  const prefixed = { ...push, headers: { ...others, 'x-li-signature': `hmacsha256=${value}` } };
  t.equal(linkedin.authenticate(prefixed, setup).kind, 'authentic', 'with the word before it');
  t.equal(linkedin.authenticate({ ...push, headers: others }, setup).kind, 'refused');
  const bySecond = createHmac('sha256', 'second-secret').update('hmacsha256=').update(push.body).digest('hex');
  const second = { ...push, headers: { ...others, 'x-li-signature': bySecond } };
  t.equal(linkedin.authenticate(second, setup).kind, 'refused');
  t.equal(linkedin.authenticate(second, several).kind, 'authentic', 'of another application');
  t.equal(linkedin.authenticate(second, { ...setup, credentials: { client_secrets: '{"a":""' } }).kind, 'refused');
});

t.test('what a push says', async (t) => {
  const split = (value: unknown) => linkedin.split(value, push, setup);
  const urn = 'urn:li:leadGenFormResponse:abc-1';
  t.match(split({ leadAction: 'CREATED', leadGenFormResponse: urn }), {
    items: [
      { kind: 'lead', externalId: urn, deliveryId: `${urn}:CREATED:`, reference: { lead_form_response: 'abc-1' } },
    ],
  });
  t.match(split({ leadAction: 'DELETED', leadGenFormResponse: urn }), { items: [{ kind: 'erase', externalId: urn }] });
  t.match(split({ leadAction: 'CREATED', leadGenFormResponse: 'urn:li:x:../y' }), { items: [{ reference: null }] });
  t.match(split({ leadAction: 'MOVED', leadGenFormResponse: urn }), { items: [{ why: 'topic_unknown' }] });
  t.match(split({ type: 'OTHER' }), { items: [{ why: 'not_a_lead' }] });
  for (const value of [null, [], {}, { leadAction: 'CREATED' }, { leadGenFormResponse: urn }]) {
    t.equal(split(value).kind, 'unmappable');
  }
});

t.test('a challenge is signed, a push is not: whoever only knows the address cannot have one signed', async (t) => {
  const forged =
    '{"type":"LEAD_ACTION","leadGenFormResponse":"urn:li:leadGenFormResponse:abc-1","leadAction":"DELETED"}';
  const query = new URLSearchParams({ challengeCode: `hmacsha256=${forged}` }).toString();
  t.match(answered(query), { passed: false, reply: { status: 403 } });
});
