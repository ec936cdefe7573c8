import t from 'tap';
import { verify } from '../../src/channels/signature.ts';
import { encryptedText, envelopeSignature, opened } from '../../src/channels/wecom-envelope.ts';
import { madePush } from './made-push.ts';

const ENCRYPT = 'Q3stYC6hdFzMh9T8HCvyDJatpvLhfy9s8l+X+yRGMWdOCkwET3uWmEjuaeB1CJs9O4+VIBKOpSWpdeM1NRx13Q==';
const LIMITS = { maxDepth: 8, maxValues: 100 };
const QUERY = 'msg_signature=6a547006c6990140d299af1bcf4819aa54fa0e97&timestamp=1700000000&nonce=nonce1';

t.test('the vector of the rule, with made-up data', async (t) => {
  const push = madePush({ query: QUERY, body: `<xml><Encrypt><![CDATA[${ENCRYPT}]]></Encrypt></xml>` });
  t.equal(verify(envelopeSignature('body:xml.Encrypt'), push, ['tok']).kind, 'authentic');
  t.equal(verify(envelopeSignature('body:xml.Encrypt'), push, ['other']).kind, 'refused');
  t.equal(encryptedText(push, LIMITS), ENCRYPT);
  const credentials = { encoding_aes_key: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG', corp_id: 'ww_demo_corp' };
  const setup = { secrets: ['tok'], credentials, settings: {} };
  t.strictSame(opened(ENCRYPT, setup), { kind: 'text', text: '<xml><A>1</A></xml>' });
  t.equal(opened(ENCRYPT, { ...setup, credentials: {} }).kind, 'fault');
});

t.test('a body without cipher text has none', async (t) => {
  for (const body of ['', 'x', '<xml/>', '<xml><Encrypt/></xml>', '{"Encrypt":"x"}']) {
    t.equal(encryptedText(madePush({ body }), LIMITS), null, body);
  }
});
