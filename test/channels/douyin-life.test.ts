import { createHash } from 'node:crypto';
import t from 'tap';
import type { Push, Setup } from '../../src/channels/channel.ts';
import { douyinLife } from '../../src/channels/douyin-life.ts';
import { madePush } from './made-push.ts';

const CIPHER = 'q1Xw0rT5yUdemoCipherTextOnly0123456789ABCD==';
const setup = (settings: Setup['settings'] = {}): Setup => ({ secrets: ['demo_secret'], credentials: {}, settings });
const split = (body: unknown, settings: Setup['settings'] = {}) => douyinLife.split(body, madePush(), setup(settings));

function spi(query: string, signed: string, headers: Readonly<Record<string, string>> = {}): Push {
  const push = madePush({ query, body: '{"event":"demo","n":1}' });
  const sign = createHash('sha256').update(`${signed}&http_body={"event":"demo","n":1}`).digest('hex');
  return { ...push, headers: { ...headers, 'x-life-sign': sign } };
}

t.test('a call is signed over key, time, the rest of the address by name, and body', async (t) => {
  const at = madePush().receivedAt;
  const text = `demo_secret&client_key=ck1&timestamp=${at}&a=1&b=2`;
  const query = `b=2&client_key=ck1&sign=x&timestamp=${at}&a=1`;
  t.equal(douyinLife.authenticate(spi(query, text), setup()).kind, 'authentic');
  t.equal(douyinLife.authenticate(spi(query.replace('a=1', 'a=2'), text), setup()).kind, 'refused');
  const bare = spi(`a=1&b=2&timestamp=${at}`, text, { 'x-life-clientkey': 'ck1' });
  t.equal(douyinLife.authenticate(bare, setup()).kind, 'authentic', 'the key in its header');
});

t.test('a call that was signed too long ago is refused, unless the window is turned off', async (t) => {
  const at = madePush().receivedAt - 3_600_001;
  const push = spi(`client_key=ck1&timestamp=${at}`, `demo_secret&client_key=ck1&timestamp=${at}`);
  t.match(douyinLife.authenticate(push, setup()), { code: 'signature_expired' });
  t.equal(douyinLife.authenticate(push, setup({ max_age_seconds: 0 })).kind, 'authentic');
});

t.test('without the header of a call, the signature of webhooks is asked for', async (t) => {
  t.match(douyinLife.authenticate(madePush({ body: {} }), setup()), { code: 'signature_missing' });
});

t.test('cipher text in place of a phone goes aside, or stays to be refused', async (t) => {
  const body = { clue_id: '1', telephone: CIPHER, mobile: '13800138001' };
  t.match(split(body), {
    items: [{ record: { phone_encrypted: CIPHER, mobile: '13800138001', telephone: undefined } }],
  });
  t.match(split(body, { encrypted_phone: 'quarantine' }), { items: [{ record: { telephone: CIPHER } }] });
  const two = split({ telephone: CIPHER, phone: CIPHER });
  t.match(two, { items: [{ record: { phone_encrypted: CIPHER } }] });
});

t.test('named events carry leads, others none; calls name no event', async (t) => {
  const lead_events = ['clue_*'];
  t.match(split({ event: 'clue_new', content: '{"x":1}' }, { lead_events }), { items: [{ kind: 'lead' }] });
  t.match(split({ event: 'clue_new', content: 'x' }, { lead_events }), { kind: 'unmappable' });
  t.match(split({ event: 'other', content: '{"clue_id":"1"}' }, { lead_events }), { items: [{ kind: 'ignored' }] });
  t.match(split({ data: { clue_id: '1' } }, { lead_events }), { items: [{ kind: 'lead', externalId: '1' }] });
  t.match(split({ event: 'x', content: 'x' }), { items: [{ kind: 'ignored' }] });
  t.equal(split(null).kind, 'unmappable');
});
