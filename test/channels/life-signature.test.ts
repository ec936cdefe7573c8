import t from 'tap';
import { lifeSignature } from '../../src/channels/life-signature.ts';
import { verify } from '../../src/channels/signature.ts';
import { madePush } from './made-push.ts';

t.test('the vector of the rule, with made-up data', async (t) => {
  const value = '21cf156cb34c9311de269cebf7cdad67dd46a5bcf2decb1c7074f3e393f654ed';
  const body = '{"event":"demo","n":1}';
  const push = madePush({ query: 'client_key=ck1&timestamp=1700000000000', body, headers: { 'x-life-sign': value } });
  t.equal(verify(lifeSignature(push, 0), push, ['demo_secret']).kind, 'authentic');
  t.match(verify(lifeSignature(push, 300), push, ['demo_secret']), { code: 'signature_expired' });
  t.match(verify(lifeSignature(push, 0), push, ['other']), { code: 'signature_invalid' });
});
