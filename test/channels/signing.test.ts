import t from 'tap';
import type { Push, Setup } from '../../src/channels/channel.ts';
import { encryptEnvelope, type Sign, sign } from './signing.ts';

// Made-up data; computed with other tools than these.
const BODY = '{"event":"demo","n":1}';
const push: Push = {
  method: 'POST',
  path: '/in/demo',
  query: '',
  headers: {},
  body: Buffer.from(BODY),
  receivedAt: 1_700_000_000_000,
};
const setup: Setup = { secrets: ['demo_secret'], credentials: {}, settings: {} };
const VECTORS: readonly (readonly [Sign, string, string])[] = [
  [{ family: 's1' }, 'x-douyin-signature', 'b6ac60d9893c5ba41ec684e49e7de5fbc9f70ea9'],
  [{ family: 's2' }, 'x-red-signature', 'sha1=bfc22e92b0e030508e6ccfe91691c8f2dda7dfdb'],
  [{ family: 's3' }, 'x-open-signature', 'b00a2e8443c0465bdd3496af1521464f2c69fa88fc21414b0e0e5229aa7f494a'],
  [{ family: 's4' }, 'x-hub-signature-256', 'sha256=b00a2e8443c0465bdd3496af1521464f2c69fa88fc21414b0e0e5229aa7f494a'],
  [{ family: 's5' }, 'typeform-signature', 'sha256=sAouhEPARlvdNJavFSFGTyxp+oj8IUFLDg5SKap/SUo='],
  [{ family: 's6' }, 'x-li-signature', 'ab0a8948511b720026c5ba728a7a2c5f81c55f128b1e0b1b3e22c2efc60898c4'],
  [{ family: 's7' }, 'x-webflow-signature', '506b25c0670a4d071cad93ac2efbc2765c059d3814b09a54e9321e3893a1a810'],
  [
    { family: 's8' },
    'tiktok-signature',
    't=1700000000,s=24e1e7e2c9e5699ad16c45cfb3e2febf468351d08785dd9ef46556a775dacb2e',
  ],
];

t.test('signs as the vectors say', async (t) => {
  for (const [how, name, value] of VECTORS) t.equal(sign(how, push, setup).headers[name], value, how.family);
});

t.test('signs Standard Webhooks with the decoded key', async (t) => {
  const whsec = { ...setup, secrets: ['whsec_ZGVtb19zZWNyZXRfMjRfYnl0ZXNfeHh4'] };
  const { headers } = sign({ family: 's9' }, push, whsec);
  t.equal(headers['webhook-signature'], 'v1,yFtxfeBpI+lQhUkQBmGU1gSu1IgXQM+WqJ2mVTqprpU=');
});

t.test('signs the raw and the escaped body', async (t) => {
  const named = { ...push, body: Buffer.from('{"name":"张三"}') };
  const raw = '90eda0504a96c4afb19c67259001cc022509c96fedf776af3eba257c4f5f12ca';
  const escaped = '810ba92c7e9698c56efcd95d43278a1d6ae9c06a77fb341358bb15e9ebf4dfba';
  t.equal(sign({ family: 's3' }, named, setup).headers['x-open-signature'], raw);
  t.equal(sign({ family: 's3', escaped: true }, named, setup).headers['x-open-signature'], escaped);
});

t.test('signs and encrypts an envelope', async (t) => {
  const aesKey = 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG';
  const expected = 'Q3stYC6hdFzMh9T8HCvyDJatpvLhfy9s8l+X+yRGMWdOCkwET3uWmEjuaeB1CJs9O4+VIBKOpSWpdeM1NRx13Q==';
  t.equal(encryptEnvelope('<xml><A>1</A></xml>', aesKey, 'ww_demo_corp', '0123456789abcdef'), expected);
  const corp = { ...setup, secrets: ['tok'], credentials: { encoding_aes_key: aesKey, corp_id: 'ww_demo_corp' } };
  const { query } = sign({ family: 's10' }, { ...push, body: Buffer.from('<xml><A>1</A></xml>') }, corp);
  t.equal(new URLSearchParams(query).get('msg_signature'), '6a547006c6990140d299af1bcf4819aa54fa0e97');
});

t.test('signs a life-service callback', async (t) => {
  const { headers } = sign({ family: 's11', client_key: 'ck1' }, push, setup);
  t.equal(headers['x-life-sign'], '21cf156cb34c9311de269cebf7cdad67dd46a5bcf2decb1c7074f3e393f654ed');
});

t.test('puts a shared key where it stands', async (t) => {
  const keyed = {
    ...push,
    query: 'k={{secret}}',
    headers: { 'x-key': '{{secret}}' },
    body: Buffer.from('"{{secret}}"'),
  };
  const { query, headers, body } = sign({ family: 'key' }, keyed, setup);
  t.strictSame(
    [query, headers['x-key'], Buffer.from(body).toString()],
    ['k=demo_secret', 'demo_secret', '"demo_secret"'],
  );
});
