import t from 'tap';
import type { Setup } from '../../src/channels/channel.ts';
import { wecom } from '../../src/channels/wecom.ts';
import { madePush } from './made-push.ts';
import { sign } from './signing.ts';

const CREDENTIALS = { encoding_aes_key: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG', corp_id: 'ww_demo_corp' };
const SETUP: Setup = { secrets: ['tok'], credentials: CREDENTIALS, settings: {} };
const LIMITS = { maxDepth: 32, maxValues: 1_000 };

t.test('the check of the address fails for another token, another key and another company', async (t) => {
  const push = sign({ family: 's10' }, madePush({ method: 'GET', query: 'echostr=demo' }), SETUP);
  t.match(wecom.handshake(push, SETUP), { passed: true, reply: { status: 200, body: 'demo' } });
  for (const other of [
    { ...SETUP, secrets: ['other'] },
    { ...SETUP, secrets: [] },
    { ...SETUP, credentials: { ...CREDENTIALS, corp_id: 'ww_other' } },
    { ...SETUP, credentials: { ...CREDENTIALS, encoding_aes_key: 'x'.repeat(43) } },
    { ...SETUP, credentials: {} },
  ]) {
    t.match(wecom.handshake(push, other), { passed: false, reply: { status: 401, body: '' } });
  }
});

t.test('a plus that was not escaped in the address is one all the same', async (t) => {
  const made = Array.from({ length: 40 }, (_, n) =>
    sign({ family: 's10' }, madePush({ method: 'GET', query: `echostr=demo${n}` }), SETUP),
  ).find(({ query }) => query.includes('%2B'));
  if (made === undefined) return t.fail('one of 40 cipher texts holds a plus');
  t.match(wecom.handshake({ ...made, query: made.query.replaceAll('%2B', '+') }, SETUP), { passed: true });
});

t.test('another GET is no check', async (t) => {
  t.equal(wecom.handshake(madePush({ method: 'GET' }), SETUP), null);
});

t.test('what cannot be opened is unreadable and says why', async (t) => {
  const push = sign({ family: 's10' }, madePush({ body: '<xml><A>1</A></xml>' }), SETUP);
  t.equal((await wecom.decode(push, SETUP, LIMITS)).kind, 'decoded');
  const other = { ...SETUP, credentials: { ...CREDENTIALS, corp_id: 'ww_other' } };
  t.match(await wecom.decode(push, other, LIMITS), { kind: 'unreadable', detail: /receiver/ });
  for (const body of ['', '<xml/>', '<xml><Encrypt>!</Encrypt></xml>', '<xml><Encrypt>AAAA</Encrypt></xml>']) {
    t.equal((await wecom.decode(madePush({ body }), SETUP, LIMITS)).kind, 'unreadable', body);
  }
});

t.test('who is added again, or by another employee, is another lead; the same event sent again is not', async (t) => {
  const added = {
    Event: 'change_external_contact',
    ChangeType: 'add_external_contact',
    ExternalUserID: 'wm1',
    UserID: 'a',
    CreateTime: '1',
  };
  const idOf = (event: object) => {
    const split = wecom.split({ xml: event }, madePush(), SETUP);
    return split.kind === 'items' && split.items[0]?.kind === 'lead' ? split.items[0].externalId : null;
  };
  t.equal(idOf(added), idOf({ ...added, WelcomeCode: 'x' }));
  t.not(idOf(added), idOf({ ...added, CreateTime: '2' }));
  t.not(idOf(added), idOf({ ...added, UserID: 'b' }));
});

t.test('an adding without a customer is kept whole, other events are ignored', async (t) => {
  const split = (event: unknown) => wecom.split({ xml: event }, madePush(), SETUP);
  t.equal(split({ Event: 'change_external_contact', ChangeType: 'add_external_contact' }).kind, 'unmappable');
  t.match(split({ Event: 'change_external_chat' }), { items: [{ kind: 'ignored', why: 'topic_unknown' }] });
  t.match(split({ Event: 'change_external_contact', ChangeType: 'del_follow_user' }), {
    items: [{ why: 'not_a_lead' }],
  });
  t.equal(wecom.split(null, madePush(), SETUP).kind, 'unmappable');
});
